"""What a group takes along: complete, readable, and the same for a hundred meetings."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from pylatexenc.latex2text import LatexNodes2Text

from groups.transfer import bibliography, group_json, markdown, snapshot
from papers import bibtex
from tests.builders import make_authorship, make_paper
from tests.groups.builders import make_meeting
from tests.groups.full_groups import make_full_group

pytestmark = [pytest.mark.django_db, pytest.mark.dated]


def taken(group):
    return json.loads(group_json.write(snapshot.take(group)))


def test_a_file_names_no_address_and_no_voter(owner):
    group = make_full_group(owner=owner)
    text = group_json.write(snapshot.take(group))

    assert "@example.org" not in text
    slips = json.loads(text)["meetings"][0]["ballot"]["slips"]
    assert {tuple(each) for each in slips} == {("key", "choices")}
    assert [each["key"] for each in slips] == sorted(each["key"] for each in slips)


def test_few_slips_are_withheld():
    group = make_full_group(weeks=1)
    ballot = group.meetings.get(occurs_on="2026-01-01").ballot
    ballot.count |= {"slips": 2}
    ballot.save()

    [said] = [each["ballot"] for each in taken(group)["meetings"] if each["ballot"]]

    assert (said["slips"], said["count"], said["winner"]) == (None, None, 1)


def test_an_open_ballot_is_not_told():
    group = make_full_group(weeks=1)
    ballot = group.meetings.get(occurs_on="2026-01-01").ballot
    ballot.closed_at, ballot.outcome = None, ""
    ballot.save()

    assert not any(each["ballot"] for each in taken(group)["meetings"])


@pytest.mark.parametrize(
    "name", ["export.json", "export.md", "bibliography.bib", "bibliography.ris"]
)
def test_more_meetings_cost_no_more_queries(owner_client, owner, count_queries, name):
    make_full_group("small", owner=owner, weeks=1)
    make_full_group("large", owner=owner, weeks=8)

    few = count_queries(lambda: owner_client.get(f"/groups/small/{name}"))
    many = count_queries(lambda: owner_client.get(f"/groups/large/{name}"))

    assert few == many


def test_the_document_tells_every_meeting(owner_client, owner):
    make_full_group(owner=owner)

    response = owner_client.get("/groups/full/export.md")

    text = response.content.decode()
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert text.startswith("# Full\n\nWe read slowly.")
    assert text.count("### 2026-01-") == 3
    assert "##### Claims\n\n- [ ] Ada: ask" in text
    assert "Presenter: member" in text
    assert "## A book" in text


def test_what_was_typed_in_a_line_is_no_markdown():
    assert markdown.line("# [x](y) *z*\n- a <b>") == r"\# \[x\](y) \*z\* - a \<b\>"
    assert markdown.line("- a") == r"\- a"


def test_a_fence_left_open_swallows_nothing_that_follows():
    assert markdown.below("# A\n```\n# not a heading", 2) == "### A\n```\n# not a heading\n```"


HOSTILE = [
    '100% of $x_1$ & {braces} # ~ ^ \\ "quotes"',
    "On BERT, GPT-4 and ℝⁿ: Ünïcode ß",
    "}} @article{evil, title={x}",
    "{An emoji 😀",
    "Über-naïve Schrödinger",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_is_balanced_and_tex_reads_it_back(title):
    written = bibtex.tex_title(title)

    assert written.replace("😀", "").isascii()
    unescaped = re.sub(r"\\[{}\\]", "", written)
    depth = 0
    for letter in unescaped:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth >= 0
    assert depth == 0
    if title.startswith(("On BERT", "Über")):
        assert LatexNodes2Text().latex_to_text(written).startswith(title[:7])


def test_capitals_are_kept_by_braces():
    assert bibtex.tex_title("Attention for BERT & co") == r"{Attention} for {BERT} {\&} co"


def test_a_bibliography_has_what_arxiv_papers_need(client, group):
    paper = make_paper("1706.03762", title="Attention is all", primary_category="cs.CL")
    make_authorship(paper, "Ashish Vaswani")
    make_authorship(paper, "OpenAI")
    make_meeting(group, paper=paper)

    text = client.get("/groups/readers/bibliography.bib").content.decode()

    assert "@misc{vaswani2026attention," in text
    assert "  author = {Vaswani, Ashish and {OpenAI}}" in text
    for line in ("eprint = {1706.03762}", "archivePrefix = {arXiv}", "primaryClass = {cs.CL}"):
        assert line in text


def test_a_bibliography_in_ris_has_a_record_for_each_paper(client, group):
    paper = make_paper("1706.03762", title="Attention\nER  - is all", doi="10.1000/1")
    make_authorship(paper, "Ashish Vaswani")
    make_authorship(paper, "OpenAI")
    make_meeting(group, day=date(2026, 12, 24), paper=paper)
    make_meeting(group, day=date(2026, 12, 31), paper=make_paper())

    response = client.get("/groups/readers/bibliography.ris")
    first, second, rest = response.content.decode().split("ER  - \r\n\r\n")

    assert response["Content-Type"].startswith("application/x-research-info-systems")
    lines = first.split("\r\n")
    assert lines[:4] == [
        "TY  - UNPB", "TI  - Attention ER - is all", "AU  - Vaswani, Ashish", "AU  - OpenAI",
    ]  # fmt: skip
    assert "DO  - 10.1000/1" in lines
    assert (second.startswith("TY  - UNPB"), rest) == (True, "")


def test_keys_differ(client, group):
    for number in range(3):
        paper = make_paper(title="The same title")
        make_authorship(paper, "Ada Lovelace")
        make_meeting(group, day=date(2026, 12, number + 1), paper=paper)

    keys = re.findall(r"@misc\{([^,]+),", bibliography.write(group))

    assert keys == ["lovelace2026same", "lovelace2026same-2", "lovelace2026same-3"]


def test_a_cancelled_meeting_read_nothing(group):
    make_meeting(group, paper=make_paper(), phase="cancelled")

    assert "@misc" not in bibliography.write(group)


def test_the_page_leads_to_every_file(owner_client, group):
    content = owner_client.get("/groups/readers/export").content

    for name in (b"export.json", b"export.md", b"bibliography.bib", b"bibliography.ris"):
        assert b"/groups/readers/" + name in content
