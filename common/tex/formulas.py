"""Where formulas stand in a text: between dollar signs, brackets, or in environments."""

from __future__ import annotations

import re

from common.tex.tables import UNITS

MAX_FORMULA = 2_000

# Characters that never occur in prose between two dollar signs.
_SIGNS_OF_MATHS = re.compile(r"[\\^_{}=<>|+*]")
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}(?![A-Za-z])")
_AMOUNT = re.compile(r"[0-9.,±\s-]*[0-9]\s*([A-Za-z]{1,3})")
_TERMS = re.compile(r"[a-z]{1,3}(?:\s*[-,/]\s*[a-z]{1,3})+")
_APPLIED = re.compile(r"[A-Za-z]+\([A-Za-z0-9, ]+\)")
_FUNCTIONS = frozenset(
    """
    arccos arcsin arctan arg cos cosh cot deg det dim exp gcd inf ker lg lim ln log max min
    mod poly polylog sec sin sinh sup tan tanh
    """.split()  # noqa: SIM905  (a list of these would fill a page)
)
_SHORT_WORDS = frozenset(
    "a an and as at by for in is it of on or per so the to we".split()  # noqa: SIM905  (as above)
)
# A dollar sign within braces belongs to a text in the formula: \text{if $x$}.
_BRACE_OR_DOLLAR = re.compile(r"\\.|[{}$]", re.DOTALL)
_MAX_INNER_DOLLARS = 8


def formula_at(text: str, at: int, opening: str) -> tuple[int, int, int] | None:
    """Return where the formula starts and ends, and where its closing delimiter ends.

    `opening` is the delimiter at the position `at`. A dollar sign is money rather than maths when
    nothing closes it, when a digit follows the closing one ("$5 and $10"), or when the text
    between the two reads as prose.
    """
    start = at + len(opening)
    if opening == "$":
        end = _closing_dollar(text, start)
        if end <= start or _is_money(text[start:end], text[end + 1 : end + 2]):
            return None
    else:
        closing = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}[opening]
        end = text.find(closing, start, start + MAX_FORMULA)
        if end <= start:
            return None
    closing_length = 1 if opening == "$" else 2
    return (start, end, end + closing_length) if text[start:end].strip() else None


def _closing_dollar(text: str, start: int) -> int:
    """Return the next dollar sign outside of braces, else the next one, else -1."""
    depth = 0
    dollars: list[int] = []
    for match in _BRACE_OR_DOLLAR.finditer(text, start, start + MAX_FORMULA):
        sign = match.group()
        if sign == "$":
            if depth <= 0:
                return match.start()
            dollars.append(match.start())
            if len(dollars) == _MAX_INNER_DOLLARS:
                break
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
    return dollars[0] if dollars else -1


def _is_money(inner: str, after: str) -> bool:
    if not any(map(str.isalnum, inner)):
        return False
    return reads_as_prose(inner) or (after.isdigit() and not _SIGNS_OF_MATHS.search(inner))


def reads_as_prose(inner: str) -> bool:
    """Return whether the text between two delimiters is words rather than a formula.

    A formula has a character that only formulas contain, or no word of two letters or more
    ("log" aside), or is a quantity ("7 TeV"), a row of short terms or all in capitals.
    """
    if _SIGNS_OF_MATHS.search(inner):
        return False
    words = {word.lower() for word in _WORD.findall(inner)} - _FUNCTIONS
    if not words or " " not in inner.strip() + inner:
        return False
    if (amount := _AMOUNT.fullmatch(inner.strip())) and amount[1].lower() in UNITS:
        return False
    if inner.isupper() or (_TERMS.fullmatch(inner.strip()) and not words & _SHORT_WORDS):
        return False
    if len(words) > 1:
        return True
    is_applied = _APPLIED.fullmatch(inner.strip())
    return (inner[:1].isspace() or inner[:1].isdigit()) and not is_applied
