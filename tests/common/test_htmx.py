"""Redirects under htmx."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from common.htmx import HtmxRedirectMiddleware


def answer(**headers):
    def view(request):
        response = HttpResponseRedirect("/elsewhere")
        response.set_cookie("theme", "dark")
        return response

    request = RequestFactory().get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    return HtmxRedirectMiddleware(view)(request)


def test_a_redirect_leaves_the_page_under_htmx():
    response = answer(**{"HX-Request": "true"})

    assert (response.status_code, response["HX-Redirect"]) == (200, "/elsewhere")


def test_a_redirect_under_htmx_keeps_the_cookies_of_its_view():
    assert answer(**{"HX-Request": "true"}).cookies["theme"].value == "dark"


def test_a_redirect_without_htmx_stays_one():
    assert answer().status_code == 302
