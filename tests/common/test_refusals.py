from __future__ import annotations

import pytest
from django import forms

from common.rate_limits import RateLimitExceededError
from common.refusals import Refused, refusal_on


class AddressForm(forms.Form):
    name = forms.CharField()
    slug = forms.CharField()


class SlugTaken(Refused):
    field = "slug"


@pytest.fixture
def form():
    return AddressForm({"name": "Readers", "slug": "readers"})


def test_a_refusal_is_an_error_of_the_form(form):
    with refusal_on(form):
        raise Refused("Not today.")

    assert form.non_field_errors() == ["Not today."]
    assert not form.is_valid()


def test_a_refusal_stands_at_the_field_of_the_view(form):
    with refusal_on(form, "name"):
        raise Refused("Not this name.")

    assert form.errors == {"name": ["Not this name."]}


def test_a_refusal_knows_its_own_field_better(form):
    with refusal_on(form, "name"):
        raise SlugTaken("This address is taken.")

    assert form.errors == {"slug": ["This address is taken."]}


def test_another_error_passes(form):
    with pytest.raises(KeyError), refusal_on(form):
        raise KeyError("a fault of ours")

    assert form.is_valid()


def test_a_view_may_show_other_errors_on_its_form(form):
    with refusal_on(form, also=(RateLimitExceededError,)):
        raise RateLimitExceededError(retry_after=7)

    assert "7" in str(form.non_field_errors())
