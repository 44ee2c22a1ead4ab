"""The tabs over the settings pages."""

from __future__ import annotations

from typing import NamedTuple


class SettingsTab(NamedTuple):
    label: str
    url_name: str


_tabs = [
    SettingsTab("Profile", "accounts:profile_settings"),
    SettingsTab("E-mail", "account_email"),
    SettingsTab("Security", "accounts:security"),
    SettingsTab("Appearance", "accounts:appearance_settings"),
    SettingsTab("Time zone", "accounts:time_zone_settings"),
]


def register(label: str, url_name: str) -> None:
    """Add another app's settings page, after ours."""
    tab = SettingsTab(label, url_name)
    if tab not in _tabs:
        _tabs.append(tab)


def tabs() -> tuple[SettingsTab, ...]:
    return tuple(_tabs)
