"""The addresses of the site, and one of a search."""

from django.http import HttpResponse
from django.urls import path

from config import urls

urlpatterns = [*urls.urlpatterns, path("search", lambda request: HttpResponse("found"))]
