"""TeX in titles, abstracts and names, as HTML and as plain text."""

from __future__ import annotations

import itertools
import json
import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.tex.nodes import Formula, Tag, Words
from common.tex.parsing import parse
from common.tex.rendering import beginning, plain_name, render_inline, to_html, to_plain
from tests.data import data_folder

TEX = st.lists(
    st.text(st.sampled_from("$$$\\\\{}()[]^_~`'\"-&;%ab 1é\n") | st.characters(codec="utf-8"))
    | st.sampled_from(
        r"""\emph{ \textbf{ {\em {\bf \footnote{ \href{x}{ \begin{equation} \end{equation} \frac
        \sqrt{ \mathbb{ \'{ \c{ \b{eta} `` '' -- \cite{ \ac{ \SI{5}{ \ce{ \left( \right) $$ \[ \]
        \( \) \item \\ \verb| \url{ &lt; &amp; ^{ _{ } { \R \own \own{} \num{2e-13}""".split()  # noqa: SIM905
    ),
    max_size=12,
).map("".join)


def maths_in(text: str) -> list[str]:
    return [node.source for node in parse(text) if isinstance(node, Formula)]


def shown(text: str) -> str:
    """Return the HTML with the source of each formula in place of its MathML."""
    return re.sub(r'<math[^>]* alttext="([^"]*)">.*?</math>', r"⟨\1⟩", render_inline(text))


# Prose ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"Schr\"odinger", "Schrödinger"),
        (r"G\"{o}del and Erd\H{o}s", "Gödel and Erdős"),
        (r"Universit\`a, \c{c}a, \~n", "Università, ça, ñ"),
        (r"{\L}ukasz \v{S}koda, \O rsted", "Łukasz Škoda, Ørsted"),
        (r"Na\"{\i}ve Bayes, \'\i", "Naïve Bayes, í"),
        (r"Journal de l'\'Ecole", "Journal de l'École"),
        ("Poincar\\'{e}--Thurston", "Poincaré–Thurston"),
        (r"Nguy\~ên, Ti\'{\^e}n", "Nguyễn, Tiến"),
        ("e\N{COMBINING ACUTE ACCENT}", "é"),
        ("AT&T and a &b", "AT&T and a &b"),
        (r"\emph{Very} \textbf{bold \textit{words}}", "Very bold words"),
        ("``quoted'' and `so'", "“quoted” and ‘so’"),
        ("don't `stop", "don't `stop"),
        ("Fig.~3, about ~10, http://x.org/~me", "Fig. 3, about ~10, http://x.org/~me"),
        ("pages 1--2---so; use --flag -- ok", "pages 1–2—so; use --flag – ok"),
        (r"10\% of R\&D, a\_b", "10% of R&D, a_b"),
        (r"as shown in~\cite{foo, bar}.", "as shown in."),
        (r"1{,}182 cases at 360{\deg}", "1,182 cases at 360°"),
        (r"\alpha-helix and 10\times faster", "α-helix and 10× faster"),
        (r"\textcolor{red}{New} \url{https://x.org/a_b}", "New https://x.org/a_b"),
        (r"It costs \$5", "It costs $5"),
        (r"the set {1, 2}, {BERT}Score, {Bayes}", "the set {1, 2}, BERTScore, {Bayes}"),
        (r"texttt{D}ual", "Dual"),
    ],
)
def test_prose_is_decoded(source, expected):
    assert to_plain(source) == expected


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (r"\method{}, \ours", r"\method, \ours"),
        (r"\method\ is new", r"\method is new"),
        (r"\SYS{foo} {\tool}", r"\SYS{foo} \tool"),
    ],
)
def test_an_authors_own_macro_is_readable_as_typed(source, html):
    assert render_inline(source) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (r"\emph{$S$-recoverable}", "<em>⟨S⟩-recoverable</em>"),
        (r"{\it $k$-x}", "<em>⟨k⟩-x</em>"),
        (r"\textbf{\emph{a} b}", "<strong><em>a</em> b</strong>"),
        (r"{\bf431}", "<strong>431</strong>"),
        (r"{\em open $x$ to the end", "<em>open ⟨x⟩ to the end</em>"),
        (r"a\textsuperscript{th}", "a<sup>th</sup>"),
    ],
)
def test_emphasis_is_emphasis_with_its_formulas(source, html):
    assert shown(source) == html


