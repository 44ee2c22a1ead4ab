"""Reserved usernames, which would seem to speak for the site."""

from __future__ import annotations

from accounts.names.usernames import username_key

# Roles with authority on the site.
_AUTHORITY = """
admin admins administrator administrators board council founder founders host hostmaster
mod mods moderator moderators octavo official operator operators organiser organisers
organizer organizers owner owners postmaster root security staff superuser support
ssladmin ssladministrator sslwebmaster sys sysadmin sysop system team teams webmaster
"""

# Names of machines and roles by standard (RFC 2142) or convention in mail and on the web.
_MACHINERY = """
abuse anonymous api apache autoconfig autodiscover backup billing bot bots cache cdn
celery cgi console contact daemon database debug dev django dns example feedback ftp
guest hostname http https imap info internal invalid ipv4 ipv6 irc isatap jabber jobs
localdomain localhost log logs mail mailer-daemon mailer mailerdaemon mta mx news
newsletter nobody noc no-reply noreply nntp null oauth openid pop pop3 postgres
press privacy proxy public redis sales server sftp smtp ssh ssl stat static stats status
sudo test tester testing tests tls tmp undefined usenet user username users uucp vpn
webmail webserver wpad www www1 www2 www3 mail1 mail2 mail3 ns1 ns2 ns3 ns4 bin devel
httpd ghost intranet master maintenance notify staging telnet xmpp
"""

# First segments of the site's URLs, present and likely, and names of its actions.
_PAGES = """
about access account accounts activate activity add address analytics app apps archive
archives article articles asset assets atom auth authentication author authors authorize
avatar ballot ballots blog browse calendar call careers cart categories category chat
checkout client clients code collection collections comment comments community compare
compose config configuration connect contacts contribute cookie cookies copyright create
css dashboard data default delete demo design developer developers diary digest digests
directory discover discuss discussion discussions doc docs document documents domain
download downloads edit editor email error errors event events explore export faq
favicon favorite favorites feed feeds file files flag follow follower followers following
font fonts form forum forums friend friends generator get global graph group groups help
home homepage hot icon icons image images img import inbox index invitation invitations
invite invites issue issues item items javascript join json language languages legal
license link links list lists live login logout manage manager manifest map maps markdown
me media meeting meetings member members mention mentions message messages mobile module
moderation my myself network new notification notifications onboarding organization
organizations organisation organisations overview page pages paper papers partner
partners password passwords payment payments people permalink permissions photo photos
ping plan plans plugin plugins policy popular post posts preferences pricing profile
profiles project projects query random ranking read reader readers recent recovery
redirect register registration remove reply report reports repository request requests
reset resource resources review reviews robots rss rules save schema script scripts
search secret secure send service services session sessions setting settings setup share
shop sign-in sign-out sign-up signin signout signup site sitemap sites source start
store style styles stylesheet submission submissions submit subscribe subscription
subscriptions svg tag tags terms theme themes today token tokens tool tools top topic
topics tos tour translate trending trends tutorial unfollow unsubscribe update updates
upgrade upload uploads url version versions video videos view vote votes watch web
website webhook webhooks welcome widget widgets wiki xml you yourself
activities all anon blogs business cancel changelog communities company documentation
feature features html information mailing manual marketing messenger name notes offers
premium privacy-policy product products pub release releases repositories stories
styleguide stylesheets task tasks tech terms-of-service usage websites work workshop
yourname yourusername
"""

# Sources and services that members must not impersonate.
_SOURCES = """
arxiv doi facebook github gitlab google hugging-face huggingface instagram linkedin
mastodon microsoft openreview orcid paypal pubmed scholar telegram twitter wikipedia
youtube zotero
"""

RESERVED_KEYS = frozenset(
    username_key(name) for name in " ".join([_AUTHORITY, _MACHINERY, _PAGES, _SOURCES]).split()
)


def is_reserved(username: str) -> bool:
    """Return whether the name is reserved, or looks like a reserved one."""
    return username_key(username) in RESERVED_KEYS
