"""How often members may do what others are told of, or what makes rows without end."""

from __future__ import annotations

from common.rate_limits import RateLimit

# A person founds a few groups in a life, and tries a few names.
FOUND = RateLimit("found-group", per_minute=0.2, burst=5)
# Each reads megabytes, and may make a thousand meetings.
IMPORT = RateLimit("import-group", per_minute=0.5, burst=10)
ASK_TO_JOIN = RateLimit("ask-to-join", per_minute=1, burst=10)
# Each is a mail to somebody who may not know us.
INVITE_BY_MAIL = RateLimit("invite-by-mail", per_minute=1, burst=20)
INVITE_BY_LINK = RateLimit("invite-by-link", per_minute=4, burst=20)