@pytest.mark.parametrize(
    ("source", "formulas"),
    [
        (r"O(\sqrt{n log n})", [r"\sqrt{n \log n}"]),
        (r"\frac{a}{b} steps", [r"\frac{a}{b}"]),
        (r"over \mathbb{Z}_2 and \mathbb R^n", [r"\mathbb{Z}_2", r"\mathbb R^n"]),
        (r"\frac{d}{dx}", [r"\frac{d}{dx}"]),
        (r"\alpha_i and \sum_{i=1}^n", [r"\alpha_i", r"\sum_{i=1}^n"]),
        (r"\left( a \right)", [r"\left( a \right)"]),
        (r"\ensuremath{\alpha}", [r"\ensuremath{\alpha}"]),
        ("10^{6} and x_{i}^{2}", ["10^{6}", "x_{i}^{2}"]),
        ("Gal_{Q_p}, CO_{2}", [r"\mathrm{Gal}_{Q_p}", r"\mathrm{CO}_{2}"]),
        (r"C_n^{(1)} and C_\lambda^\alpha", ["C_n^{(1)}", r"C_{\lambda}^\alpha"]),
        (r"\min_{g in G} of min_{g in G}", [r"\min_{g in G}", r"\min_{\text{g in G}}"]),
        ("snake_case and a^b", []),
    ],
)
def test_maths_without_dollar_signs_is_maths(source, formulas):
    assert maths_in(source) == formulas


def test_maths_without_dollar_signs_that_cannot_be_set_is_shown_as_typed():
    assert render_inline(r"so \frac{\own}{2} is") == r"so \frac{\own}{2} is"


@pytest.mark.parametrize(
    ("source", "formula", "is_display"),
    [
        (r"\begin{equation}\sqrt{a}\,=b\end{equation}", r"\sqrt{a}\,=b", True),
        (r"\begin{math}x\end{math}", "x", False),
        (r"\begin{align*}a&=b\end{align*}", r"\begin{align*}a&=b\end{align*}", True),
        (r"\begin{eqnarray}a&=&b\end{eqnarray}", r"\begin{eqnarray}a&=&b\end{eqnarray}", True),
    ],
)
def test_an_environment_of_maths_is_a_delimiter(source, formula, is_display):
    (found,) = parse(source)

    assert (found.source, found.is_display) == (formula, is_display)
    assert "<code" not in render_inline(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\eg, \ie and \etal. or \etc", "e.g., i.e. and et al. or etc."),
        (r"a\thinspace b\hspace{1cm}c\hskip 2em d", "a b c d"),
        (r"We do.\footnote{Code: \url{http://a_b}} So", "We do. (Code: http://a_b) So"),
        (r"We do\footnote{open", "We do (open)"),
        (r"\href{https://x.org/y}{Our code}", "Our code (https://x.org/y)"),
        (r"an \ac{iov} and \acp{LLM}", "an IOV and LLMs"),
        (r"\num{2e-13}, \ce{Ca+}, \ce{H2O}", "2×10⁻¹³, Ca⁺, H₂O"),
        (r"\SI{5}{\kilo\metre\per\second}, \si{\micro\metre}", "5 km/s, µm"),
        (r"the object\'s, we\'re, Ku\'snierz", "the object's, we're, Kuśnierz"),
        (r"We prove it. \end{abstract}", "We prove it."),
        (r"\textless 5 \textgreater", "< 5 >"),
        (r"\begin{itemize}\item a \item b\end{itemize}", "• a • b"),
        (r"``$K$-theory'' of f''", "“K-theory” of f''"),
        ("\"Machiavellian''", '"Machiavellian”'),
        (r"\b{eta}, \r{ho}, \k{appa}, $\r{ho}$", "β, ρ, κ, ρ"),
        (r"W\/ and {\'n}", "W and ń"),
        (r"a\rule[1ex]{1em}{0.4pt}b", "ab"),
        (r"Koz\u\i, ski\u\i", "Kozĭ, skiĭ"),
    ],
)
def test_commands_of_packages_are_read(source, expected):
    assert to_plain(source) == expected


def test_a_link_between_dollar_signs_is_no_formula():
    assert render_inline(r"$\href{https://x.org}{\text{a board}}$") == "a board (https://x.org)"
    assert render_inline(r"$\href{javascript:alert(1)}{x}$") == "x (javascript:alert(1))"


def test_an_entity_that_was_typed_is_decoded_once():
    assert to_plain('Why "&amp;lt;" is not "<" in HTML') == 'Why "&lt;" is not "<" in HTML'
    assert to_plain('Why "&lt;" is not "<" in HTML') == 'Why "&lt;" is not "<" in HTML'
    assert to_plain("R&amp;D, caf&eacute; &#955;") == "R&D, café λ"


@pytest.mark.parametrize("entity", ["&#8238;", "&#x202e;", "&#xfdd0;", "&#x200b;", "&#1;"])
def test_an_entity_brings_in_nothing_that_hides_text(entity):
    assert to_plain(f"a{entity}b") in {"ab", "a\ufffdb"}


