"""Who gets what at each address: the table that tests/test_authorization.py holds us to.

A row gives, for each role in the order of ROLES, what a GET and what an empty POST answers:

    ok  the page (200)                  in  sent to sign in
    to  sent elsewhere                  no  403: may know of it, may not have it
    --  404: does not exist for them    xx  405: no such method
    un  400 or 422: read, and refused   ..  anything but a failure (allauth decides)

A row whose other methods are not refused says so. An address without a row fails the tests,
and so does a row without an address.
"""

from __future__ import annotations

from dataclasses import dataclass

# Suspended: signed in when a moderator suspended them. What a moderator or an operator may do
# beyond a member is in their own rows. The author wrote the comment that the address is about,
# and is whom the moderators' act concerns; where a row says nothing of them, they are a member.
ROLES = ("visitor", "suspended", "member", "moderator", "operator", "author")


@dataclass(frozen=True)
class Row:
    get: str
    post: str

    def expected(self, method: str, role: str) -> str:
        """Return what the role is answered."""
        codes = getattr(self, method).split()
        place = ROLES.index(role)
        return codes[place if place < len(codes) else ROLES.index("member")]


NOBODY_POSTS = "xx xx xx xx xx"
OPEN_PAGE = Row(get="ok ok ok ok ok", post=NOBODY_POSTS)
OPEN_REDIRECT = Row(get="to to to to to", post=NOBODY_POSTS)
MEMBERS_FORM = Row(get="in in ok ok ok", post="in in un un un")
MEMBERS_PAGE = Row(get="in in ok ok ok", post="in in xx xx xx")
MEMBERS_ACT = Row(get="in in xx xx xx", post="in in un un un")
AUTHORS_FORM = Row(get="in in no no no ok", post="in in no no no un")
MODERATORS_FORM = Row(get="in in no ok ok", post="in in no un un")
MODERATORS_ACT = Row(get="in in xx xx xx", post="in in no un un")
# Pages on the way in: who is in already is sent on.
WAY_IN = Row(get=".. .. .. .. ..", post=".. .. .. .. ..")
# Allauth's own settings pages, which ask for the password anew.
ALLAUTH_SETTING = Row(get="in in .. .. ..", post="in in .. .. ..")
NOT_OFFERED = Row(get="-- -- -- -- --", post="-- -- -- -- --")
OPERATORS = Row(get="in in no no ..", post="in in no no ..")

