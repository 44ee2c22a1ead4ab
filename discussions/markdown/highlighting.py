"""Syntax highlighting: Pygments finds the tokens, which get a few classes of ours."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.html import escape
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

# Longer code is not highlighted: the time of some lexers grows with its square, as it does for
# a long run of spaces or of the same few characters.
MAX_LENGTH = 3_000
_RUN = re.compile(r"\s{100}|(.{1,4}?)\1{60}", re.DOTALL)

# Languages of a research community. Others are not highlighted.
LANGUAGES = {
    alias: name
    for name, aliases in {
        "bash": "bash console sh shell zsh",
        "bibtex": "bibtex bib",
        "c": "c h",
        "cpp": "c++ cc cpp cuda cu hpp",
        "css": "css",
        "diff": "diff patch",
        "docker": "docker dockerfile",
        "fortran": "f90 fortran",
        "go": "go golang",
        "haskell": "haskell hs",
        "html": "html xml svg",
        "javascript": "javascript js jsx",
        "json": "json jsonl",
        "julia": "jl julia",
        "lean4": "lean lean4",
        "make": "make makefile",
        "mathematica": "mathematica wolfram",
        "matlab": "matlab octave",
        "ocaml": "ml ocaml",
        "pycon": "pycon",
        "python": "ipython py python python3",
        "r": "r rlang",
        "rust": "rs rust",
        "scala": "scala",
        "sql": "postgresql sql sqlite",
        "tex": "latex tex",
        "toml": "ini toml",
        "typescript": "ts tsx typescript",
        "yaml": "yaml yml",
    }.items()
    for alias in aliases.split()
}

# The first matching type gives the class; tokens without a match have no colour.
_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment.Preproc, "hl-keyword"),
    (Comment, "hl-comment"),
    (String.Interpol, "hl-name"),
    (String, "hl-string"),
    (Number, "hl-number"),
    (Keyword.Constant, "hl-number"),
    (Keyword.Type, "hl-type"),
    (Keyword, "hl-keyword"),
    (Operator.Word, "hl-keyword"),
    (Name.Function, "hl-name"),
    (Name.Class, "hl-name"),
    (Name.Decorator, "hl-name"),
    (Name.Tag, "hl-keyword"),
    (Name.Attribute, "hl-type"),
    (Name.Builtin, "hl-type"),
    (Name.Exception, "hl-type"),
    (Generic.Deleted, "hl-deleted"),
    (Generic.Inserted, "hl-inserted"),
    (Generic.Heading, "hl-keyword"),
    (Generic.Subheading, "hl-keyword"),
    (Generic.Prompt, "hl-comment"),
    (Generic.Error, "hl-deleted"),
    (Generic.Traceback, "hl-deleted"),
)
CLASSES = frozenset(name for _, name in _CLASSES)


def highlight(code: str, language: str) -> str:
    """Return code as escaped HTML, highlighted if the language is supported."""
    name = LANGUAGES.get(language.lower())
    if name is None or len(code) > MAX_LENGTH or _RUN.search(code):
        return escape(code)
    tokens = _lexer(name).get_tokens(code)
    parts: list[str] = []
    for css_class, group in groupby(tokens, key=lambda token: _css_class(token[0])):
        text = escape("".join(value for _, value in group))
        parts.append(f'<span class="{css_class}">{text}</span>' if css_class else text)
    return "".join(parts)


@lru_cache(maxsize=64)
def _lexer(name: str) -> Lexer:
    return get_lexer_by_name(name, stripnl=False, ensurenl=False)


@lru_cache(maxsize=512)
def _css_class(kind: _TokenType) -> str:
    kinds = set(kind.split())
    return next((name for parent, name in _CLASSES if parent in kinds), "")
