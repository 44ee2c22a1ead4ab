"""What allauth asks of the site."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Members' accounts in the site's own words."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors."""
