"""Whether the footer mentions sample data."""

from __future__ import annotations

from typing import NamedTuple

from common.remembering import shared
from papers.models import ImportRun, Paper

# Of the bundled papers; they all come and go together.
_ONE_OF_THEM = "2606.16688"


class SampleData(NamedTuple):
    is_shown: bool
    # Whether a feed has brought papers since.
    has_feed_papers: bool = False


@shared
def sample_data() -> SampleData:
    """Return whether the site has sample data: at most two queries, once in some seconds."""
    if not Paper.objects.filter(external_id=_ONE_OF_THEM).exists():
        return SampleData(is_shown=False)
    has_feed_papers = ImportRun.objects.filter(created_count__gt=0).exists()
    return SampleData(is_shown=True, has_feed_papers=has_feed_papers)
