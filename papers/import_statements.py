"""The SQL that an import consists of: one statement a table, whatever the batch.

How two accounts of one paper become one row:

* The *words* (title, abstract, authors, categories, …) are taken from the higher
  version; arXiv's feeds name theirs, and a feed that names none stands below version 1.
  Between equals the newer feed's day decides.
* The *extras* (code, stars, thumbnail, …) are taken from the newest day that listed
  the paper in a feed that has extras.
* What a losing account holds still fills what is empty. An empty value never replaces
  anything, and of two lists for the same version the longer one stands.
* The announcement is the earliest day known, the version the highest, and a withdrawal
  stays.
* The *signals* (external votes and comments) are taken from the latest reading, each with its
  own time. A vote can be withdrawn, so a later number may be lower. A number that a reading
  lacks, or that is malformed, keeps its value and its time.
* An organization's name is that of the newest day.

So the order in which days arrive does not matter, and running twice changes nothing.
All text is ordered with the collation "C", which is also the order in which Python sorts:
two imports lock what they share in the same order, and so never wait in a circle.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    type: str
    # The value after a conflict, in terms of `paper` (the row) and `excluded` (the news).
    merged: str


_WORDS_WIN = (
    "(coalesce(excluded.version, 0), coalesce(excluded.described_on, '-infinity'::date))"
    " >= (coalesce(paper.version, 0), coalesce(paper.described_on, '-infinity'::date))"
)
_IS_NEWER = "coalesce(excluded.version, 0) > coalesce(paper.version, 0)"
_IS_SAME_VERSION = "coalesce(excluded.version, 0) = coalesce(paper.version, 0)"
_EXTRAS_WIN = (
    "excluded.listed_on IS NOT NULL"
    " AND excluded.listed_on >= coalesce(paper.listed_on, '-infinity'::date)"
)
_AUTHORS_WIN = (
    "excluded.author_count > 0 AND (paper.author_count = 0"
    f" OR {_IS_NEWER} OR ({_IS_SAME_VERSION} AND (excluded.author_count > paper.author_count"
    f" OR (excluded.author_count = paper.author_count AND {_WORDS_WIN}))))"
)


def _takes_text(name: str, wins: str) -> str:
    return f"(excluded.{name} <> '' AND (paper.{name} = '' OR ({wins})))"


def _text(name: str, wins: str, kind: str = "text") -> _Column:
    merged = f"CASE WHEN {_takes_text(name, wins)} THEN excluded.{name} ELSE paper.{name} END"
    return _Column(name, kind, merged)


def _value(name: str, wins: str, kind: str) -> _Column:
    takes = f"excluded.{name} IS NOT NULL AND (paper.{name} IS NULL OR ({wins}))"
    return _Column(name, kind, f"CASE WHEN {takes} THEN excluded.{name} ELSE paper.{name} END")


def _list(
    name: str, wins: str, kind: str, *, is_newer: str = "false", is_comparable: str = "true"
) -> _Column:
    """A list: a newer version's, else the longer one, else the one that wins."""
    news, ours = f"cardinality(excluded.{name})", f"cardinality(paper.{name})"
    takes = (
        f"{news} > 0 AND ({ours} = 0 OR ({is_newer}) OR (({is_comparable})"
        f" AND ({news} > {ours} OR ({news} = {ours} AND {wins}))))"
    )
    return _Column(name, kind, f"CASE WHEN {takes} THEN excluded.{name} ELSE paper.{name} END")


def _of_authors(name: str, kind: str) -> _Column:
    merged = f"CASE WHEN {_AUTHORS_WIN} THEN excluded.{name} ELSE paper.{name} END"
    return _Column(name, kind, merged)


def _rendering(name: str, source: str) -> _Column:
    changes = f"{_takes_text(source, _WORDS_WIN)} AND excluded.{source} <> paper.{source}"
    return _Column(name, "text", f"CASE WHEN {changes} THEN excluded.{name} ELSE paper.{name} END")


