"""How often members may do what others are told of, or what makes rows without end."""

from __future__ import annotations

from common.rate_limits import RateLimit

# A person founds a few groups in a life, and tries a few names.
FOUND = RateLimit("found-group", per_minute=0.2, burst=5)
# Each reads megabytes, and may make a thousand meetings.
IMPORT = RateLimit("import-group", per_minute=0.5, burst=10)
# Each is a line in the group's log, and so is leaving again.
JOIN = RateLimit("join-group", per_minute=1, burst=10)
ASK_TO_JOIN = RateLimit("ask-to-join", per_minute=1, burst=10)
# Each is a mail in our name, with words of a member, to somebody who may not know us.
INVITE_BY_MAIL = RateLimit("invite-by-mail", per_minute=0.1, burst=20)
INVITE_BY_LINK = RateLimit("invite-by-link", per_minute=4, burst=20)
# Each keeps a session for who came with a token, whatever it is.
OPEN_INVITATION = RateLimit("open-invitation", per_minute=6, burst=20)
# Each may tell every member: who sees the group now, what is read, that a ballot is open.
RUN = RateLimit("run-group", per_minute=10, burst=30)
# Each reads all minutes of the group.
SEARCH = RateLimit("search-archive", per_minute=20, burst=20)
