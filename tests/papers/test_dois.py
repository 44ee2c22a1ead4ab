"""DOIs in what people paste: where they end, and what publishers' addresses add to them."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest
from django.urls import resolve
from hypothesis import assume, given
from hypothesis import strategies as st

from papers.dois import url_of
from papers.identifiers import Doi, IdentifierError, OpenReviewForum, parse_identifier
from papers.models import Paper
from papers.sources import Ref

SICI = "10.1002/(SICI)1099-1727(199821)14:1<3::AID-SDR140>3.0.CO;2-K"
OF_THE_SAME_ISSUE = "10.1002/(SICI)1099-1727(199821)14:1<25::AID-SDR139>3.0.CO;2-A"
SUPPLEMENT = "10.1002/(SICI)1521-3951(199911)216:1<S135::AID-PSSB135>3.0.CO;2-#"


@pytest.mark.parametrize("doi", [SICI, OF_THE_SAME_ISSUE, SUPPLEMENT,
    "10.1002/(SICI)1097-0258(19980815/30)17:15/16<iv::AID-SIM968>3.0.CO;2-2",
    "10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2",
    "10.1641/0006-3568(2000)050[0053:IAEO]2.3.CO;2",
    "10.1016/S0370-2693(99)01234-5",
    "10.1234/a#b+c",
])  # fmt: skip
@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "doi:{}",
        "DOI: {}.",
        "<{}>",
        "({})",
        "“{}”",
        "[{}]",
        "<p>{}</p>",
        "<b>{}<br>More",
        "{}\N{IDEOGRAPHIC FULL STOP}",
        "{}\N{FULLWIDTH FULL STOP}",
        "{}\N{DEVANAGARI DANDA}",
    ],
)
def test_a_doi_ends_where_it_ends(doi, form):
    assert parse_identifier(form.format(doi)) == Doi(doi.lower())


@pytest.mark.parametrize(
    "address",
    [
        "https://doi.org/{}",
        "doi.org/{}?ref=x#top",
        "https://onlinelibrary.wiley.com/doi/abs/{}",
        "https://onlinelibrary.wiley.com/doi/{}/abstract",
        "https://www.google.com/url?sa=t&q=https://doi.org/{}&usg=AOv",
    ],
)
@pytest.mark.parametrize("encode", [str, quote, lambda doi: quote(doi, safe="")])
def test_a_doi_in_an_address_is_decoded(address, encode):
    assert parse_identifier(address.format(encode(SICI))) == Doi(SICI.lower())


def test_a_doi_in_html_source_is_decoded():
    text = SICI.replace("<", "&lt;").replace(">", "&gt;")

    assert parse_identifier(f"doi:{text}") == Doi(SICI.lower())


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        (
            "https://www.frontiersin.org/articles/10.3389/fnins.2019.00095/full",
            "10.3389/fnins.2019.00095",
        ),
        (
            "https://www.frontiersin.org/journals/neuroscience/articles/10.3389/fnins.2019.00095/pdf",
            "10.3389/fnins.2019.00095",
        ),
        ("10.3389/fnins.2019.00095/full", "10.3389/fnins.2019.00095"),
        (
            "https://www.biorxiv.org/content/10.1101/2020.11.02.364968v2.full.pdf",
            "10.1101/2020.11.02.364968",
        ),
        (
            "https://www.biorxiv.org/content/10.1101/2020.11.02.364968v2.full.pdf+html",
            "10.1101/2020.11.02.364968",
        ),
        ("https://www.biorxiv.org/content/10.1101/364968v1", "10.1101/364968"),
        (
            "https://www.biorxiv.org/content/10.1101/2020.11.02.364968v1.supplementary-material",
            "10.1101/2020.11.02.364968",
        ),
        (
            "https://www.medrxiv.org/content/10.64898/2025.12.03.25341234v3.full-text",
            "10.64898/2025.12.03.25341234",
        ),
        ("https://iopscience.iop.org/article/10.1088/1742-6596/1/1/001/pdf",
         "10.1088/1742-6596/1/1/001"),
        ("https://doi.org/10.1145/3292500.3330701/", "10.1145/3292500.3330701"),
        ("https://dl.acm.org/doi/10.1145%2F3292500.3330701#abstract", "10.1145/3292500.3330701"),
        ("https://dl.acm.org/doi/10.1145/3292500.3330701#sec-1", "10.1145/3292500.3330701"),
        ("doi10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        (r"doi = {10.1007/978-3\_2},", "10.1007/978-3_2"),
        (r"\href{https://doi.org/10.1145/1.2}{text}", "10.1145/1.2"),
        ("`10.1145/1.2`", "10.1145/1.2"),
        ("10.1103/physrevd.1.2,10.1103/physrevd.3.4", "10.1103/physrevd.1.2"),
        # Research Square registers one DOI for each version.
        ("10.21203/rs.3.rs-1234/v1", "10.21203/rs.3.rs-1234/v1"),
        ("10.26434/chemrxiv-2021-abc-v2", "10.26434/chemrxiv-2021-abc-v2"),
    ],
)  # fmt: skip
def test_what_an_address_adds_to_a_doi_is_no_part_of_it(text, doi):
    assert parse_identifier(text) == Doi(doi)


def test_a_doi_that_holds_another_service_s_path_is_a_doi():
    assert parse_identifier("10.1234/openreview/abcdef") == Doi("10.1234/openreview/abcdef")
    assert parse_identifier("openreview/abcdef") == OpenReviewForum("abcdef")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("10.1145/" + "a" * 500, "is too long: a DOI has at most 255"),
        ("https://doi.org/10.1145/" + "%28" * 2000, "is too long: a DOI has at most 255"),
        ("10.1145/ 3292500.3330701", "A DOI has no spaces inside"),
        ("10.1145 / 3292500.3330701", "A DOI has no spaces inside"),
        ("10.1145/3292500. 3330701", "A DOI has no spaces inside"),
        ("10.1145/3292500 .3330701", "A DOI has no spaces inside"),
        ("10.1145/3292500.\n3330701", "A DOI has no spaces inside"),
        ("10.1145", "“10.1145” is not a whole DOI"),
        ("https://doi.org/10.1145/", "“10.1145/” is not a whole DOI"),
        ("10.1145/...", "“10.1145/” is not a whole DOI"),
    ],
)
def test_what_is_no_doi_is_refused_with_the_reason(text, words):
    with pytest.raises(IdentifierError, match=words):
        parse_identifier(text)


def test_two_dois_and_a_year_are_no_doi_with_a_space():
    assert parse_identifier("10.1145/1.2 10.1145/3.4") == Doi("10.1145/1.2")
    assert parse_identifier("10.1145/1.2. (2019)") == Doi("10.1145/1.2")


SIGNS = st.characters(min_codepoint=ord("!"), max_codepoint=ord("~"))
# A last sign of a sentence is never taken for a part of a DOI.
SUFFIXES = st.builds(lambda text, last: text + last, st.text(SIGNS, max_size=80),
                     st.sampled_from("abcxyz0189)>]#"))  # fmt: skip
PREFIXES = st.from_regex(r"10\.[1-9][0-9]{3,8}", fullmatch=True)


def is_shortened(suffix: str) -> bool:
    tails = ("/full", "/abstract", "/pdf", "/xml", "/epub", "/html", "/meta")
    return suffix.endswith((*tails, ".pdf", ".full"))


@given(prefix=PREFIXES, suffix=SUFFIXES)
def test_every_doi_survives_its_address(prefix, suffix):
    doi = f"{prefix}/{suffix}".lower()
    assume(not is_shortened(suffix.lower()))
    assume(prefix not in {"10.48550", "10.1101", "10.64898"})

    assert parse_identifier(url_of(doi)) == Doi(doi)


@given(prefix=PREFIXES, suffix=SUFFIXES)
def test_every_doi_survives_the_address_of_its_page_here(prefix, suffix):
    paper = Paper(source="doi", external_id=f"{prefix}/{suffix}".lower())

    found = resolve(unquote(paper.get_absolute_url()))

    assert found.kwargs == {"ref": Ref("doi", paper.external_id)}
