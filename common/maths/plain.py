"""Formulas and single commands as plain text, for feeds, mail, BibTeX and RIS."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import defusedxml.ElementTree as SafeET
from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import LatexWalkerParseError

from common.maths.mathml import FormulaError, to_mathml

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

_SUPERSCRIPTS = dict(zip("0123456789+-−=()niT′∗", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵀ′*", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
_ACCENTS = {
    "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "‾": "\u0304", "¯": "\u0304",
    "→": "\u20d7", "˙": "\u0307", "¨": "\u0308", "ˇ": "\u030c", "˘": "\u0306", "´": "\u0301",
    "`": "\u0300",
}  # fmt: skip
_DOUBLE_STRUCK = re.compile("[𝔸-𝕫𝟘-𝟡]")
_STYLED = re.compile("[\U0001d400-\U0001d7ffℬℰℱℋℐℒℳℛℯℊℴℭℌℑℜℨ]")
_RELATION = re.compile(r"\s*([=<>≤≥≪≫≈∼≃≅≡≠∝∈∉⊂⊆→↦⇒⟶])\s*")
_WIDE = re.compile(r"0\.1[6-9]|0\.[2-9]|[1-9]")
# A variation selector and the sign for applying a function.
_UNSEEN = re.compile("[\ufe00\u2061]")
_COMMAND = re.compile(r"\\([A-Za-z]+)\s*|\\(.)", re.DOTALL)
_SIZES = re.compile(
    r"\\(?:left|right|[bB]igg?[lrm]?|displaystyle|textstyle|limits|rm|bf|it|cal)(?![A-Za-z])"
)


@lru_cache(maxsize=1)
def _converter() -> LatexNodes2Text:
    return LatexNodes2Text(math_mode="text", keep_comments=True)


@lru_cache(maxsize=4_096)
def symbol(name: str) -> str:
    """Return the character or word for a command without arguments, or ""."""
    try:
        text = str(_converter().latex_to_text(f"\\{name}", tolerant_parsing=False))
    except (LatexWalkerParseError, ValueError, IndexError, KeyError, TypeError):
        text = ""
    if len(text) <= 4 and text.strip() and "\\" not in text:
        return text
    # What is short for a Greek letter in a formula may be anything else outside.
    if len(name) <= 2 and name.islower():
        return ""
    try:
        return _linear(f"\\{name}")
    except FormulaError:
        return ""


@lru_cache(maxsize=4_096)
def plain_maths(formula: str) -> str:
    """Return a formula as plain text: × for `\\times`, n² for `n^2`, SL for `\\SL`."""
    try:
        plain = _linear(formula)
    except FormulaError:
        plain = _without_markup(formula) or formula
    has_space = " " in formula.strip()
    plain = _RELATION.sub(r" \1 " if has_space else r"\1", plain)
    return " ".join(plain.split())


def _linear(formula: str) -> str:
    return _text(SafeET.fromstring(to_mathml(formula)))


def _text(element: Element) -> str:
    write = _WRITERS.get(str(element.tag))
    parts = [_text(child) for child in element]
    try:
        return write(element, *parts) if write else "".join(parts)
    except TypeError:
        # The converter wrote another number of parts than the element has.
        return "".join(parts)


def _token(element: Element, *_parts: str) -> str:
    return _unstyled("".join(element.itertext()))


def _space(element: Element) -> str:
    return " " if _WIDE.match(element.get("width", "")) else ""


def _over(element: Element, base: str, over: str) -> str:
    accent = _ACCENTS.get(over)
    return base[0] + accent + base[1:] if accent and base else base + _raised(over)


def _under(element: Element, base: str, under: str) -> str:
    return base if under == "_" else base + _lowered(under)


def _under_and_over(element: Element, base: str, under: str, over: str) -> str:
    return base + _lowered(under) + _raised(over)


def _fraction(element: Element, upper: str, lower: str) -> str:
    is_binomial = element.get("linethickness") == "0"
    return f"{upper} {lower}" if is_binomial else f"{_grouped(upper)}/{_grouped(lower)}"


def _root(element: Element, radicand: str, degree: str = "") -> str:
    return f"{_mapped(degree, _SUPERSCRIPTS) or degree}√{_grouped(radicand)}"


_WRITERS: dict[str, Callable[..., str]] = {
    **dict.fromkeys(["mi", "mn", "mo", "mtext"], _token),
    **dict.fromkeys(["msup", "mover"], _over),
    **dict.fromkeys(["msub", "munder"], _under),
    **dict.fromkeys(["msubsup", "munderover"], _under_and_over),
    "mspace": _space,
    "mphantom": lambda _element, *_parts: "",
    "mfrac": _fraction,
    "msqrt": lambda element, *parts: _root(element, "".join(parts)),
    "mroot": _root,
    "mtr": lambda _element, *parts: " ".join(filter(None, parts)),
    "mtable": lambda _element, *parts: "; ".join(filter(None, parts)),
}


def _unstyled(text: str) -> str:
    """Write 𝐱 and ℒ as x and L; ℝ stays."""
    return _STYLED.sub(
        lambda found: (
            found[0] if _DOUBLE_STRUCK.match(found[0]) else unicodedata.normalize("NFKC", found[0])
        ),
        _UNSEEN.sub("", text),
    )


def _mapped(text: str, signs: dict[str, str]) -> str:
    return "".join(signs[each] for each in text) if text and {*text} <= signs.keys() else ""


def _raised(text: str) -> str:
    return _mapped(text, _SUPERSCRIPTS) or (f"^{_grouped(text)}" if text else "")


def _lowered(text: str) -> str:
    return _mapped(text, _SUBSCRIPTS) or (f"_{_grouped(text)}" if text else "")


def _grouped(text: str) -> str:
    return text if len(text) == 1 or text.isalnum() else f"({text})"


def _without_markup(formula: str) -> str:
    """What is left of a formula that cannot be converted: macros by their names."""
    source = _SIZES.sub("", formula)
    source = _COMMAND.sub(lambda found: _named(found[1]) if found[1] else _sign(found[2]), source)
    source = re.sub(r"[{}]|(?<=[_^])\s+", "", source.replace("~", " ")).replace("&", " ")
    source = re.sub(r"\^([0-9nT])(?![0-9A-Za-z])", lambda found: _raised(found[1]), source)
    return re.sub(r"_([0-9])(?![0-9A-Za-z])", lambda found: _lowered(found[1]), source)


def _named(name: str) -> str:
    return symbol(name) or name


def _sign(sign: str) -> str:
    return sign if sign in "{}$%&#_|" else " "
