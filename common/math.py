"""Text with formulas as HTML: MathML Core from TeX, everything else escaped.

The converter is math-core (decision 0013). It escapes what members type; its tags are still
checked against a list, since it also supports colors, labels and links. A formula that it does
not support is shown as its TeX source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree as SafeET
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from math_core import LatexError, LatexToMathML

from common.tex import Segment, segments
from common.tex_prose import untex
from common.tex_symbols import nesting

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# From 21,000 real abstracts: one formula has more than 800 characters, the deepest nests 6
# groups, and no abstract has more than 40 formulas.
MAX_FORMULA = 800
MAX_NESTING = 20
MAX_COMMANDS = 200
MAX_FORMULAS = 150
# A macro that a formula defines can double its length with each use.
MAX_MARKUP = 100_000

# Commands of packages that the converter does not support, and commands that authors define in
# their papers but use in their abstracts.
_MACROS = {
    "allowbreak": "", "protect": "", "xspace": "",
    "ensuremath": "#1", "smash": "#1",
    "hbox": r"\text{#1}", "makebox": r"\text{#1}", "mbox": r"\text{#1}",
    "textmd": r"\text{#1}", "textnormal": r"\text{#1}", "textsc": r"\text{#1}",
    "textsl": r"\text{#1}", "textup": r"\text{#1}",
    "bbm": r"\mathbb{#1}", "mathbbm": r"\mathbb{#1}", "mathds": r"\mathbb{#1}",
    "mathbold": r"\boldsymbol{#1}", "pmb": r"\boldsymbol{#1}",
    "Cal": r"\mathcal{#1}", "roman": r"\mathrm{#1}", "scr": r"\mathcal{#1}",
    "C": r"\mathbb{C}", "Q": r"\mathbb{Q}",
    "CC": r"\mathbb{C}", "NN": r"\mathbb{N}", "QQ": r"\mathbb{Q}", "RR": r"\mathbb{R}",
    "ZZ": r"\mathbb{Z}",
    "bigO": "O", "comp": r"\circ", "dotsc": r"\ldots", "dotsm": r"\cdots", "eps": r"\epsilon",
    "intop": r"\int", "lsim": r"\lesssim", "o": "ø", "slash": "/", "smallsetminus": r"\setminus",
    "thicksim": r"\sim", "varpropto": r"\propto",
} | {
    name: rf"\operatorname{{{name}}}"
    for name in "Aut End Ext Hom Spec Tor diag poly polylog rank tr".split()  # noqa: SIM905
}  # fmt: skip
_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # A percent sign starts a comment in TeX; authors mean per cent.
        (r"(?<!\\)([%#])", r"\\\1"),
        (r"\\/", ""),
        (r"\{smallmatrix\}", "{matrix}"),
        (r"\\(?:tiny|scriptsize|footnotesize|small|large|Large)(?![A-Za-z])", ""),
        (r"\\label\{[^{}]{0,100}\}", ""),
        # Equations have no numbers here.
        (r"\\(begin|end)\{(align|equation|gather|multline)\}", r"\\\1{\2*}"),
    )
)
_NAMED_BY_NUMBER = re.compile(r"\\unicode\{x([0-9A-Fa-f]{2,4})\}")
_ELEMENTS = frozenset(
    """
    b code em i menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot
    mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover
    """.split()  # noqa: SIM905  (a list of these would fill a page)
)
_ATTRIBUTES = frozenset(
    """
    accent accentunder depth displaystyle fence form height largeop linethickness lspace
    mathvariant maxsize minsize movablelimits notation rspace scriptlevel separator stretchy
    symmetric voffset width
    """.split()  # noqa: SIM905  (as above)
)
# The content policy allows no inline styles. These can be attributes.
_WIDTH = re.compile(r"(?:margin-left|width):(-?[0-9.]+r?em);?")
_ALIGNED = re.compile(r"text-align: (left|right);")

_BETTER = (
    # XML does not define this entity.
    ("&ApplyFunction;", "\u2061"),
    # Without a maths font, a combining line appears beside its letter.
    ("\u0332</mo></mover>", "‾</mo></mover>"),
    ("\u0332</mo></munder>", "_</mo></munder>"),
)

_converter = LatexToMathML(
    macros=_MACROS, allow_unreliable_rendering=True, fancy_error=False, max_expansions=MAX_COMMANDS
)


class FormulaError(ValueError):
    """The formula cannot be shown as MathML."""


def render_inline(text: str) -> SafeString:
    """Return the text as HTML for use in a paragraph, with formulas as MathML."""
    parts: list[str] = []
    formula_count = 0
    for segment in segments(text):
        if segment.formula is None:
            prose = untex(segment.source).replace("\\$", "$")
            parts.append(escape(prose))
            continue
        formula_count += 1
        if formula_count <= MAX_FORMULAS:
            parts.append(_formula_html(segment))
        else:
            parts.append(_source_html(segment.source))
    # Each part is escaped text or markup that passed this module's lists.
    return mark_safe("".join(parts))  # noqa: S308


def _formula_html(segment: Segment) -> str:
    try:
        return to_mathml(segment.formula or "", is_display=segment.is_display)
    except FormulaError:
        return _source_html(segment.source)


def _source_html(source: str) -> str:
    return f'<code class="tex">{escape(source)}</code>'


def to_mathml(formula: str, *, is_display: bool = False) -> str:
    """Convert one formula, or raise `FormulaError`."""
    formula = formula.strip()
    if (
        not formula
        or len(formula) > MAX_FORMULA
        or nesting(formula) > MAX_NESTING
        or formula.count("\\") > MAX_COMMANDS
    ):
        raise FormulaError("The formula is empty, or longer than formulas are.")
    try:
        # In display mode, limits go under and over their sums.
        markup = _converter.convert_with_local_state(_rewritten(formula), displaystyle=is_display)
    except LatexError as error:
        raise FormulaError(str(error)) from error
    if len(markup) > MAX_MARKUP:
        raise FormulaError("The formula grows too long.")
    inner = checked(markup)
    display = ' display="block"' if is_display else ""
    return f'<math{display} alttext="{escape(formula)}">{inner}</math>'


def checked(markup: str) -> str:
    """Return the content of the converter's `math` element, rewritten from the allow lists.

    The converter does not escape everything: it keeps "<" in the name of an operator.
    """
    for written, meant in _BETTER:
        markup = markup.replace(written, meant)
    try:
        tree = SafeET.fromstring(markup)
    except ParseError as error:
        raise FormulaError(str(error)) from error
    return "".join(map(_markup, tree))


def _rewritten(formula: str) -> str:
    for pattern, replacement in _REWRITES:
        formula = pattern.sub(replacement, formula)
    return _NAMED_BY_NUMBER.sub(_character, formula)


def _character(match: re.Match[str]) -> str:
    sign = chr(int(match[1], 16))
    return sign if sign.isprintable() else ""


def _markup(element: Element) -> str:
    """Rewrite an element with only what the lists allow."""
    inner = escape(element.text or "") + "".join(
        _markup(child) + escape(child.tail or "") for child in element
    )
    tag = str(element.tag)
    if tag == "span":
        return inner
    if tag not in _ELEMENTS:
        raise FormulaError(f"An element {tag} has no place in a formula.")
    attributes = "".join(_attribute(tag, *each) for each in element.attrib.items())
    return f"<{tag}{attributes}>{inner}</{tag}>"


def _attribute(tag: str, name: str, value: str) -> str:
    if name == "style" and tag == "mspace" and (width := _WIDTH.fullmatch(value)):
        name, value = "width", width[1]
    elif name == "style" and tag == "mtd" and (side := _ALIGNED.match(value)):
        name, value = "columnalign", side[1]
    elif name not in _ATTRIBUTES:
        return ""
    return f' {name}="{escape(value)}"'
