"""Text with formulas as HTML: MathML from TeX, everything else escaped.

The converter is somebody else's and made for trusted input, so nothing it writes is
taken over: its output is parsed, checked against a list and written out anew. A formula
that it cannot do, or does wrongly, is shown as its TeX source.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import defusedxml.ElementTree as SafeET
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from latex2mathml.converter import convert

from common.tex import Segment, segments
from common.tex_prose import untex
from common.tex_symbols import nesting

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# From 21,000 real abstracts: one formula has more than 800 characters, the deepest goes
# 6 groups down, the busiest abstract has 40 formulas.
MAX_FORMULA = 800
MAX_NESTING = 20
MAX_COMMANDS = 200
MAX_FORMULAS = 150

_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_ELEMENTS = frozenset(
    """
    math menclose mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub
    msubsup msup mtable mtd mtext mtr munder munderover
    """.split()  # noqa: SIM905  (a list of these would fill a page)
)
# What the converter leaves escaped after a \big, and a backslash that is meant.
_LITERALS = {r"\{": "{", r"\}": "}", r"\|": "‖", "\\ ": " "}
_CHILDREN = {
    "mfrac": 2,
    "mover": 2,
    "mroot": 2,
    "msub": 2,
    "msubsup": 3,
    "msup": 2,
    "munder": 2,
    "munderover": 3,
}
_ATTRIBUTES: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "accent": "true|false",
        "accentunder": "true|false",
        "columnalign": r"(?:left|right|center)(?: (?:left|right|center)){0,20}",
        "depth": r"-?[0-9.]{1,5}(?:em|ex)?",
        "displaystyle": "true|false",
        "fence": "true|false",
        "form": "prefix|infix|postfix",
        "height": r"-?[0-9.]{1,5}(?:em|ex)?",
        "largeop": "true|false",
        "linethickness": r"[0-9.]{1,4}(?:em|ex|px|pt)?",
        "lspace": r"-?[0-9.]{1,5}(?:em|ex)?",
        "maxsize": r"[0-9.]{1,4}(?:em|ex|%)?",
        "minsize": r"[0-9.]{1,4}(?:em|ex|%)?",
        "movablelimits": "true|false",
        "notation": "[a-z ]{1,40}",
        "rspace": r"-?[0-9.]{1,5}(?:em|ex)?",
        "scriptlevel": r"[+-]?[0-3]",
        "separator": "true|false",
        "stretchy": "true|false",
        "symmetric": "true|false",
        "width": r"-?[0-9.]{1,5}(?:em|ex)?",
    }.items()
}
# Those would carry an address, a style or a name into the page, or define macros.
_FORBIDDEN = re.compile(
    r"\\(?:href|url|style|class|cssId|html[A-Za-z]*|data|includegraphics|require|unicode"
    r"|def|edef|gdef|xdef|let|newcommand|renewcommand|providecommand|DeclareMathOperator"
    r"|newenvironment|input|include|special|write|csname|catcode)(?![A-Za-z])"
)
_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<!\\)%", r"\\%"),
        (r"\\(?:bm|pmb|boldmath)(?![A-Za-z])", r"\\boldsymbol"),
        (r"\\(?:mathds|mathbbm|bbm|Bbb)(?![A-Za-z])", r"\\mathbb"),
        (r"\\operatorname\*", r"\\operatorname"),
        (r"\\(?:textnormal|textup|textmd|hbox|mbox|textsc|textsl)(?![A-Za-z])", r"\\text"),
        (r"\\(?:xspace|nonumber|notag|limits|nolimits|allowbreak|protect)(?![A-Za-z])", " "),
        ((r"\\(?:ensuremath|mathrel|mathbin|mathord|mathop|mathopen|mathclose|mathpunct)"
         r"(?![A-Za-z])"), ""),
        (r"\\(?:tiny|scriptsize|footnotesize|small|large|Large)(?![A-Za-z])", ""),
        (r"\\Cal(?![A-Za-z])", r"\\mathcal"),
        (r"\\reals(?![A-Za-z])", r"\\mathbb{R}"),
        (r"\\label\{[^{}]{0,100}\}", ""),
        # What authors define in their papers and use in their abstracts all the same.
        (r"\\([CNQRZ])\1?(?![A-Za-z])", r"\\mathbb{\1}"),
        (r"\\eps(?![A-Za-z])", r"\\epsilon"),
        (r"\\bigO(?![A-Za-z])", "O"),
        (r"\\(poly|polylog|argmin|argmax|rank|tr|diag|Hom|Ext|Tor|Aut|End|Spec)(?![A-Za-z])",
         r"\\operatorname{\1}"),
        (r"(?<!\\)~", r"\\;"),
    )
)  # fmt: skip
_ANGLES = re.compile(r"[<>]")
_TEXT_ARGUMENT = re.compile(r"(\\text[a-z]{0,6}\s*\{[^{}]*\})")

_STYLES = {
    "bold": "MATHEMATICAL BOLD",
    "italic": "MATHEMATICAL ITALIC",
    "bold-italic": "MATHEMATICAL BOLD ITALIC",
    "double-struck": "MATHEMATICAL DOUBLE-STRUCK",
    "script": "MATHEMATICAL SCRIPT",
    "bold-script": "MATHEMATICAL BOLD SCRIPT",
    "fraktur": "MATHEMATICAL FRAKTUR",
    "bold-fraktur": "MATHEMATICAL BOLD FRAKTUR",
    "sans-serif": "MATHEMATICAL SANS-SERIF",
    "bold-sans-serif": "MATHEMATICAL SANS-SERIF BOLD",
    "monospace": "MATHEMATICAL MONOSPACE",
}
_DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")


class FormulaError(ValueError):
    """The formula cannot be shown as MathML."""


def render_inline(text: str) -> SafeString:
    """Write the text as HTML for inside a paragraph, formulas as MathML."""
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
    # Each part is escaped text or markup written by this module.
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
    markup = _converted(formula.strip(), is_display)
    if not markup:
        raise FormulaError("The formula cannot be shown as MathML.")
    return markup


@lru_cache(maxsize=8_192)
def _converted(formula: str, is_display: bool) -> str:  # noqa: FBT001  (a cache key)
    """The formula's MathML, or nothing. Failures are worth caching as well."""
    if (
        not formula
        or len(formula) > MAX_FORMULA
        or nesting(formula) > MAX_NESTING
        or formula.count("\\") > MAX_COMMANDS
        or _FORBIDDEN.search(formula)
    ):
        return ""
    try:
        # Where there is room, limits stand under and over their sums.
        room = "block" if is_display else "inline"
        tree = SafeET.fromstring(convert(_rewritten(formula), display=room))
        inner = "".join(_markup(child) for child in tree)
    except Exception:  # noqa: BLE001
        # The converter raises errors of its own, but also IndexError, KeyError and
        # RecursionError for input that it never thought of; all mean the same to us.
        return ""
    display = ' display="block"' if is_display else ""
    return f'<math{display} alttext="{escape(formula)}">{inner}</math>'


