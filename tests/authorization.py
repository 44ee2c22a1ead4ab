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

# Suspended: signed in when the account was closed to them. What a moderator or an operator
# may do beyond a member is in their own rows.
ROLES = ("visitor", "suspended", "member", "moderator", "operator")


@dataclass(frozen=True)
class Row:
    get: str
    post: str


NOBODY_POSTS = "xx xx xx xx xx"
OPEN_PAGE = Row(get="ok ok ok ok ok", post=NOBODY_POSTS)
OPEN_REDIRECT = Row(get="to to to to to", post=NOBODY_POSTS)
MEMBERS_FORM = Row(get="in in ok ok ok", post="in in un un un")
MEMBERS_PAGE = Row(get="in in ok ok ok", post="in in xx xx xx")
# Pages on the way in: who is in already is sent on.
WAY_IN = Row(get=".. .. .. .. ..", post=".. .. .. .. ..")
# Allauth's own settings pages, which ask for the password anew.
ALLAUTH_SETTING = Row(get="in in .. .. ..", post="in in .. .. ..")
OPERATORS = Row(get="in in no no ..", post="in in no no ..")

ROWS = {
    "home": OPEN_REDIRECT,
    "papers:today": OPEN_PAGE,
    "papers:day_list": OPEN_PAGE,
    "papers:week_list": OPEN_PAGE,
    "papers:month_list": OPEN_PAGE,
    "papers:jump": OPEN_REDIRECT,
    "papers:trending_list": OPEN_PAGE,
    "papers:submit": MEMBERS_FORM,
    "papers:paper_page": OPEN_PAGE,
    "papers:paper_version": OPEN_REDIRECT,
    "papers:paper_abstract": OPEN_REDIRECT,
    "papers:paper_vote": MEMBERS_FORM,
    "papers:topic_list": OPEN_PAGE,
    "papers:topic_page": OPEN_PAGE,
    "papers:organization_page": OPEN_PAGE,
    "papers:author_page": OPEN_PAGE,
    "papers:about_trending": OPEN_PAGE,
}

# Rows for all that an app we do not own brings along.
FAMILIES = {"admin:": OPERATORS}