# An account whose words looked unchanged comes without their rendering; if they won
# after all, another import came between, and `render_stale` makes up for it.
_WORDS_UNRENDERED = " OR ".join(
    f"({_takes_text(source, _WORDS_WIN)} AND excluded.{source} <> paper.{source}"
    f" AND excluded.{rendering} = '')"
    for source, rendering in [("title", "title_html"), ("abstract", "abstract_html")]
)

COLUMNS = (
    _Column("version", "smallint", "greatest(paper.version, excluded.version)"),
    _Column(
        "described_on",
        "date",
        f"CASE WHEN {_WORDS_WIN} THEN excluded.described_on ELSE paper.described_on END",
    ),
    _Column("listed_on", "date", "greatest(paper.listed_on, excluded.listed_on)"),
    _Column("announced_on", "date", "least(paper.announced_on, excluded.announced_on)"),
    _text("title", _WORDS_WIN),
    _text("abstract", _WORDS_WIN),
    _rendering("title_html", "title"),
    _rendering("title_text", "title"),
    _rendering("abstract_html", "abstract"),
    _rendering("lead_html", "abstract"),
    _Column(
        "rendered_with",
        "smallint",
        f"CASE WHEN {_WORDS_UNRENDERED} THEN 0 ELSE paper.rendered_with END",
    ),
    _value("published_at", _WORDS_WIN, "timestamptz"),
    _Column("revised_at", "timestamptz", "greatest(paper.revised_at, excluded.revised_at)"),
    _Column(
        "withdrawn_at",
        "timestamptz",
        "CASE WHEN paper.withdrawn_at IS NULL AND coalesce(excluded.version, 0)"
        " >= coalesce(paper.version, 0) THEN excluded.withdrawn_at ELSE paper.withdrawn_at END",
    ),
    _text("primary_category", _WORDS_WIN),
    _list(
        "categories",
        _WORDS_WIN,
        "varchar[]",
        is_newer=_IS_NEWER,
        is_comparable=_IS_SAME_VERSION,
    ),
    _text("doi", _WORDS_WIN),
    _text("venue", _WORDS_WIN),
    _text("work_type", _WORDS_WIN),
    _text("pdf_url", _WORDS_WIN),
    _of_authors("author_count", "integer"),
    _of_authors("lead_authors", "text[]"),
    _of_authors("authors_digest", "text"),
    _text("code_url", _EXTRAS_WIN),
    _text("project_url", _EXTRAS_WIN),
    _value("star_count", _EXTRAS_WIN, "integer"),
    _text("thumbnail_url", _EXTRAS_WIN),
    _list("media_urls", _EXTRAS_WIN, "varchar[]"),
    _text("ai_summary", _EXTRAS_WIN),
    _list("ai_keywords", _EXTRAS_WIN, "text[]"),
    _text("ai_model", _EXTRAS_WIN),
    _text("listed_by", _EXTRAS_WIN),
    _Column("completed_at", "timestamptz", "coalesce(paper.completed_at, excluded.completed_at)"),
)
_ORGANIZATION = _value("organization_id", _EXTRAS_WIN, "bigint")
_KEY = ("source", "external_id")