ROWS = {
    "home": OPEN_REDIRECT,
    # Papers
    "papers:today": OPEN_PAGE,
    "papers:intro_hide": Row(get="xx xx xx xx xx", post="to to to to to"),
    "papers:day_list": OPEN_PAGE,
    "papers:this_week": OPEN_REDIRECT,
    "papers:this_month": OPEN_REDIRECT,
    "papers:week_list": OPEN_PAGE,
    "papers:month_list": OPEN_PAGE,
    "papers:jump": OPEN_REDIRECT,
    "papers:trending_list": OPEN_PAGE,
    "papers:submit": MEMBERS_FORM,
    "papers:paper_version": OPEN_REDIRECT,
    "papers:paper_abstract": OPEN_REDIRECT,
    "papers:paper_vote": MEMBERS_FORM,
    "papers:paper_save": MEMBERS_FORM,
    "papers:saved_list": MEMBERS_PAGE,
    "papers:topic_list": OPEN_PAGE,
    "papers:topic_page": OPEN_PAGE,
    "papers:organization_page": OPEN_PAGE,
    "papers:author_page": OPEN_PAGE,
    "papers:about_trending": OPEN_PAGE,
    "papers:thumbnail": OPEN_PAGE,
    # Discussions. A lapsed session's post is kept on the way to the sign-in.
    "discussions:paper_page": OPEN_PAGE,
    "discussions:paper_voters": OPEN_PAGE,
    "discussions:thread_page": OPEN_REDIRECT,
    "discussions:comment_create": Row(get=NOBODY_POSTS, post="in in un un un"),
    "discussions:thread_comment_create": Row(get=NOBODY_POSTS, post="in in un un un"),
    "discussions:paper_attention": MEMBERS_ACT,
    "discussions:thread_attention": MEMBERS_ACT,
    "discussions:thread_seen": MEMBERS_ACT,
    # Their own comment is no news to its author.
    "discussions:thread_news": Row(get="ok ok ok ok ok 204", post=NOBODY_POSTS),
    "discussions:paper_names": MEMBERS_PAGE,
    "discussions:thread_names": MEMBERS_PAGE,
    "discussions:thread_feed": OPEN_PAGE,
    "discussions:latest_comments": OPEN_PAGE,
    "discussions:latest_feed": OPEN_PAGE,
    "discussions:comment_preview": MEMBERS_ACT,
    "discussions:comment_page": OPEN_REDIRECT,
    "discussions:comment_menu": MEMBERS_PAGE,
    "discussions:comment_reply": MEMBERS_PAGE,
    "discussions:comment_edit": AUTHORS_FORM,
    "discussions:comment_delete": AUTHORS_FORM,
    "discussions:comment_history": OPEN_PAGE,
    "discussions:comment_vote": Row(get="in in ok ok ok no", post="in in un un un no"),
    "discussions:comment_reactions": Row(get="ok ok ok ok ok", post="in in un un un"),
    "discussions:comment_report": Row(get="in in ok ok ok no", post="in in un un un no"),
    "discussions:member_comments": OPEN_PAGE,
    "discussions:member_report": MEMBERS_FORM,
    "discussions:member_mute": MEMBERS_FORM,
    "discussions:member_block": MEMBERS_FORM,
    "discussions:inbox": MEMBERS_PAGE,
    "discussions:inbox_read": MEMBERS_ACT,
    "discussions:notification_settings": MEMBERS_PAGE,
    "discussions:moderation_queue": Row(get="in in no ok ok", post="in in xx xx xx"),
    "discussions:moderation_log": OPEN_PAGE,
    "discussions:act_page": OPEN_PAGE,
    "discussions:act_appeal": AUTHORS_FORM,
    "discussions:comment_moderate": MODERATORS_FORM,
    "discussions:member_moderate": MODERATORS_FORM,
    "discussions:thread_moderate": MODERATORS_ACT,
    "discussions:report_dismiss": MODERATORS_ACT,
    "discussions:appeal_decide": MODERATORS_ACT,
    "discussions:about_discussions": OPEN_PAGE,
    # The site itself
    "common:about": OPEN_PAGE,
    "common:keyboard": OPEN_PAGE,
    "common:appearance": OPEN_PAGE,
    "devtools:design": OPEN_PAGE,
    "devtools:mailbox_list": OPEN_PAGE,
    "devtools:mailbox_mail": Row(get="-- -- -- -- --", post=NOBODY_POSTS),
    # Members
    "accounts:profile_page": OPEN_PAGE,
    "accounts:appearance": Row(get="xx xx xx xx xx", post=".. .. .. .. .."),
    "accounts:sign_up_again": WAY_IN,
    # For whoever has just proved that a suspended account is theirs.
    "accounts:suspended": Row(get="in in to to to", post="in in to to to"),
    "accounts:settings": Row(get="in in to to to", post="in in xx xx xx"),
    "accounts:profile_settings": MEMBERS_FORM,
    "accounts:security": MEMBERS_PAGE,
    "accounts:session_end": Row(get="in in xx xx xx", post="in in -- -- --"),
    "accounts:appearance_settings": MEMBERS_FORM,
    "accounts:time_zone_settings": MEMBERS_FORM,
    # Ways in
    "account_login": WAY_IN,
    "account_request_login_code": WAY_IN,
    "account_confirm_login_code": WAY_IN,
    "mfa_login_webauthn": WAY_IN,
    "mfa_authenticate": WAY_IN,
    "account_inactive": WAY_IN,
    "account_signup": WAY_IN,
    "account_email_verification_sent": WAY_IN,
    "account_reset_password": WAY_IN,
    "account_confirm_password_reset_code": WAY_IN,
    "account_complete_password_reset": WAY_IN,
    "account_password_reset_completed": WAY_IN,
    "account_logout": WAY_IN,
    # Through other sites; one that the operator has not set up does not exist.
    "socialaccount_signup": WAY_IN,
    "socialaccount_login_cancelled": WAY_IN,
    "socialaccount_login_error": WAY_IN,
    "github_login": NOT_OFFERED,
    "github_callback": NOT_OFFERED,
    "google_login": NOT_OFFERED,
    "google_callback": NOT_OFFERED,
    "orcid_login": NOT_OFFERED,
    "orcid_callback": NOT_OFFERED,
    "openid_connect_login": NOT_OFFERED,
    "openid_connect_callback": NOT_OFFERED,
    # Sends whoever may not be in the admin to its front door.
    "admin:logout": Row(get="in in to to ..", post="in in to to .."),
    # Allauth's settings
    "account_reauthenticate": ALLAUTH_SETTING,
    "mfa_reauthenticate": ALLAUTH_SETTING,
    "mfa_reauthenticate_webauthn": ALLAUTH_SETTING,
    "account_email": ALLAUTH_SETTING,
    "account_change_password": ALLAUTH_SETTING,
    "account_set_password": ALLAUTH_SETTING,
    "usersessions_list": ALLAUTH_SETTING,
    "mfa_index": ALLAUTH_SETTING,
    "mfa_activate_totp": ALLAUTH_SETTING,
    "mfa_deactivate_totp": ALLAUTH_SETTING,
    "mfa_view_recovery_codes": ALLAUTH_SETTING,
    "mfa_generate_recovery_codes": ALLAUTH_SETTING,
    "mfa_list_webauthn": ALLAUTH_SETTING,
    "mfa_add_webauthn": ALLAUTH_SETTING,
    "mfa_edit_webauthn": ALLAUTH_SETTING,
    "mfa_remove_webauthn": ALLAUTH_SETTING,
    "socialaccount_connections": ALLAUTH_SETTING,
}

# Rows for all that an app of others brings along, and for what has a table of its own.
# Reading groups have roles of their own, and a table: tests/groups/authorization.py.
ELSEWHERE = Row(get=".. .. .. .. ..", post=".. .. .. .. ..")
FAMILIES = {"admin:": OPERATORS, "groups:": ELSEWHERE}


def row_of(name: str) -> Row | None:
    """Return the row for an address, its family's if it has none of its own."""
    if name in ROWS:
        return ROWS[name]
    return next((row for family, row in FAMILIES.items() if name.startswith(family)), None)
