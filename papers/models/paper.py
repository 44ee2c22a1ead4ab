"""Papers with their authors, topics and organizations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.html import escape

from common.rendered_text import RenderedText
from papers import dois
from papers.identifiers import Doi
from papers.rendering import RENDERED_WITH, render_abstract, render_title
from papers.sources import PAPER_SOURCES, Ref, source_choices
from papers.sources.arxiv import ARXIV

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from papers.identifiers import Identifier


class Topic(models.Model):
    """An arXiv category with its common name."""

    code = models.CharField(max_length=32, primary_key=True)
    name = models.CharField(max_length=120)
    # The archive's group: "Computer Science", "Physics".
    field = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def get_absolute_url(self) -> str:
        return reverse("papers:topic_page", args=[self.code])


class Organization(models.Model):
    """A lab or company behind a paper."""

    slug = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    # The day of the feed that gave the name: organizations rename themselves.
    named_on = models.DateField(null=True, blank=True)

    class Meta:
        # By name, because `unique=True` adds a second index, for LIKE, that nobody uses.
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="papers_organization_is_known_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("papers:organization_page", args=[self.slug])


class Author(models.Model):
    """An author's name: people with the same name share a page.

    The slug folds case and accents, so that "José Núñez" and "Jose Nunez" are the same.
    """

    slug = models.CharField(max_length=160)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="papers_author_is_known_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("papers:author_page", args=[self.slug])


class PaperQuerySet(models.QuerySet["Paper"]):
    def listed(self) -> Self:
        """Return papers shown in lists. A withdrawn paper keeps its page and its thread."""
        return self.filter(withdrawn_at__isnull=True)

    def announced(self, first: date, last: date) -> Self:
        return self.filter(announced_on__range=(first, last))

    def at(self, ref: Ref) -> Self:
        return self.filter(source=ref.source, external_id=ref.external_id)

    def named(self, identifier: Identifier) -> Self:
        """Return the papers with an identifier, arXiv's first. The first one is meant."""
        if isinstance(identifier, Doi):
            return self.filter(doi=identifier.value).order_by("source", "pk")
        return self.at(Ref(identifier.source, identifier.id))

    def known(self, source: str, ids: Iterable[str]) -> frozenset[str]:
        """Return those of a source's ids whose papers are here."""
        found = self.filter(source=source, external_id__in=list(ids))
        return frozenset(found.values_list("external_id", flat=True))

    def about(self, topic: str) -> Self:
        return self.filter(categories__contains=[topic])

    def best_of(self, first: date, last: date) -> Self:
        """Return the papers of a day or of several, in the order of papers.day_order.

        Then come comments, then the newest. A day is read from the index `papers_best_of_day`,
        in its order; those of several days are found by ranges of both tables, to be sorted.
        """
        if first == last:
            papers = self.filter(tally__announced_on=first)
        else:
            days = (first, last)
            papers = self.announced(*days).filter(tally__announced_on__range=days)
        return papers.order_by("-tally__day_score", "-tally__comment_count", "-tally__paper_id")

    def trending(self) -> Self:
        # The id breaks ties, so that a paper never appears on two pages.
        return self.order_by(F("tally__hot_score").desc(nulls_last=True), "-tally__paper_id")

    def newest(self) -> Self:
        return self.order_by(F("published_at").desc(nulls_last=True), "-id")


