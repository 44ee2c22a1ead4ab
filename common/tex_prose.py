"""TeX outside of formulas: accents, quotes, dashes and the commands of prose."""

from __future__ import annotations

import re
import unicodedata

from common.tex_symbols import symbol

_COMBINING = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
}
# An accent that is a sign may touch its letter; one that is a letter needs a brace
# or a space, or else \c is the beginning of \cite.
_BARE = r"\\[ij](?![A-Za-z])|[^\W\d_]"
_ACCENT = re.compile(
    r"\\(?:(?P<sign>[`'^~=.\"])\s*"
    rf"(?:\{{\s*(?P<braced>\\?[^\W\d_]\s*)\}}|(?P<bare>{_BARE}))"
    r"|(?P<letter>[urHvdckb])"
    rf"(?:\s*\{{\s*(?P<braced_too>\\?[^\W\d_]\s*)\}}|\s+(?P<bare_too>{_BARE})(?![A-Za-z]*\{{)))"
)
# Commands that the library does not support, or not as prose.
_WORDS = {
    "S": "§",
    "P": "¶",
    "copyright": "©",
    "textbackslash": "\\textbackslash",
    "slash": "/",
    "newline": " ",
    "quad": " ",
    "qquad": " ",
    "par": " ",
    "noindent": "",
    "xspace": "",
    "deg": "°",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
}
# Parts of a word: the space after one only ends the command.
_LETTERS = frozenset(
    """
    AA AE DH DJ L NG O OE TH aa ae dh dj i j l ng o oe ss th
    dots ldots textasciitilde textdegree textellipsis textemdash textendash textquotesingle
    textregistered texttrademark
    """.split()  # noqa: SIM905  (as a list it would fill a page)
)
_WRAPPERS = (
    "emph|textbf|textit|texttt|textsc|textsf|textrm|textsl|textup|textmd|textnormal|text"
    "|underline|uline|mbox|hbox|url|textsuperscript|textsubscript|enquote|sc|bf|it|em|tt|rm"
    "|sf|sl|href|ensuremath|mathrm|mathbf|mathit|mathsf|mathtt"
)
_WRAPPER = re.compile(
    rf"\\(?P<name>{_WRAPPERS})\s*\{{(?P<inner>[^{{}}]{{0,2000}})\}}"
    r"(?:\s*\{(?P<label>[^{}]{0,2000})\})?"
)
_GROUP = re.compile(r"\{\\(?:em|it|bf|tt|sc|sl|rm|sf|itshape|bfseries)\s+([^{}]{0,2000})\}")
_REFERENCE = re.compile(
    r"[ ~]?\\(?:cite[a-zA-Z]{0,10}|parencite|textcite|ref|eqref|autoref|[cC]ref|label"
    r"|footnote|thanks)\*?(?:\[[^\[\]]{0,200}\]){0,2}\{[^{}]{0,500}\}"
)
_COMMAND = re.compile(r"\\([A-Za-z]{1,30})(?:\{\}|\\ |\s+(?=[^\W\d_])|(?![A-Za-z]))")
_ESCAPED = re.compile(r"\\([%&#_{}])")
_THIN = re.compile(r"\\[,;:!/ \-@]|\\\\(?:\[[^\]]{0,20}\])?")
_TIE = re.compile(r"(?<=[\w.)\]}…”’])~(?=\S)")
# Erd{ő}s, 1{,}182 and 360{°}, but not the d_{2} of a formula without dollar signs.
_LONE = re.compile(r"(?<![_^])\{([^\s{}\\$])\}")
_COLORED = re.compile(r"\\(?:text)?color\{[a-zA-Z!0-9]{1,30}\}")
_SINGLE_QUOTES = re.compile(r"`([^`']{1,200})'(?![A-Za-z])")


def untex(prose: str) -> str:
    """Convert the prose to Unicode as far as its TeX is supported; leave the rest."""
    prose = _plain_punctuation(prose)
    if "\\" in prose:
        prose = _ACCENT.sub(_accented, prose)
        prose = _COLORED.sub("", _REFERENCE.sub("", prose))
        # Nested wrappers, from the innermost outward. Prose does not nest more than a few.
        for _ in range(4):
            unwrapped = _WRAPPER.sub(_unwrapped, _GROUP.sub(r"\1", prose))
            if unwrapped == prose:
                break
            prose = unwrapped
        prose = _COMMAND.sub(_command, prose)
        prose = _ESCAPED.sub(r"\1", _THIN.sub(_spaced, prose))
    if "--" in prose:
        prose = re.sub(r"(?<!-)---(?!-)", "—", prose)
        prose = re.sub(r"(?<!-)--(?=\s)|(?<=\w)--(?=\w)", "–", prose)
    return _LONE.sub(r"\1", prose)


def without_braces(prose: str) -> str:
    return prose.replace("{", "").replace("}", "")


def _plain_punctuation(prose: str) -> str:
    if "``" in prose:
        prose = prose.replace("``", "“").replace("''", "”")
    if "`" in prose:
        # A backquote after a backslash is an accent.
        prose = re.sub(r"(?<!\\)" + _SINGLE_QUOTES.pattern, r"‘\1’", prose)
    return _TIE.sub(" ", prose) if "~" in prose else prose


def _accented(match: re.Match[str]) -> str:
    parts = match.groupdict()
    accent = _COMBINING[parts["sign"] or parts["letter"]]
    base = parts["braced"] or parts["bare"] or parts["braced_too"] or parts["bare_too"]
    base = base.strip().removeprefix("\\")
    return unicodedata.normalize("NFC", base + accent)


def _unwrapped(match: re.Match[str]) -> str:
    label = match["label"]
    if match["name"] == "href":
        return label if label is not None else match["inner"]
    return match["inner"] if label is None else f"{match['inner']}{{{label}}}"


def _command(match: re.Match[str]) -> str:
    name = match[1]
    if name in _WORDS:
        return _WORDS[name]
    found = symbol(name)
    if not found:
        return match.group()
    # TeX drops the space after the command in "\alpha stable"; in prose it is meant.
    return found + (" " if match.group().endswith(" ") and name not in _LETTERS else "")


def _spaced(match: re.Match[str]) -> str:
    return "" if match.group() in {"\\-", "\\/", "\\@", "\\!"} else " "