def test_an_entity_in_a_formula_is_decoded():
    assert "<code" not in render_inline("$a &lt; b$")


# Formulas -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("$x$ and $y^2$", ["x", "y^2"]),
        ("$5 and $10", []),
        ("$5, $10 or $15", []),
        ("$5 million, or 10$ more", []),
        ("from US$ and A$ to", []),
        ("only $20 per tutor", []),
        ("$100$ images, $3$D, $k$-NN", ["100", "3", "k"]),
        ("$O(n log n)$ time", ["O(n log n)"]),
        (r"\$5 or $x$", ["x"]),
        (r"$a \$ b_1$", [r"a \$ b_1"]),
        (r"a \\ $x$", ["x"]),
        (r"$$E=mc^2$$ \[a\] \(b\)", ["E=mc^2", "a", "b"]),
        ("$$ alone and $", []),
        ("$ $ $$$$", []),
        ("$" + "x" * 3_000 + "$", []),
        ("$7 TeV$ and 13950$-$14200", ["7 TeV", "-"]),
        ("$xpy - yqx$ in $ QGL(n) $", ["xpy - yqx", " QGL(n) "]),
        ("$ T, CP, CPT $ and costs $ 5 or a$ b", [" T, CP, CPT "]),
        (r"$a \text{ if $x$}$ b", [r"a \text{ if $x$}"]),
    ],
)
def test_money_is_told_from_maths(text, formulas):
    assert maths_in(text) == formulas


def test_only_displayed_maths_is_displayed():
    found = [node.is_display for node in parse(r"$a$$$b$$\(c\)\[d\]") if isinstance(node, Formula)]

    assert found == [False, True, False, True]


def test_a_formula_with_a_control_character_is_shown_as_typed():
    assert to_plain("a $\x17$ b") == "a \x17 b"
    assert render_inline("$x\x17$") == '<code class="tex">$x\x17$</code>'


def test_what_stands_in_a_formula_is_not_read_as_prose():
    assert maths_in(r"$\text{a ``y'' ~ --} \%$") == [r"\text{a ``y'' ~ --} \%"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"Full-HD ($1920\times1080$)", "Full-HD (1920×1080)"),
        ("in $O(n^2)$ time", "in O(n²) time"),
        (r"$\mathbb{R}^{N}$", "ℝ^N"),
        (r"$\frac{1}{2}$ of $10\%$", "1/2 of 10%"),
        (r"$\frac{a+b}{2}$ and $\sqrt{n+1}$", "(a+b)/2 and √(n+1)"),
        (r"$x_1^{10}$, H$_2$O", "x₁¹⁰, H₂O"),
        (r"$\theta_{\text{val}} \leq 5\%$", "θ_val ≤ 5%"),
        (r"\$5 and $7", "$5 and $7"),
        (r"$\pi_0$ and $\hat x$", "π₀ and x̂"),
        (r"$\mathsf{E}$ and $\mathcal{L}$", "E and L"),
        (r"$\SL(n)$ versus $\GL(n)$", "SL(n) versus GL(n)"),
        (r"$\MyMacro(n)$ in {\bf $\R$}, \R", "MyMacro(n) in ℝ, ℝ"),
        (r"$\text{S~or~P}$", "S or P"),
        (r"$x$ \text{if $x$}", "x if x"),
        (r"$0.1\ $", "0.1"),
        (r"${\rm ^4He}$", "⁴He"),
        (r"$\rule[0.25em]{1em}{0.4pt}$", ""),
    ],
)
def test_plain_text_reads_like_the_formula(text, plain):
    assert to_plain(text) == plain


# Names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (r"Ji\v{r}\'i {Dvo\v r\'ak}", "Jiří Dvořák"),
        (r"H{\aa}kan \"Ozg\"ur", "Håkan Özgür"),
        ("  van der\n Waals,  J. ", "van der Waals, J."),
        ("李 雷", "李 雷"),
        ("O'Neil", "O'Neil"),
        ("Ren\u00e9 \N{RIGHT-TO-LEFT OVERRIDE}x", "René x"),
        (r"J\{=}anis Probe", "Jānis Probe"),
        (r"Ada Proba\u\i", "Ada Probaĭ"),
        (r"Ben \b{eta}", "Ben β"),
        (r"Mar\'{\I}a Gonz\' alez", "MarÍa González"),
        (r"\and Uno St\ütz", "Uno Stütz"),
        (r"O\'s Probe", "O's Probe"),
    ],
)
def test_names_are_decoded(name, expected):
    assert plain_name(name) == expected


# Beginnings ---------------------------------------------------------------------------------


def lead(text: str, limit: int) -> str:
    return str(to_html(beginning(parse(text), limit)))


def test_a_short_text_is_its_own_beginning():
    assert lead("Short. ", 320) == "Short."