def _paper_statement() -> str:
    names = [column.name for column in COLUMNS]
    merged = [*COLUMNS, _ORGANIZATION]
    # Lists come as the text of an array, because unnest takes only lists of one length.
    arrays = ", ".join(
        f"%s::{'text' if column.type.endswith('[]') else column.type}[]" for column in COLUMNS
    )
    values = ", ".join(
        f"news.{column.name}::{column.type}"
        if column.type.endswith("[]")
        else f"news.{column.name}"
        for column in COLUMNS
    )
    return f"""
        INSERT INTO papers_paper AS paper (
            {", ".join(_KEY)}, {", ".join(names)}, organization_id, created_at, updated_at
        )
        SELECT news.source, news.external_id, {values}, organization.id, now(), now()
        FROM unnest(%s::text[], %s::text[], {arrays}, %s::text[])
            AS news ({", ".join(_KEY)}, {", ".join(names)}, organization)
        LEFT JOIN papers_organization organization ON organization.slug = news.organization
        ORDER BY news.source COLLATE "C", news.external_id COLLATE "C"
        ON CONFLICT ON CONSTRAINT papers_paper_is_known_once DO UPDATE SET
            {", ".join(f"{column.name} = {column.merged}" for column in merged)},
            updated_at = now()
        WHERE ({", ".join(f"paper.{column.name}" for column in merged)})
            IS DISTINCT FROM ({", ".join(column.merged for column in merged)})
        RETURNING paper.id, paper.source, paper.external_id, paper.authors_digest,
            paper.xmax = 0
    """  # noqa: S608 - built from the constants above


UPSERT_PAPERS = _paper_statement()

KNOWN_WORDS = """
    SELECT source, external_id, title, abstract
    FROM papers_paper
    WHERE (source, external_id) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""

# Of two names of one day the greater by code point wins, as with an author's spellings.
UPSERT_ORGANIZATIONS = """
    INSERT INTO papers_organization AS organization (slug, name, named_on)
    SELECT news.slug, news.name, news.named_on
    FROM unnest(%s::text[], %s::text[], %s::date[]) AS news (slug, name, named_on)
    WHERE NOT EXISTS (
        SELECT FROM papers_organization known
        WHERE known.slug = news.slug
            AND (coalesce(known.named_on, '-infinity'), known.name COLLATE "C")
                >= (coalesce(news.named_on, '-infinity'), news.name COLLATE "C")
    )
    ORDER BY news.slug COLLATE "C"
    ON CONFLICT ON CONSTRAINT papers_organization_is_known_once DO UPDATE SET
        name = excluded.name,
        named_on = excluded.named_on
    WHERE (coalesce(organization.named_on, '-infinity'), organization.name COLLATE "C")
        < (coalesce(excluded.named_on, '-infinity'), excluded.name COLLATE "C")
"""

# Of two spellings the one with accents and small letters stands, in whatever order they
# come: by code point it is the greater.
UPSERT_AUTHORS = """
    INSERT INTO papers_author AS author (slug, name)
    SELECT news.slug, news.name
    FROM unnest(%s::text[], %s::text[]) AS news (slug, name)
    WHERE NOT EXISTS (
        SELECT FROM papers_author known
        WHERE known.slug = news.slug AND known.name COLLATE "C" >= news.name COLLATE "C"
    )
    ORDER BY news.slug COLLATE "C"
    ON CONFLICT ON CONSTRAINT papers_author_is_known_once DO UPDATE SET name = excluded.name
    WHERE author.name COLLATE "C" < excluded.name COLLATE "C"