def _rewritten(formula: str) -> str:
    for pattern, replacement in _REWRITES:
        formula = pattern.sub(replacement, formula)
    # The converter writes angle brackets as they are; its commands for them it escapes.
    return "".join(
        part
        if part.startswith("\\text")
        else _ANGLES.sub(lambda m: "\\lt " if m.group() == "<" else "\\gt ", part)
        for part in _TEXT_ARGUMENT.split(formula)
    )


def _markup(element: Element) -> str:
    """Write an element anew, with what the list allows and nothing else."""
    tag = str(element.tag).removeprefix(_NAMESPACE)
    if tag not in _ELEMENTS or tag == "math":
        raise FormulaError(f"An element {tag} has no place in a formula.")
    if len(element) != _CHILDREN.get(tag, len(element)):
        raise FormulaError(f"Something is missing in an {tag}.")
    text = element.text or ""
    text = _LITERALS.get(text, text)
    if re.match(r"\\.", text):
        raise FormulaError(f"The converter does not know {text}.")
    attributes = ""
    for name, value in element.attrib.items():
        if name in {"href", "style", "class", "id", "src"}:
            raise FormulaError(f"An attribute {name} has no place in a formula.")
        if name == "mathvariant":
            text = _styled(text, value)
            # Browsers slant a lone letter by themselves, unless told not to.
            attributes += ' mathvariant="normal"' if value == "normal" else ""
        elif name in _ATTRIBUTES and _ATTRIBUTES[name].fullmatch(value):
            attributes += f' {name}="{value}"'
    inner = escape(text) + "".join(_markup(child) + escape(child.tail or "") for child in element)
    return f"<{tag}{attributes}>{inner}</{tag}>"


def _styled(text: str, variant: str) -> str:
    """Use the letters that Unicode has for a style: browsers dropped the attribute."""
    prefix = _STYLES.get(variant)
    return "".join(_styled_letter(sign, prefix) for sign in text) if prefix else text


@lru_cache(maxsize=1_024)
def _styled_letter(sign: str, prefix: str) -> str:
    name = unicodedata.name(sign, "")
    if sign.isascii() and sign.isdigit():
        rest = f"DIGIT {_DIGITS[int(sign)]}"
    elif name.startswith(("LATIN ", "GREEK ")) and sign.isalpha():
        rest = name.partition(" ")[2].replace(" LETTER", "")
    else:
        return sign
    # Some letters had a place of their own before the mathematical block came.
    older = prefix.removeprefix("MATHEMATICAL ").replace("FRAKTUR", "BLACK-LETTER")
    for candidate in (f"{prefix} {rest}", f"{older} {rest}"):
        try:
            return unicodedata.lookup(candidate)
        except KeyError:
            continue
    return sign
