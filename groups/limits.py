"""Rate limits for actions that notify others or create rows without bound."""

from __future__ import annotations

from common.rate_limits import RateLimit

# A person creates a few groups in total, and tries a few names.
FOUND = RateLimit("found-group", per_minute=0.2, burst=5)
# Each reads megabytes, and may create a thousand meetings.
IMPORT = RateLimit("import-group", per_minute=0.5, burst=10)
# Each writes a line in the group's log, and so does leaving again.
JOIN = RateLimit("join-group", per_minute=1, burst=10)
ASK_TO_JOIN = RateLimit("ask-to-join", per_minute=1, burst=10)
# Each is a mail in our name, with a member's text, to somebody who may not know us.
INVITE_BY_MAIL = RateLimit("invite-by-mail", per_minute=0.1, burst=20)
INVITE_BY_LINK = RateLimit("invite-by-link", per_minute=4, burst=20)
# Each stores a session for a token, valid or not.
OPEN_INVITATION = RateLimit("open-invitation", per_minute=6, burst=20)
# Each may notify every member: about visibility, the paper, an open ballot.
RUN = RateLimit("run-group", per_minute=10, burst=30)
# Each reads all minutes of the group.
SEARCH = RateLimit("search-archive", per_minute=20, burst=20)
