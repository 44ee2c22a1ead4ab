"""Formulas and single commands as plain text."""

from __future__ import annotations

import re
from functools import lru_cache

from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import LatexWalkerParseError

MAX_PLAIN_FORMULA = 1_000
MAX_NESTING = 25

_SUPERSCRIPTS = str.maketrans("0123456789+-=()niT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀ")
_SUBSCRIPTS = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_RAISED = re.compile(r"\^\s*(?:\{\s*([0-9+\-=niT]{1,6})\s*\}|([0-9nT]))")
_LOWERED = re.compile(r"_\s*(?:\{\s*([0-9+\-=]{1,6})\s*\}|([0-9]))")
_SPACING = re.compile(r"\\(?:left|right|[bB]igg?[lrm]?|displaystyle|textstyle|limits)(?![A-Za-z])")
_FONTS = re.compile(
    r"\\(?:mathrm|mathbf|mathit|mathsf|mathtt|boldsymbol|bm|operatorname\*?|text[a-z]{0,6}"
    r"|mbox|mathcal|mathscr|mathfrak|pmb|ensuremath)(?![A-Za-z])"
)


@lru_cache(maxsize=1)
def _converter() -> LatexNodes2Text:
    return LatexNodes2Text(math_mode="text", keep_comments=True)


@lru_cache(maxsize=4_096)
def symbol(name: str) -> str:
    """Return the character for a command without arguments, or ""."""
    try:
        text = str(_converter().latex_to_text(f"\\{name}", tolerant_parsing=False))
    except (LatexWalkerParseError, ValueError, IndexError, KeyError, TypeError):
        return ""
    return text if len(text) <= 4 and text.strip() and "\\" not in text else ""


@lru_cache(maxsize=4_096)
def plain_maths(formula: str) -> str:
    """Return a formula as plain text: × for \\times, n² for n^2, else its source."""
    source = formula.strip()
    if len(source) > MAX_PLAIN_FORMULA or nesting(source) > MAX_NESTING:
        return source
    source = _SPACING.sub("", source)
    source = _RAISED.sub(lambda m: (m[1] or m[2]).translate(_SUPERSCRIPTS), source)
    source = _LOWERED.sub(lambda m: (m[1] or m[2]).translate(_SUBSCRIPTS), source)
    source = _FONTS.sub("", source.replace("~", " "))
    try:
        # A percent sign starts a comment in TeX but means per cent in abstracts.
        plain = str(_converter().latex_to_text(re.sub(r"(?<!\\)%", r"\\%", source)))
    except (LatexWalkerParseError, ValueError, IndexError, KeyError, TypeError):
        return formula.strip()
    return " ".join(plain.split()) or formula.strip()


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
