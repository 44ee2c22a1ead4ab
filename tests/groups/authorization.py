"""Who gets what at each address of reading groups, in a public group and in a private one.

As tests/authorization.py, with the roles that one has in a group. The rows are of a public
group; in a private one an outsider is answered as if there were no group, everywhere: the
addresses in SITE_WIDE are those that name none.
"""

from __future__ import annotations

from dataclasses import dataclass

# Outsiders are signed in and do not belong; moderators of the site, its operators, the banned
# and the removed are outsiders too.
ROLES = ("visitor", "outsider", "guest", "member", "organiser", "owner")
OUTSIDE = ("moderator", "operator", "banned", "removed")


@dataclass(frozen=True)
class Row:
    get: str
    post: str

    def expected(self, method: str, role: str) -> str:
        """Return what the role is answered in a public group."""
        return getattr(self, method).split()[ROLES.index(role)]

    def expected_in_private(self, method: str, role: str) -> str:
        """Return what it is answered in a private one: nothing, to who is outside."""
        code = self.expected(method, role)
        if role in {"visitor", "outsider"} and code not in {"in", "xx"}:
            return "--"
        return code


NOBODY = "xx xx xx xx xx xx"
OPEN_PAGE = Row(get="ok ok ok ok ok ok", post="xx xx xx xx xx xx")
MEMBERS_PAGE = Row(get="in no ok ok ok ok", post="in xx xx xx xx xx")
MEMBERS_FORM = Row(get="in no ok ok ok ok", post="in no un un un un")
FULL_FORM = Row(get="in no no ok ok ok", post="in no no un un un")
ORGANISERS_FORM = Row(get="in no no no ok ok", post="in no no no un un")
ORGANISERS_PAGE = Row(get="in no no no ok ok", post="in xx xx xx xx xx")
ORGANISERS_ACT = Row(get="in xx xx xx xx xx", post="in no no no un un")
OWNERS_FORM = Row(get="in no no no no ok", post="in no no no no un")
ANYBODYS_FORM = Row(get="in ok ok ok ok ok", post="in un un un un un")

SITE_WIDE = {
    "groups:group_list",
    "groups:group_create",
    "groups:group_import",
    "groups:invitation_open",
    "groups:invitation_accept",
    "groups:paper_nominate",
    "groups:member_feed",
    "groups:calendar_settings",
    "groups:calendar_revoke",
}

ROWS = {
    "groups:group_list": OPEN_PAGE,
    "groups:group_create": ANYBODYS_FORM,
    "groups:group_import": ANYBODYS_FORM,
    "groups:invitation_open": Row(get="to to to to to to", post="xx xx xx xx xx xx"),
    "groups:invitation_accept": Row(get="to to to to to to", post="to to to to to to"),
    "groups:group_page": OPEN_PAGE,
    "groups:group_about": OPEN_PAGE,
    "groups:member_list": MEMBERS_PAGE,
    "groups:member_edit": ORGANISERS_FORM,
    "groups:ban_lift": ORGANISERS_ACT,
    "groups:group_join": Row(get="in ok to to to to", post="in to to to to to"),
    "groups:group_leave": Row(get="in no ok ok ok ok", post="in no to to to un"),
    "groups:membership_settings": MEMBERS_FORM,
    "groups:request_list": ORGANISERS_PAGE,
    "groups:request_decide": ORGANISERS_ACT,
    "groups:invitation_list": ORGANISERS_FORM,
    "groups:invitation_revoke": Row(get="in xx xx xx xx xx", post="in no no no to to"),
    "groups:group_settings": ORGANISERS_FORM,
    "groups:cycle_settings": ORGANISERS_FORM,
    "groups:seat_settings": ORGANISERS_FORM,
    "groups:group_hand_over": OWNERS_FORM,
    "groups:group_close": OWNERS_FORM,
    "groups:group_clone": ORGANISERS_FORM,
    "groups:group_log": ORGANISERS_PAGE,
    "groups:schedule_edit": ORGANISERS_FORM,
    "groups:meeting_add": ORGANISERS_FORM,
    "groups:meeting_edit": ORGANISERS_FORM,
    "groups:meeting_move": ORGANISERS_FORM,
    "groups:meeting_off": ORGANISERS_FORM,
    "groups:meeting_advance": ORGANISERS_FORM,
    "groups:series_list": OPEN_PAGE,
    "groups:series_create": ORGANISERS_FORM,
    "groups:series_page": OPEN_PAGE,
    "groups:series_edit": ORGANISERS_FORM,
    "groups:nomination_list": OPEN_PAGE,
    "groups:nomination_create": FULL_FORM,
    "groups:nomination_second": FULL_FORM,
    "groups:nomination_withdraw": Row(get="in no no no ok ok", post="in no no no to to"),
    "groups:paper_nominate": ANYBODYS_FORM,
    "groups:ballot_page": Row(get="ok ok ok ok ok ok", post="in no no un un un"),
    "groups:ballot_pick": ORGANISERS_FORM,
    "groups:ballot_file": Row(get="-- -- -- -- -- --", post="xx xx xx xx xx xx"),
    "groups:rota_page": MEMBERS_PAGE,
    "groups:seat_set": FULL_FORM,
    "groups:seat_swap": FULL_FORM,
    "groups:swap_answer": Row(get="in xx xx xx xx xx", post="in no no un no no"),
    "groups:rsvp_set": MEMBERS_FORM,
    "groups:attendance_edit": ORGANISERS_FORM,
    "groups:check_in": MEMBERS_FORM,
    "groups:survey_page": MEMBERS_FORM,
    "groups:meeting_page": OPEN_PAGE,
    "groups:agenda_edit": ORGANISERS_FORM,
    "groups:agenda_advance": ORGANISERS_ACT,
    "groups:question_create": MEMBERS_FORM,
    "groups:question_edit": ORGANISERS_FORM,
    "groups:question_vote": MEMBERS_FORM,
    "groups:live_page": MEMBERS_PAGE,
    "groups:live_news": MEMBERS_PAGE,
    "groups:minutes_page": OPEN_PAGE,
    "groups:minutes_edit": FULL_FORM,
    # Guests read it, and restore nothing; the others say what.
    "groups:minutes_history": Row(get="in no ok ok ok ok", post="in no no un un un"),
    "groups:file_create": FULL_FORM,
    # The one of the rows is a link, which leads nowhere through us.
    "groups:file_download": Row(get="-- -- -- -- -- --", post="xx xx xx xx xx xx"),
    "groups:file_delete": ORGANISERS_FORM,
    "groups:section_edit": ORGANISERS_FORM,
    "groups:progress_set": MEMBERS_FORM,
    "groups:archive": OPEN_PAGE,
    "groups:statistics": OPEN_PAGE,
    "groups:export_page": ORGANISERS_PAGE,
    "groups:export_json": ORGANISERS_PAGE,
    "groups:export_markdown": ORGANISERS_PAGE,
    "groups:bibliography": OPEN_PAGE,
    "groups:bibliography_ris": OPEN_PAGE,
    "groups:group_feed": OPEN_PAGE,
    "groups:meeting_ics": OPEN_PAGE,
    "groups:member_feed": Row(get="-- -- -- -- -- --", post="xx xx xx xx xx xx"),
    "groups:calendar_settings": ANYBODYS_FORM,
    "groups:calendar_revoke": Row(get="in xx xx xx xx xx", post="in -- -- -- -- --"),
}
