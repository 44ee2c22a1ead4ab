"""Addresses of papers: which paper one names, and what it asks of it."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.urls import Resolver404, get_resolver, resolve, reverse

from papers.converters import ACTS
from papers.sources import Ref, parse_ref


@pytest.mark.parametrize(
    ("ref", "address"),
    [
        (Ref("arxiv", "2401.00001"), "/papers/2401.00001"),
        (Ref("arxiv", "hep-th/9901001"), "/papers/hep-th/9901001"),
        (Ref("openreview", "Hk-Fold_01"), "/papers/openreview/Hk-Fold_01"),
        (Ref("openreview", "1234567"), "/papers/openreview/1234567"),
        (Ref("doi", "10.1145/3292500.3330701"), "/papers/doi/10.1145/3292500.3330701"),
        (Ref("doi", "10.1002/a<1::b>3.0#?%"), "/papers/doi/10.1002/a%3C1::b%3E3.0%23%3F%25"),
        (Ref("doi", "10.1145/3292500/vote"), "/papers/doi/10.1145/3292500/vote/"),
    ],
)
def test_a_paper_s_page_has_one_address(ref, address):
    assert reverse("discussions:paper_page", args=[ref]) == address
    assert resolve(unquote(address)).kwargs == {"ref": ref}


@pytest.mark.parametrize("doi", ["10.1145/3292500", "10.1145/3292500/vote", "10.1145/save/x"])
def test_what_one_does_to_a_paper_stands_last(doi):
    ref = Ref("doi", doi)

    address = reverse("papers:paper_vote", args=[ref])

    assert address == f"/papers/doi/{doi}/vote"
    assert resolve(address).view_name == "papers:paper_vote"
    assert resolve(address).kwargs == {"ref": ref}


def test_a_doi_in_capitals_names_the_same_paper():
    assert resolve("/papers/doi/10.1145/ABC").kwargs == {"ref": Ref("doi", "10.1145/abc")}


@pytest.mark.parametrize("address", ["doi/10.1145/", "doi/10/abc", "openreview/a b", "doi/x"])
def test_an_address_with_a_prefix_and_no_id_is_none(address):
    with pytest.raises(Resolver404):
        resolve(f"/papers/{address}")


def test_an_old_id_with_its_subject_names_the_same_paper():
    found = resolve("/papers/math.GT/0309136")

    assert found.kwargs == {"ref": Ref("arxiv", "math/0309136")}


@pytest.mark.parametrize("text", ["", "2401", "2401.00001/", "2401.00001v2", "arxiv/2401.00001"])
def test_what_names_no_paper_is_refused(text):
    with pytest.raises(ValueError, match="names no paper"):
        parse_ref(text)
    with pytest.raises(Resolver404):
        assert resolve(f"/papers/{text}x")


def test_what_one_does_to_a_paper_is_listed_once():
    routes = [str(pattern.pattern) for apps in get_resolver().url_patterns
              for pattern in getattr(apps, "url_patterns", [apps])]  # fmt: skip
    acts = {found[1] for route in routes if (found := re.search("<paper:ref>/(.+)", route))}

    assert acts == set(ACTS)
