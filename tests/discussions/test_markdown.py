"""What a comment's Markdown becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discussions.markdown import highlighting
from discussions.markdown.comment_text import MAX_LENGTH, TextError, clean_text
from discussions.markdown.parsing import as_typed, host_of, parse, to_plain
from discussions.models import Comment
from tests.discussions.html_walls import Walls


def html(text: str, *members: str, papers: tuple[str, ...] = ()) -> str:
    known = {username.lower(): username for username in members}
    return parse(clean_text(text)).html(known, papers)


# Words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("**a** _b_ ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>\n"),
        ("# Big", "<h4>Big</h4>\n"),
        ("## Less", "<h5>Less</h5>\n"),
        ("##### Small", "<h6>Small</h6>\n"),
        ("> so they say", "<blockquote>\n<p>so they say</p>\n</blockquote>\n"),
        ("3. c", '<ol start="3">\n<li>c</li>\n</ol>\n'),
        ("a\n\n---", "<p>a</p>\n<hr>\n"),
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"),
        ("&copy; &lt;", "<p>© &lt;</p>\n"),
        ("train.py and README.md", "<p>train.py and README.md</p>\n"),
        ("me@example.com", "<p>me@example.com</p>\n"),
    ],
)
def test_markdown_is_what_people_expect(text, expected):
    assert html(text) == expected


def test_a_task_says_whether_it_is_done():
    page = html("- [x] read\n- [ ] write")

    assert '<input type="checkbox" disabled="" checked="" aria-label="Done"> read' in page
    assert '<input type="checkbox" disabled="" aria-label="To do"> write' in page


def test_a_table_scrolls_in_a_box_that_the_keyboard_reaches():
    page = html("| a | b |\n|---|--:|\n| 1 | 2 |")

    assert page.startswith('<div class="table-box" role="group" aria-label="Table" tabindex="0">')
    assert '<td class="is-end">2</td>' in page


def test_a_fenced_quote_names_its_source():
    page = html("::: quote Section 4.3, <p. 5>\nWe *show* it.\n:::")

    assert page == (
        '<figure class="quoted"><blockquote>\n<p>We <em>show</em> it.</p>\n</blockquote>'
        "<figcaption>Section 4.3, &lt;p. 5&gt;</figcaption></figure>\n"
    )


def test_a_fenced_quote_needs_no_source():
    assert "figcaption" not in html("::: quote\nWe show it.\n:::")


def test_quotes_in_quotes_keep_their_sources():
    page = html(":::: quote outer\na\n\n::: quote inner\nb\n:::\n::::")

    assert page.index("inner") < page.index("outer")


def test_footnotes_lead_there_and_back():
    page = parse("a[^n] b[^n]\n\n[^n]: The note.").html({}, (), key="c7")

    assert 'id="fnref-c7-1-2" href="#fn-c7-1" aria-label="Note 1">1</a>' in page
    assert '<li id="fn-c7-1"><p>The note.' in page
    assert 'href="#fnref-c7-1-2" aria-label="Back to where note 1 is used"' in page


def test_footnotes_of_two_comments_differ():
    first, second = html("a[^1]\n\n[^1]: One."), html("b[^1]\n\n[^1]: Two.")

    assert first.split('"')[3] != second.split('"')[3]


def test_a_footnote_in_a_quote_is_text():
    assert "[^1]: no" in html("> a[^1]\n>\n> [^1]: no")


# Links -----------------------------------------------------------------------------------


def test_a_link_gives_nothing_away_and_no_weight():
    assert html("[x](https://a.org/?b&c)") == (
        '<p><a href="https://a.org/?b&amp;c" rel="nofollow ugc noopener noreferrer">x</a></p>\n'
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:x",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "/relative",
        "/@ada",
        "//host",
        "ftp://a.org",
        "#a",
    ],
)
def test_only_the_web_and_mail_are_linked(address):
    assert "<a" not in html(f"[x]({address}) {address}")


def test_bare_links_keep_their_underscores():
    assert ">https://a.org/b_c_(d)</a>" in html("see https://a.org/b_c_(d)")


def test_a_picture_is_a_link_to_it():
    page = html("![a *chart* of $x$](https://a.org/c.png)")

    assert ">Image: a chart of x</a>" in page
    assert "<img" not in page


def test_a_picture_in_a_link_is_its_words():
    page = html("[![chart](https://a.org/c.png)](https://b.org)")

    assert page.count("<a ") == 1
    assert ">Image: chart</a>" in page


def test_links_are_listed_as_they_are_opened():
    parsed = parse("[a](https://A.org/é) https://b.org mailto:c@d.e ![p](https://e.org/p.png)")

    assert parsed.links == (
        "https://A.org/%C3%A9",
        "https://b.org",
        "mailto:c@d.e",
        "https://e.org/p.png",
    )


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://Arxiv.org./abs", "arxiv.org"),
        ("https://arxiv.org@evil.org/", "evil.org"),
        ("http://[::1", ""),
    ],
)
def test_the_host_is_where_a_link_leads(link, host):
    assert host_of(link) == host


# Names and papers --------------------------------------------------------------------------


def test_a_name_leads_to_its_member():
    assert html("hi @ADA-l!", "Ada-L") == (
        '<p>hi <a class="mention" href="/@Ada-L">@Ada-L</a>!</p>\n'
    )


@pytest.mark.parametrize(
    "text",
    ["@nobody", "a@ada", "`@ada`", "\\@ada", "@adaé", "@ada@b.c", "[@ada](https://a.org)", "/@ada"],
)
def test_what_is_no_name_is_text(text):
    assert 'class="mention"' not in html(text, "ada")


def test_names_are_listed_once_in_order():
    assert parse("@bob @Ada @BOB `@eve`").names == ("bob", "ada")


def test_who_is_named_in_a_quote_is_not_addressed():
    parsed = parse("> @bob said\n\n@ada")

    assert parsed.names == ("bob", "ada")
    assert parsed.addressed == ("ada",)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2401.12345v2", "2401.12345v2"),
        ("(2401.12345)", "2401.12345"),
        ("arXiv:2401.12345", "arXiv:2401.12345"),
        ("arxiv: 2401.12345", "arxiv: 2401.12345"),
        ("https://arxiv.org/abs/2401.12345v3", "arXiv:2401.12345v3"),
        ("<https://www.arxiv.org/abs/2401.12345>", "arXiv:2401.12345"),
        ("arxiv.org/abs/2401.12345", "arXiv:2401.12345"),
    ],
)
def test_a_paper_that_we_have_is_linked(text, shown):
    page = html(text, papers=("2401.12345",))

    assert f'<a class="paper" href="/papers/2401.12345">{shown}</a>' in page


def test_a_paper_named_with_its_old_archive_is_linked():
    page = html("arXiv:hep-th/9901001", papers=("hep-th/9901001",))

    assert 'href="/papers/hep-th/9901001"' in page


def test_a_paper_that_we_lack_is_linked_where_it_was_meant():
    assert 'href="https://arxiv.org/abs/2401.12345v2"' in html("arXiv:2401.12345v2")


@pytest.mark.parametrize(
    "text", ["2401.12345", "2413.12345", "12401.12345", "2401.12345.6", "a2401.12345"]
)
def test_a_number_is_a_number(text):
    assert html(text) == f"<p>{text}</p>\n"


def test_a_number_with_an_impossible_month_is_no_paper():
    assert parse("2413.12345 and 2401.12345").paper_ids == ("2401.12345",)


# Formulas ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["$a_b$", r"\(a_b\)", "x $a_b$ y", "[$a_b$](https://a.org)"])
def test_formulas_stand_in_the_line(text):
    assert '<math alttext="a_b">' in html(text)


@pytest.mark.parametrize(
    "text", ["$$a$$", r"\[a\]", "$$\na\n$$", "so\n$$\na\n$$\nthen", "> $$\n> a\n> $$", "x $$a$$ y"]
)
def test_displayed_formulas_are_blocks(text):
    assert '<math display="block" alttext="a">' in html(text)


@pytest.mark.parametrize("text", ["$5 and $10", r"\$x\$", "costs $5", r"\[citation needed\]"])
def test_money_and_brackets_are_not_maths(text):
    assert "<math" not in html(text)


def test_emphasis_does_not_reach_into_a_formula():
    assert "<em>" not in html("$a_b$ and $c_d$, $e*f$ and $g*h$")


def test_a_formula_that_fails_shows_its_source():
    assert html(r"$\href{x}{<y>}$") == ('<p><code class="tex">$\\href{x}{&lt;y&gt;}$</code></p>\n')


def test_nobody_can_type_the_place_of_a_formula():
    page = html("$x$ \ufdd00\ufdd1 &#xFDD0;0&#xFDD1; http://a.org/%EF%B7%900%EF%B7%91")

    assert page.count("<math") == 1
    assert "\ufdd0" not in page


# Code ----------------------------------------------------------------------------------------


def test_code_is_shown_in_colour():
    page = html("```python\ndef f(): return '<b>'\n```")

    assert '<span class="hl-keyword">def</span> <span class="hl-name">f</span>()' in page
    assert "'&lt;b&gt;'" in Walls(page).text.replace("<b>", "&lt;b&gt;")


@pytest.mark.parametrize(
    "fence", ["```\nif 1:\n```", "```brainfuck\nif 1:\n```", "```py\n" + "if 1:\n" * 600 + "```"]
)
def test_code_of_no_known_language_or_too_long_is_plain(fence):
    assert "<span" not in html(fence)


@given(st.sampled_from(sorted(highlighting.LANGUAGES)), st.text(max_size=60))
def test_colour_changes_no_letter_of_the_code(language, code):
    code = code.replace("\r", "")

    assert Walls(highlighting.highlight(code, language)).text == code


# Limits ----------------------------------------------------------------------------------------


def test_the_limit_is_that_of_the_model():
    assert MAX_LENGTH == Comment.MAX_LENGTH


def test_a_comment_of_the_greatest_length_is_taken():
    assert len(clean_text("é" * 10_000 + "\r\n" * 9)) == 10_000


@pytest.mark.parametrize("length", [10_001, 1_000_000])
def test_a_comment_that_is_too_long_is_refused_with_figures(length):
    with pytest.raises(TextError, match=f"10,000 characters fit, and this text has {length:,}"):
        clean_text("x" * length)


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u200b\u200d\u2060", "\u3164\u2800", "\x00", "\u0301"]
)
def test_a_text_that_shows_nothing_is_refused(text):
    with pytest.raises(TextError, match="Write something first"):
        clean_text(text)


@pytest.mark.parametrize(
    "text", ["[a]: https://a.org", "[^1]: a note", "---", "&nbsp;", "[](https://a.org)"]
)
def test_markdown_that_shows_nothing_is_refused(text):
    with pytest.raises(TextError, match="Write something first"):
        parse(text)


def test_nesting_that_would_lose_text_is_refused():
    with pytest.raises(TextError, match="10 levels deep"):
        parse("> " * 30 + "a")


def test_links_that_would_fill_megabytes_are_refused():
    with pytest.raises(TextError, match="long links"):
        parse(f"[a]: http://x/{'y' * 4_900}\n\n" + "[a]" * 1_600)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
        ("e\u0301", "é"),
        ("a\u202eb\u200bc\x00d\ufdd0", "abcd"),
        ("a  \nb\t\n\n", "a\nb"),
        ("a" + "\u0323" * 99, "ạ" + "\u0323" * 3),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("    code", "    code"),
    ],
)
def test_a_text_is_kept_without_what_hides_or_climbs(typed, kept):
    assert clean_text(typed) == kept


def test_entities_hide_nothing_either():
    assert html("a&#x202e;b" + "&#x323;" * 99) == "<p>ab" + "\u0323" * 4 + "</p>\n"


# Plain -----------------------------------------------------------------------------------------


def test_plain_text_has_no_markup():
    text = "# So\n\n- **a** `b` [c](https://d.e)\n- $x^2$ ![f](https://g.h/i) @ada"

    assert to_plain(text) == "So a b c x² f @ada"


def test_plain_text_is_cut_between_words():
    assert to_plain("one two three", 10) == "one two…"


def test_plain_text_is_not_what_was_quoted():
    assert to_plain("> they said\n\nI say") == "I say"
    assert to_plain("> they said") == "they said"


def test_plain_text_for_a_line_reads_no_more_than_it_needs():
    assert to_plain("**a** " * 900 + "`" * 9_000, 5) == "a a…"


def test_a_text_that_is_refused_today_has_plain_words_all_the_same():
    assert to_plain("> " * 30 + "a") == ("> " * 30 + "a")


def test_a_text_that_is_refused_today_can_be_shown_as_typed():
    assert as_typed("<a>\nb") == "<p>&lt;a&gt;<br>b</p>"