def test_a_beginning_ends_between_words():
    assert lead("one two three", 9) == "one two…"


def test_a_beginning_never_ends_in_a_formula():
    assert lead("Given that $a + b = c + d$ holds", 20) == "Given that…"
    assert lead("Given $a$ and more words", 9).endswith("</math>…")


def test_a_beginning_closes_what_it_opened():
    assert lead(r"\emph{one \textbf{two three}}", 8) == "<em>one <strong>two…</strong></em>"


# What holds for every text ------------------------------------------------------------------


class Balance(HTMLParser):
    """Notes whether every element is closed, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.is_kept = True
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.is_kept = self.is_kept and not self._open

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.is_kept = self.is_kept and bool(self._open) and self._open.pop() == tag


@given(TEX)
def test_html_is_well_formed(text):
    html = str(render_inline(text))

    assert Balance(html).is_kept
    tags = set(re.findall(r"<\s*/?\s*([^\s>/]*)", html))
    assert all(re.fullmatch(r"m[a-z]+|code|em|strong|su[bp]|b|i", tag) for tag in tags)


@pytest.mark.parametrize(
    "form", ["{}", "${}$", r"\emph{{{}}}", r"\href{{{0}}}{{{0}}}", r"\own{{{}}}"]
)
def test_no_payload_becomes_markup(form):
    with (data_folder("hostile") / "xss_html.jsonl").open() as lines:
        payloads = [json.loads(line)["payload"] for line in itertools.islice(lines, 0, None, 20)]

    for payload in payloads:
        html = str(render_inline(form.format(payload)))
        assert Balance(html).is_kept
        tags = set(re.findall(r"<\s*/?\s*([^\s>/]*)", html))
        assert all(re.fullmatch(r"m[a-z]+|code|em|strong|su[bp]|b|i", tag) for tag in tags)


@given(TEX, st.integers(1, 60))
def test_a_beginning_is_well_formed_and_no_longer_than_asked(text, limit):
    nodes = beginning(parse(text), limit)

    assert Balance(str(to_html(nodes))).is_kept
    words = "".join(node.text for node in nodes if isinstance(node, Words))
    assert len(words) <= max(limit + 1, len("…"))


@given(TEX)
def test_plain_text_has_no_tags_and_names_no_braces(text):
    assert not re.search(r"</?(?:m[a-z]+|em|strong|code)[ >]", to_plain(text))
    assert not set(plain_name(text)) & set("{}\\\0")


@given(st.text(st.characters(exclude_characters="$\\{}~`'&-_^", codec="utf-8")))
def test_a_text_without_tex_stays_as_it_is(text):
    once = to_plain(text)

    assert to_plain(once) == once


@given(TEX)
def test_every_tag_is_closed_within_the_nodes(text):
    depth = 0
    for node in parse(text):
        if isinstance(node, Tag):
            depth += -1 if node.is_end else 1
            assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize(
    "piece",
    [
        "$", "$a", "${", "$\\text{$", "\\(", "\\[", "\\cite{", "\\emph{", "\\emph{a}", "{\\em ",
        "&amp;", "&", "amp;", "\\'{", "\\'{\\'{", "\\c{c}", "`", "a~", "-", "\\", "\\alpha",
        "\\begin{a}", "\\begin{equation}", "$x^2$ ", "\\\\$", "{", "}", "{}", '\\"', "$5 a ",
        "\\footnote{", "\\href{x}{", "\\frac", "\\frac{a}", "\\sqrt[", "\\left(", "a_{", "a^{b}",
        "\\SI{5}{", "\\ce{", "\\textcolor{", "\\verb|", "\\mathbb", "\\num{1}", "\\newcommand",
        "``", "\\section*{", "\\hspace", "[", "\\cite[", "\\$", "\\own{", "_{_{",
    ],
)  # fmt: skip
@pytest.mark.parametrize("act", [plain_name, to_plain, render_inline, parse])
def test_no_repetition_makes_it_slow(act, piece):
    text = (piece * 10_000)[:10_000]
    started_at = time.process_time()

    act(text)

    # Quadratic work would take seconds.
    assert time.process_time() - started_at < 1


@pytest.mark.parametrize("words", ["a" * 20_000, "1" * 20_000, "1." * 10_000, "日" * 20_000])
@pytest.mark.parametrize("script", ["_{x}", " _{x}", "_\\alpha", "^\\sqrt{2}"])
def test_a_very_long_word_before_a_script_is_searched_only_at_its_end(words, script):
    formulas = [node for node in parse(words + script) if isinstance(node, Formula)]

    assert all(len(formula.typed) < 200 for formula in formulas)
    assert words[:19_000] in "".join(getattr(node, "text", "") for node in parse(words + script))