class Paper(RenderedText):
    """One paper, at its latest version."""

    RENDERED_WITH = RENDERED_WITH
    SOURCES = ("title", "abstract")
    OUTPUTS = ("title_html", "title_text", "abstract_html", "lead_html")

    source = models.CharField(max_length=16, choices=source_choices, default=ARXIV.key)
    # Without its version: "2401.12345", "hep-th/9901001"; a DOI in lower case.
    external_id = models.CharField(max_length=dois.MAX_LENGTH)
    doi = models.CharField(max_length=dois.MAX_LENGTH, blank=True)
    # The journal, conference or book that it appeared in, where the source names one.
    venue = models.CharField(max_length=300, blank=True, db_default="")
    # A type in Crossref's terms: "journal-article", "proceedings-article", "book-chapter".
    work_type = models.CharField(max_length=40, blank=True, db_default="")
    # Null while no source has given the version.
    version = models.PositiveSmallIntegerField(null=True, blank=True)

    # As the authors wrote them, including TeX; papers.rendering makes the HTML at import, so
    # that no page parses TeX.
    title = models.TextField()
    abstract = models.TextField(blank=True)
    title_html = models.TextField(blank=True)
    title_text = models.TextField(blank=True)
    abstract_html = models.TextField(blank=True)
    lead_html = models.TextField(blank=True)

    published_at = models.DateTimeField(null=True, blank=True)
    revised_at = models.DateTimeField(null=True, blank=True)
    announced_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="submitted_papers",
    )

    primary_category = models.CharField(max_length=32, blank=True)
    categories = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.SET_NULL, null=True, blank=True, related_name="papers"
    )
    # Lists show these without reading a thousand authorships.
    author_count = models.PositiveIntegerField(default=0)
    lead_authors = ArrayField(models.TextField(), default=list, blank=True)
    # Digest of all names in order, so that an import detects changes without reading them.
    authors_digest = models.CharField(max_length=32, blank=True)

    pdf_url = models.URLField(max_length=500, blank=True)
    code_url = models.URLField(max_length=500, blank=True)
    project_url = models.URLField(max_length=500, blank=True)
    star_count = models.PositiveIntegerField(null=True, blank=True)
    thumbnail_url = models.URLField(max_length=500, blank=True)
    media_urls = ArrayField(models.URLField(max_length=500), default=list, blank=True)

    ai_summary = models.TextField(blank=True)
    ai_keywords = ArrayField(models.TextField(), default=list, blank=True)
    ai_model = models.CharField(max_length=120, blank=True)

    # Dates of the newest feeds with the metadata (title, abstract, authors, categories) and the
    # extras (code, stars, thumbnail, …): an older feed read later only fills gaps.
    described_on = models.DateField(null=True, blank=True)
    listed_on = models.DateField(null=True, blank=True)
    # Who put the paper on the feed's list, by name; no member of this site.
    listed_by = models.CharField(max_length=200, blank=True, db_default="")

    # When arXiv gave the metadata missing in the daily feed, or had no such paper.
    completed_at = models.DateTimeField(null=True, blank=True)
    # Until then: the time of the next request, and the number of requests so far.
    completion_due_at = models.DateTimeField(db_default=Now())
    completion_attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        constraints = [
            # The id first: pages look a paper up by it alone.
            models.UniqueConstraint(
                fields=["external_id", "source"], name="papers_paper_is_known_once"
            ),
            models.CheckConstraint(
                condition=~Q(source="arxiv")
                | Q(external_id__regex=r"^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})$"),
                name="papers_arxiv_id_is_canonical",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="papers_paper_has_a_title"),
        ]
        indexes = [
            models.Index(fields=["announced_on"], name="papers_by_day"),
            models.Index(
                F("published_at").desc(nulls_last=True), F("id").desc(), name="papers_newest"
            ),
            models.Index(fields=["created_at"], name="papers_by_arrival"),
            models.Index(fields=["doi"], name="papers_by_doi", condition=~Q(doi="")),
            GinIndex(fields=["categories"], name="papers_by_topic"),
            models.Index(
                fields=["completion_due_at"],
                name="papers_to_complete",
                condition=Q(completed_at__isnull=True, source="arxiv"),
            ),
            models.Index(
                fields=["-announced_on", "-id"],
                name="papers_with_thumbnail",
                condition=~Q(thumbnail_url=""),
            ),
            models.Index(fields=["rendered_with"], name="papers_by_rendering"),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.title_text or self.title}"

    def get_absolute_url(self) -> str:
        return reverse("discussions:paper_page", args=[self.ref])

    @classmethod
    def render_rows(cls, rows: Sequence[Self]) -> None:
        for paper in rows:
            title, abstract = render_title(paper.title), render_abstract(paper.abstract)
            paper.title_html, paper.title_text = title.html, title.text
            paper.abstract_html, paper.lead_html = abstract.html, abstract.lead_html

    def keep_as_typed(self) -> None:
        self.title_html, self.title_text = escape(self.title), self.title
        self.abstract_html = self.lead_html = escape(self.abstract)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def ref(self) -> Ref:
        return Ref(self.source, self.external_id)

    @property
    def source_url(self) -> str:
        """The paper's URL at the service that published it."""
        return PAPER_SOURCES[self.source].page_url(self.external_id)

    @property
    def full_text_url(self) -> str:
        return self.pdf_url or PAPER_SOURCES[self.source].pdf_url(self.external_id)


class Authorship(models.Model):
    """One name at its position in a paper's list of authors."""

    # The constraint's index begins with the paper.
    paper = models.ForeignKey(
        Paper, on_delete=models.CASCADE, related_name="authorships", db_index=False
    )
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="authorships")
    # From 1, as on the paper.
    position = models.PositiveIntegerField()
    # As printed on this paper, where the author's page may show another form.
    name = models.CharField(max_length=200)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="authorships",
        db_index=False,
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "position"], name="papers_author_place_is_taken_once"
            ),
        ]
        indexes = [
            # Nearly all are null.
            models.Index(
                fields=["claimed_by"],
                name="papers_claims",
                condition=Q(claimed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"