"""

# Of two readings of the same time the greater number wins. They are compared before the conflict
# too, because a conflict locks the row, and voters would wait.
UPSERT_TALLIES = """
    INSERT INTO papers_papertally AS tally (
        paper_id, vote_count, comment_count, announced_on,
        external_vote_count, external_votes_read_at,
        external_comment_count, external_comments_read_at
    )
    SELECT paper.id, 0, 0, paper.announced_on,
        news.votes, CASE WHEN news.votes IS NOT NULL THEN news.read_at END,
        news.comments, CASE WHEN news.comments IS NOT NULL THEN news.read_at END
    FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::integer[], %s::integer[])
        AS news (source, external_id, read_at, votes, comments)
    JOIN papers_paper paper USING (source, external_id)
    LEFT JOIN papers_papertally known ON known.paper_id = paper.id
    WHERE known.paper_id IS NULL
        OR known.announced_on IS DISTINCT FROM paper.announced_on
        OR (news.read_at, news.votes)
            > (coalesce(known.external_votes_read_at, '-infinity'), known.external_vote_count)
        OR (news.read_at, news.comments)
            > (
                coalesce(known.external_comments_read_at, '-infinity'),
                known.external_comment_count
            )
    ORDER BY paper.id
    ON CONFLICT (paper_id) DO UPDATE SET
        announced_on = excluded.announced_on,
        external_vote_count = CASE
            WHEN (excluded.external_votes_read_at, excluded.external_vote_count)
                > (coalesce(tally.external_votes_read_at, '-infinity'), tally.external_vote_count)
            THEN excluded.external_vote_count ELSE tally.external_vote_count
        END,
        external_votes_read_at = greatest(
            tally.external_votes_read_at, excluded.external_votes_read_at
        ),
        external_comment_count = CASE
            WHEN (excluded.external_comments_read_at, excluded.external_comment_count)
                > (
                    coalesce(tally.external_comments_read_at, '-infinity'),
                    tally.external_comment_count
                )
            THEN excluded.external_comment_count ELSE tally.external_comment_count
        END,
        external_comments_read_at = greatest(
            tally.external_comments_read_at, excluded.external_comments_read_at
        )
"""

# Of two dates for one version the earlier wins, in whatever order they come. A row that
# keeps its date is not touched, so that a night's import locks nothing but what is new.
UPSERT_VERSIONS = """
    INSERT INTO papers_paperversion AS version (paper_id, number, submitted_at)
    SELECT paper.id, news.number, min(news.submitted_at)
    FROM unnest(%s::text[], %s::text[], %s::smallint[], %s::timestamptz[])
        AS news (source, external_id, number, submitted_at)
    JOIN papers_paper paper USING (source, external_id)
    WHERE NOT EXISTS (
        SELECT FROM papers_paperversion known
        WHERE known.paper_id = paper.id AND known.number = news.number
            AND known.submitted_at <= news.submitted_at
    )
    GROUP BY paper.id, news.number
    ORDER BY paper.id, news.number
    ON CONFLICT ON CONSTRAINT papers_version_is_known_once DO UPDATE SET
        submitted_at = excluded.submitted_at
    WHERE excluded.submitted_at < version.submitted_at
"""

# A claim follows its name: to another place only when the list has the name once.
UPSERT_AUTHORSHIPS = """
    INSERT INTO papers_authorship AS place (paper_id, position, name, author_id, claimed_by_id)
    SELECT news.paper_id, news.position, news.name, author.id, claim.claimed_by_id
    FROM unnest(%s::bigint[], %s::integer[], %s::text[], %s::text[], %s::boolean[])
        AS news (paper_id, position, name, slug, is_only)
    JOIN papers_author author ON author.slug = news.slug
    LEFT JOIN LATERAL (
        SELECT old.claimed_by_id
        FROM papers_authorship old
        WHERE news.paper_id = ANY (%s::bigint[])
            AND old.paper_id = news.paper_id
            AND old.author_id = author.id
            AND old.claimed_by_id IS NOT NULL
            AND (old.position = news.position OR news.is_only)
        ORDER BY old.position <> news.position, old.position
        LIMIT 1
    ) AS claim ON true
    ORDER BY news.paper_id, news.position
    ON CONFLICT ON CONSTRAINT papers_author_place_is_taken_once DO UPDATE SET
        name = excluded.name,
        author_id = excluded.author_id,
        claimed_by_id = excluded.claimed_by_id
    WHERE (place.name, place.author_id, place.claimed_by_id)
        IS DISTINCT FROM (excluded.name, excluded.author_id, excluded.claimed_by_id)
"""

DELETE_SURPLUS_AUTHORSHIPS = """
    DELETE FROM papers_authorship place
    USING unnest(%s::bigint[], %s::integer[]) AS news (paper_id, author_count)
    WHERE place.paper_id = news.paper_id AND place.position > news.author_count
"""
