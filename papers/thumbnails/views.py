"""Serving thumbnails, from the site's own host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from papers.models import Thumbnail

if TYPE_CHECKING:
    from django.http import HttpRequest

# The address holds the picture's digest, so browsers never have to ask again.
_FOREVER = "public, max-age=31536000, immutable"


@require_safe
@login_not_required
def thumbnail(request: HttpRequest, digest: str) -> HttpResponse:
    pictures = Thumbnail.objects.filter(digest=digest).values_list("image", flat=True)
    image = pictures.first() if settings.SHOW_THUMBNAILS else None
    if image is None:
        raise Http404("No such thumbnail.")
    return HttpResponse(
        bytes(image),
        content_type="image/webp",
        # A strong tag also tells the compressing middleware to leave the bytes alone.
        headers={"Cache-Control": _FOREVER, "ETag": f'"{digest}"'},
    )
