"""Formulas as MathML Core.

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
from math_core import LatexError, LatexToMathML

from common.maths.macros import MACROS
from common.maths.packages import without_packages
from common.text import NOT_XML

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

_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # A percent sign starts a comment in TeX; authors mean per cent.
        (r"(?<!\\)([%#])", r"\\\1"),
        (r"\\/|\\nolimits(?![A-Za-z])", ""),
        (r"\\sp\s*\*", "^*"),
        (r"\\sp(?![A-Za-z])", "^"),
        (r"\\sb(?![A-Za-z])", "_"),
        (r"\\(left|right|[bB]igg?[lr]?)\s*<", r"\\\1\\langle "),
        (r"\\(left|right|[bB]igg?[lr]?)\s*>", r"\\\1\\rangle "),
        (r"(\\[bB]igg?[lr]?)\{\|\}", r"\1|"),
        (r"([_^]\s*)\\(rm|bf|it|sf|tt|cal)\s*\{", r"\1\\math\2{"),
        (
            r"\\(?:mbox|hbox|text)\s*\{\s*\\(rm|bf|it|sf|tt)(?![A-Za-z])\s*([^{}$\\]*)\}",
            r"\\math\1{\2}",
        ),
        (r"\\(?:mbox|hbox|text)\s*\{\s*\\boldmath\s*\$?([^{}$]*)\$?\s*\}", r"\\boldsymbol{\1}"),
        (r"\\operatorname\*?\{(\\math[a-z]+\{[^{}]*\})\}", r"\1"),
        (r"\\rule\s*(?:\[[^\[\]]*\])?\{[^{}]*\}\{[^{}]*\}", ""),
        # See BROKEN_GREEK.
        (r"\\([bcdkrtuv])\{(appa|arepsilon|arphi|au|elta|eta|heta|hi|ho|psilon)\}", r"\\\1\2 "),
        (r"\{smallmatrix\}", "{matrix}"),
        (r"\\(?:tiny|scriptsize|footnotesize|small|large|Large)(?![A-Za-z])", ""),
        (r"\\(?:label|tag\*?)\{[^{}]{0,100}\}|\\(?:nonumber|notag)(?![A-Za-z])", ""),
        # Entities that the authors typed.
        (r"&lt;", "<"),
        (r"&gt;", ">"),
        (r"&amp;", "&"),
        # A text within a formula within a text.
        (r"\$([^$]{0,200})\$", r"}\1\\text{"),
        (r"\A\s*([0-9.,±\s-]*[0-9])\s*([A-Za-z]{2,3})\s*\Z", r"\1\\,\\mathrm{\2}"),
        (r"(\\(?:begin|end)\{)eqnarray(\*?\})", r"\1align\2"),
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
    macros=MACROS, allow_unreliable_rendering=True, fancy_error=False, max_expansions=MAX_COMMANDS
)


class FormulaError(ValueError):
    """The formula cannot be shown as MathML."""


def to_mathml(formula: str, *, is_display: bool = False) -> str:
    """Convert one formula, or raise `FormulaError`."""
    formula = stripped(formula)
    if (
        not formula
        or len(formula) > MAX_FORMULA
        or nesting(formula) > MAX_NESTING
        or formula.count("\\") > MAX_COMMANDS
        or NOT_XML.search(formula)
    ):
        raise FormulaError("The formula is empty, longer than formulas are, or no text.")
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


def stripped(formula: str) -> str:
    """Return the formula without spaces around it; the one in a last `\\ ` is part of it."""
    shorter = formula.strip()
    return f"{shorter} " if re.search(r"(?<!\\)(?:\\\\)*\\\Z", shorter) else shorter


def _rewritten(formula: str) -> str:
    formula = without_packages(formula)
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


def nesting(source: str) -> int:
    """Return the nesting depth of a formula's groups, whether or not they are closed."""
    depth = deepest = 0
    for sign in source:
        if sign in "{[(":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "}])":
            depth = max(depth - 1, 0)
    return deepest
