"""The forms of a member's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from accounts.models import User
from common import time_zones
from common.time_zone_field import TimeZoneField

if TYPE_CHECKING:
    from django.http import HttpRequest


class AppearanceForm(forms.Form):
    theme = forms.TypedChoiceField(
        label="Theme",
        choices=User.Appearance.choices,
        coerce=User.Appearance,
        widget=forms.RadioSelect,
    )


class TimeZoneForm(forms.Form):
    time_zone = TimeZoneField()


class BrowserTimeZoneForm(forms.Form):
    """The hidden field that our sign-up adds to allauth's.

    A script fills in the browser's time zone. A missing or invalid value means UTC.
    """

    time_zone = forms.CharField(required=False, widget=forms.HiddenInput)

    def signup(self, request: HttpRequest, user: User) -> None:
        zone = self.cleaned_data.get("time_zone", "")
        if time_zones.is_time_zone(zone):
            user.time_zone = time_zones.canonical(zone)
            user.save(update_fields=["time_zone"])
