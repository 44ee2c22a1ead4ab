"""What people paste, and the paper it names."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.identifiers import (
    ArxivId,
    Doi,
    IdentifierError,
    parse_arxiv_id,
    parse_identifier,
)

PLAIN = ArxivId("2401.12345")
VERSIONED = ArxivId("2401.12345", 2)
OLD = ArxivId("hep-th/9901001")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2401.12345", PLAIN),
        ("2401.12345v2", VERSIONED),
        ("2401.12345V2", VERSIONED),
        ("0704.0001", ArxivId("0704.0001")),
        ("1412.8323", ArxivId("1412.8323")),
        ("arXiv:2401.12345", PLAIN),
        ("ARXIV: 2401.12345v2", VERSIONED),
        ("arXiv2401.12345", PLAIN),
        ("arxiv.2401.12345", PLAIN),
        ("2401.12345.pdf", PLAIN),
        ("2401.12345v2.pdf", VERSIONED),
        ("  \n2401.12345\t", PLAIN),
        ("<https://arxiv.org/abs/2401.12345>", PLAIN),
        ("https://arxiv.org/abs/2401.12345v2", VERSIONED),
        ("arxiv.org/pdf/2401.12345v2.pdf", VERSIONED),
        ("https://arxiv.org/html/2401.12345v2#S3", VERSIONED),
        ("https://arxiv.org/format/2401.12345", PLAIN),
        ("https://arxiv.org/abs/2401.12345?context=cs.CL", PLAIN),
        ("http://export.arxiv.org/abs/2401.12345", PLAIN),
        ("https://www.alphaxiv.org/abs/2401.12345v2", VERSIONED),
        ("https://huggingface.co/papers/2401.12345", PLAIN),
        ("https://hf.co/papers/2401.12345", PLAIN),
        ("https://api.semanticscholar.org/arXiv:2401.12345", PLAIN),
        ("ARXIV:2401.12345", PLAIN),
        ("10.48550/arXiv.2401.12345", PLAIN),
        ("https://doi.org/10.48550/arXiv.2401.12345", PLAIN),
        ("doi:10.48550/ARXIV.HEP-TH/9901001", OLD),
        ("https://octavo.example/papers/2401.12345/comments/#c1", PLAIN),
        ("/papers/hep-th/9901001", OLD),
        ("https%3A%2F%2Farxiv.org%2Fabs%2F2401.12345", PLAIN),
        ("see “Attention” (arXiv:2401.12345v2), Sec. 3", VERSIONED),
        ("hep-th/9901001", OLD),
        ("HEP-TH/9901001v3", ArxivId("hep-th/9901001", 3)),
        ("hep\N{EN DASH}th/9901001", OLD),
        ("math.GT/0309136", ArxivId("math/0309136")),
        ("https://arxiv.org/pdf/math.GT/0309136v1.pdf", ArxivId("math/0309136", 1)),
        ("cs/0701001", ArxivId("cs/0701001")),
        ("cond-mat.mes-hall/0001001", ArxivId("cond-mat/0001001")),
        ("oai:arXiv.org:2401.12345", PLAIN),
        ("2401.12345 and 2402.00001", PLAIN),
        ("\N{ZERO WIDTH SPACE}2401.12345", PLAIN),
        ("10.1145/3368089.3409741", Doi("10.1145/3368089.3409741")),
        ("https://doi.org/10.1145/3368089.3409741", Doi("10.1145/3368089.3409741")),
        ("https://dx.doi.org/10.1103/PhysRevD.76.013009", Doi("10.1103/physrevd.76.013009")),
        ("doi: 10.1007/s11005-017-1013-4.", Doi("10.1007/s11005-017-1013-4")),
        ("(10.1016/S0370-2693(99)01234-5)", Doi("10.1016/s0370-2693(99)01234-5")),
        ("10.1145/2401.12345", Doi("10.1145/2401.12345")),
        ("https://x.org/doi/pdf/10.1145/33.44?download=true", Doi("10.1145/33.44")),
        ("https://link.example/content/pdf/10.1007/abc.pdf", Doi("10.1007/abc")),
        ("https://arxiv.org/abs/2401.12345, doi 10.1145/1.2", PLAIN),
        # Subject classes, and archives that were renamed, which keep their own ids.
        ("cond-mat.str-el/9801001", ArxivId("cond-mat/9801001")),
        ("COND-MAT.STR-EL/9801001v2", ArxivId("cond-mat/9801001", 2)),
        ("physics.atom-ph/9901001", ArxivId("physics/9901001")),
        ("https://arxiv.org/abs/q-bio.NC/0401001", ArxivId("q-bio/0401001")),
        ("https://arxiv.org/abs/nlin.SI/0102003v1", ArxivId("nlin/0102003", 1)),
        ("atom-ph/9601001", ArxivId("atom-ph/9601001")),
        ("alg-geom/9202001", ArxivId("alg-geom/9202001")),
        ("cmp-lg/9404001", ArxivId("cmp-lg/9404001")),
        ("Hep-Th/9901001", OLD),
    ],
)
def test_what_people_paste_is_understood(text, expected):
    assert parse_identifier(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "attention is all you need",
        "2413.12345",
        "2400.12345",
        "2401.00000",
        "1501.0001",
        "1412.12345",
        "0703.0001",
        "2401.123",
        "2401.123456",
        "12401.12345",
        "2401.12345.6",
        "1912.0291899999997",
        "2401.12345v0",
        "2401.12345x",
        "hep-th/0704001",
        "hep-th/9013001",
        "hep-th/99010011",
        "nonsense/9901001",
        "xhep-th/9901001",
        "https://arxiv.org/list/cs.CL/2401",
        "10.48550/arXiv.9999.99",
        "10.1145/",
        "10.11/abc",
        "https://www.semanticscholar.org/paper/204e3073870fae3d05bcbc2f6a8e263d9b72e776",
        "$1234.5678",
    ],
)
def test_what_names_no_paper_is_refused_with_words(text):
    with pytest.raises(IdentifierError) as caught:
        parse_identifier(text)

    assert str(caught.value).endswith((".", "id"))


def test_the_refusal_of_a_near_miss_names_it():
    with pytest.raises(IdentifierError, match=r"“2413\.12345” looks like an arXiv id"):
        parse_identifier("https://arxiv.org/abs/2413.12345")


@pytest.mark.parametrize(
    "text",
    [
        "0401304",
        "0401304v1",
        " 0401304v2.pdf ",
        "arXiv:0401304v1",
        "https://arxiv.org/abs/0401304v1",
    ],
)
def test_an_old_id_without_its_archive_says_that_it_is_missing(text):
    with pytest.raises(IdentifierError, match=r"before April 2007 need it, such as hep-th/0401304"):
        parse_identifier(text)


@pytest.mark.parametrize("text", ["arXiv:2401.12345", " 2401.12345", "10.1145/1.2", ""])
def test_a_bare_id_is_nothing_but_an_id(text):
    with pytest.raises(IdentifierError):
        parse_arxiv_id(text)


@given(st.text(max_size=300) | st.from_regex(r"(10\.[0-9]{4}/|arxiv|v|[0-9.%?#() \-/])+"))
def test_any_text_is_understood_or_refused_and_its_reading_reads_as_itself(text):
    try:
        found = parse_identifier(text)
    except IdentifierError:
        return

    assert parse_identifier(found.url if isinstance(found, Doi) else str(found)) == found


@given(
    year=st.integers(7, 99),
    month=st.integers(1, 12),
    number=st.integers(1, 9999),
    version=st.none() | st.integers(1, 999),
)
def test_every_new_style_id_reads_as_itself(year, month, number, version):
    if (year, month) < (7, 4):
        month = 4
    identifier = ArxivId(f"{year:02}{month:02}.{number:0{4 if year < 15 else 5}}", version)

    assert parse_identifier(str(identifier)) == identifier


@pytest.mark.parametrize(
    "piece", ["1", "2401.", "10.1145/", "10.", "hep-th/", "v1", "(", ".", "%25", "arxiv:", "a-"]
)
def test_no_repetition_makes_it_slow(piece):
    text = (piece * 10_000)[:10_000]
    started_at = time.process_time()

    with contextlib.suppress(IdentifierError):
        parse_identifier(text)

    # Five to a hundred times what it takes; quadratic work would take seconds.
    assert time.process_time() - started_at < 0.2
