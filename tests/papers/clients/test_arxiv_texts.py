"""What arXiv's texts give away: authors, withdrawals."""

from __future__ import annotations

import pytest

from papers.clients.arxiv_texts import authors_in, says_withdrawn


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ana Exemplar, Ben Muster", ["Ana Exemplar", "Ben Muster"]),
        ("A. Exemplar and B. Muster", ["A. Exemplar", "B. Muster"]),
        ("A. Exemplar, B. Muster, and C. Probe", ["A. Exemplar", "B. Muster", "C. Probe"]),
        ("A. Exemplar (Lab, City (EX)), B. Muster ((1) U)", ["A. Exemplar", "B. Muster"]),
        ("B. Muster, Jr., A. Probe III", ["B. Muster Jr.", "A. Probe III"]),
        (r"J. M\"uster & \v{S}. Probe", ["J. Müster", "Š. Probe"]),
        ("Alexandre Anderson", ["Alexandre Anderson"]),
        ("", []),
    ],
)
def test_a_line_of_authors_is_split(line, names):
    assert [each.name for each in authors_in(line)] == names


@pytest.mark.parametrize(
    ("comment", "abstract"),
    [
        ("This paper has been withdrawn", "We prove."),
        ("12 pages. This paper has been withdrawn by the author due to an error", "We prove."),
        ("Withdrawn", "We prove."),
        ("withdrawn, the result was known", "We prove."),
        ("6 pages. Withdrawn due to an error in figure 2", "We prove."),
        ("The authors have withdrawn this manuscript", "We prove."),
        ("I request to withdraw this paper", "We prove."),
        ("Paper withdrawn due to conflict of interest", "We prove."),
        ("", "This submission has been withdrawn at the request of the author."),
        ("", "This paper is withdrawn."),
        ("", "The paper submitted has been withdrawn for revision."),
    ],
)
def test_a_withdrawal_is_recognized(comment, abstract):
    assert says_withdrawn(comment=comment, abstract=abstract)


@pytest.mark.parametrize(
    ("comment", "abstract"),
    [
        ("12 pages", "We study withdrawn funds and retracts of graphs."),
        ("This version replaces the previously withdrawn version", "We prove."),
        ("incorrect statement of ver.1 is withdrawn, new examples", "We prove."),
        ("includes arXiv:1702.00001 (the preprint arXiv:1702.00001 has been withdrawn)", "We."),
        ("", "Guaranteed minimum withdrawal benefits are priced in this paper."),
        ("", "We show that a drug withdrawn from the market may help."),
        ("", "x " * 200 + "this paper has been withdrawn"),
    ],
)
def test_what_only_speaks_of_withdrawals_is_none(comment, abstract):
    assert not says_withdrawn(comment=comment, abstract=abstract)
