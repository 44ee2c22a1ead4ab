"""Names in bibliographies: organizations, particles, suffixes, other scripts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from papers import bibtex
from papers.author_names import AuthorName, author_names
from tests.builders import make_authorship, make_paper
from tests.groups.builders import make_group, make_meeting


@pytest.mark.parametrize(
    ("text", "family", "given", "suffix"),
    [
        ("Ashish Vaswani", "Vaswani", "Ashish", ""),
        ("Ana de la Prueba", "de la Prueba", "Ana", ""),
        ("J. W. van der Merwe", "van der Merwe", "J. W.", ""),
        ("R. de Ruyter van Steveninck", "de Ruyter van Steveninck", "R.", ""),
        ("Guido Van Rossum", "Van Rossum", "Guido", ""),
        ("José Ortega y Gasset", "Ortega y Gasset", "José", ""),
        ("M. Bianco dos Santos", "dos Santos", "M. Bianco", ""),
        ("Edson Amaro Junior", "Amaro Junior", "Edson", ""),
        ("Ben Muster Jr.", "Muster", "Ben", "Jr."),
        ("Ben Muster, Jr.", "Muster", "Ben", "Jr."),
        ("Ana de la Prueba III", "de la Prueba", "Ana", "III"),
        ("Muster, Ben", "Muster", "Ben", ""),
        # Given names that look like particles or suffixes.
        ("Van C. Nall", "Nall", "Van C.", ""),
        ("Di Wang", "Wang", "Di", ""),
        ("Tuan Van Nguyen", "Nguyen", "Tuan Van", ""),
        ("Michael Iv", "Iv", "Michael", ""),
        ("R. Group", "Group", "R.", ""),
        # Single names and other scripts.
        ("Plato", "Plato", "", ""),
        ("OpenAI", "OpenAI", "", ""),
        ("\N{CJK UNIFIED IDEOGRAPH-738B}\N{CJK UNIFIED IDEOGRAPH-660E}",
         "\N{CJK UNIFIED IDEOGRAPH-738B}\N{CJK UNIFIED IDEOGRAPH-660E}", "", ""),
        ("עדה לב", "לב", "עדה", ""),
        # Organizations.
        ("ATLAS Collaboration", "ATLAS Collaboration", "", ""),
        ("The Pierre Auger Collaboration", "The Pierre Auger Collaboration", "", ""),
        ("for the ALICE collaboration", "ALICE collaboration", "", ""),
        ("Qwen Team", "Qwen Team", "", ""),
        ("University of Example", "University of Example", "", ""),
        ("Smith and Sons", "Smith and Sons", "", ""),
    ],
)  # fmt: skip
def test_a_name_has_parts(text, family, given, suffix):
    assert author_names([text]) == [AuthorName(family, given, suffix)]


@pytest.mark.parametrize(
    ("texts", "families"),
    [
        (["The X Collaboration: L. Uno", "J. Dos"], ["The X Collaboration", "Uno", "Dos"]),
        (["The X Collaboration: L. Uno, J. Dos"], ["The X Collaboration", "Uno", "Dos"]),
        (["X Collaboration: L. Uno, Jr., J. Dos"], ["X Collaboration", "Uno", "Dos"]),
        (["F. Nerling for the COMPASS Collaboration"], ["Nerling", "COMPASS Collaboration"]),
        (["", ":", "and Ada Lovelace,", "I. Adachi et al."], ["Lovelace", "Adachi"]),
    ],
)
def test_one_text_may_hold_several_names(texts, families):
    assert [name.family for name in author_names(texts)] == families


@pytest.mark.parametrize(
    ("texts", "value"),
    [
        (["ATLAS Collaboration"], "{ATLAS Collaboration}"),
        (["Ben Muster Jr."], "Muster, Jr., Ben"),
        (["Ana de la Prueba", "Plato"], "de la Prueba, Ana and {Plato}"),
        (
            ["The X Collaboration: L. Uno", "J. Dos"],
            "{The X Collaboration} and Uno, L. and Dos, J.",
        ),
        (["R&D_1 Team"], r"{R{\&}D{\_}1 Team}"),
        (["José Núñez"], r"N{\'u}{\~n}ez, Jos{\'e}"),
        (["עדה לב"], "לב, עדה"),
    ],
)
def test_names_in_bibtex(texts, value):
    assert bibtex.authors(texts, has_more=False) == value


def test_more_authors_than_are_named_are_others():
    assert bibtex.authors(["Ada Lovelace"], has_more=True) == "Lovelace, Ada and others"


@pytest.mark.django_db
def test_both_files_of_a_group_name_authors_alike(client):
    group = make_group("readers")
    paper = make_paper("2611.00001", title="Found")
    for name in ["ATLAS Collaboration", "Ben Muster Jr.", "Ana de la Prueba", "עדה לב",
                 "The X Collaboration: L. Uno"]:  # fmt: skip
        make_authorship(paper, name)
    make_meeting(group, paper=paper)

    bib = client.get("/groups/readers/bibliography.bib").content.decode()
    ris = client.get("/groups/readers/bibliography.ris").content.decode()

    assert (
        "  author = {{ATLAS Collaboration} and Muster, Jr., Ben and de la Prueba, Ana and לב, עדה"
        " and {The X Collaboration} and Uno, L.}" in bib
    )
    assert "@misc{atlascollaboration2026found," in bib
    assert re.findall(r"AU  - (.*)\r\n", ris) == [
        "ATLAS Collaboration", "Muster, Ben, Jr.", "de la Prueba, Ana", "לב, עדה",
        "The X Collaboration", "Uno, L.",
    ]  # fmt: skip


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40), max_size=4))
def test_any_text_gives_names_of_its_own_words(texts):
    typed = " ".join(texts)

    for name in author_names(texts):
        assert name.family
        assert all(word in typed for word in f"{name.family} {name.given} {name.suffix}".split())


@given(st.text(st.characters(categories=["L", "P", "S", "Zs"]), min_size=1, max_size=30))
def test_any_name_is_balanced_in_bibtex(text):
    written = re.sub(r"\\[{}\\]", "", bibtex.authors([text], has_more=False))

    depth = 0
    for sign in written:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0


def test_accents_are_read_back():
    written = bibtex.authors(["Çağla Özgür"], has_more=False)

    assert LatexNodes2Text().latex_to_text(written).replace(" ", "") == "Özgür,Çağla"
