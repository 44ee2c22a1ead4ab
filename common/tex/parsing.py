"""Parser of titles, abstracts and names with TeX, which gives words, formulas and emphasis.

Each kind of command has one line of `common.tex.tables`. Whatever is not known there, such as an
author's own macro, stays as it was typed. The time is linear in the length of the text.

pylatexenc, which knows the characters, also has a parser and a converter of texts. On 10,000
abstracts it takes 16 times as long, loses unknown macros and what stands behind a percent sign,
and reads "$5 and $10" as a formula.
"""

from __future__ import annotations

import html
import re

from common.maths.plain import symbol
from common.tex.accents import accent_at, swapped_accent_at
from common.tex.formulas import MAX_FORMULA, formula_at
from common.tex.nodes import Formula, Node, NodeWriter
from common.tex.source import OPTION, TexSource
from common.tex.tables import (
    ALIGNED_ENVIRONMENTS,
    COMBINING,
    DROPPED,
    FORMULA_ENVIRONMENTS,
    GLOSSARY,
    LETTERS,
    MATHS,
    REFERENCES,
    SECOND_WRAPPERS,
    SPACES,
    SWITCHES,
    WORDS,
    WRAPPERS,
)
from common.text import harmless

_TOKEN = re.compile(
    r"\\begin\{(?P<begin>[A-Za-z]{1,20}\*?)\}|\\end\{(?P<end>[A-Za-z]{1,20})\*?\}"
    r"|\\(?P<command>[A-Za-z]+)|\\(?P<sign>[^A-Za-z])"
    r"|(?P<dollar>\$\$?)|(?P<opening>\{)|(?P<closing>\})|(?P<script>[_^])(?=\{)"
    r"|(?P<quotes>``|'')|(?P<tie>~)|(?P<dashes>--+)"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    # A service lost the backslash, but not the braces.
    r"|(?<![\\A-Za-z])(?P<eaten>text(?:tt|bf|it|sc)|emph|mathbb|mathcal)(?=\{)",
    re.DOTALL,
)
_SINGLE_QUOTES = re.compile(r"(?<![\\`])`([^`']{1,200})'(?!['A-Za-z])")
_LENGTH = re.compile(r"\s*-?[0-9.]+\s*(?:em|ex|pt|cm|mm|in)\b")
_LINE_SKIP = re.compile(r"\[[^\]]{0,20}\]")
_SWITCH = re.compile(rf"\s*\\(?:{'|'.join(SWITCHES)})(?![A-Za-z])")
_WORD_INSIDE = re.compile(r"[^\W_]{1,30}")
_BASE = re.compile(r"(?:[^\W\d_]+|[0-9][0-9.]*)(?:[_^][A-Za-z0-9])?\Z")
_BEFORE_SCRIPT = re.compile(r"(?:[^\W\d_]+|[0-9]+)[_^]\Z")
_END_OF_QUOTE = re.compile(r"[\w.,!?)]{2}\Z")
_RIGHT = re.compile(r"\\right\s*(?:\\?[^A-Za-z\s]|\\[A-Za-z]+)")
_LOGARITHM = re.compile(r"(?<=\s)(log|ln)(?=[\s(])")
_WORDY = re.compile(r"(?<=[_^]\{)([A-Za-z][A-Za-z ]+)(?=\})")
_LARGE = frozenset({"inf", "int", "lim", "max", "min", "prod", "sum", "sup"})
_MAX_SCRIPT = 80
_MAX_SHORT_GROUP = 14
_ESCAPED = frozenset("%&#_${}")
_NOTHING = frozenset("-/@!")
_BETWEEN_WORDS = re.compile(r"[\w.)\]}…”’$]")


def parse(text: str) -> list[Node]:
    """Split a text into words, formulas and tags, each of which is closed."""
    if "`" in text:
        text = _SINGLE_QUOTES.sub(r"‘\1’", text)
    return _Parser(text).nodes()


class _Parser:
    def __init__(self, text: str) -> None:
        self._source, self._text = TexSource(text), text
        self._out = NodeWriter()
        self._open_quotes = 0

    def nodes(self) -> list[Node]:
        position = 0
        while match := _TOKEN.search(self._text, position):
            if match.start() > position:
                self._out.say(self._text[position : match.start()])
            position = getattr(self, f"_{match.lastgroup}")(match)
        self._out.say(self._text[position:])
        return self._out.finish()

    # Tokens: each method returns where it goes on ---------------------------------------------

    def _begin(self, match: re.Match[str]) -> int:
        name, at = match["begin"], match.end()
        base = name.removesuffix("*")
        if base in FORMULA_ENVIRONMENTS | ALIGNED_ENVIRONMENTS:
            closing = f"\\end{{{name}}}"
            inner_end = self._text.find(closing, at, at + 2 * MAX_FORMULA)
            if inner_end > at:
                end = inner_end + len(closing)
                typed = self._text[match.start() : end]
                source = self._text[at:inner_end] if base in FORMULA_ENVIRONMENTS else typed
                self._out.add(Formula(source, typed, is_display=base != "math"))
                return end
        self._out.say(" ")
        return self._source.skip(at, OPTION)

    def _end(self, match: re.Match[str]) -> int:
        self._out.say(" ")
        return match.end()

    def _dollar(self, match: re.Match[str]) -> int:
        return self._delimited(match.start(), match["dollar"], match["dollar"])

    def _delimited(self, at: int, opening: str, otherwise: str) -> int:
        found = formula_at(self._text, at, opening)
        if found is None:
            self._out.say(otherwise)
            return at + len(opening)
        start, inner_end, end = found
        source = self._text[start:inner_end]
        if source.lstrip().startswith("\\href") and "$" not in source:
            # A link in italics is no formula.
            for node in parse(source):
                self._out.add(node)
        else:
            self._out.add(Formula(source, self._text[at:end], opening in {"$$", "\\["}))
        return end

    def _opening(self, match: re.Match[str]) -> int:
        at = match.start()
        if _SWITCH.match(self._text, at + 1):
            self._out.begin_group()
            return match.end()
        found = self._source.content(at)
        if found is None:
            self._out.say("{")
        elif not found[0].strip():
            return found[1]
        elif self._is_invisible(at, *found):
            self._out.begin_group()
        else:
            self._out.say("{")
            self._out.begin_group(closing="}", is_literal=True)
        return match.end()

    def _is_invisible(self, at: int, inner: str, end: int) -> bool:
        """Return whether braces are TeX's rather than those of a set: Erd{ő}s, {\\L}, {B}ayes."""
        is_command = inner[0] == "\\" and len(inner) <= _MAX_SHORT_GROUP and "," not in inner
        is_formula = inner[0] == inner[-1] == "$" and inner.count("$") == 2
        touches = self._text[at - 1 : at].isalnum() or self._text[end : end + 1].isalnum()
        is_part_of_word = touches and bool(_WORD_INSIDE.fullmatch(inner))
        is_doubled = self._text.startswith("}", end)
        return is_command or is_formula or is_part_of_word or is_doubled or len(inner) == 1

    def _closing(self, match: re.Match[str]) -> int:
        self._out.end_group()
        return match.end()

    def _script(self, match: re.Match[str]) -> int:
        """Set `10^{6}` and `Gal_{Q_p}` as maths, with the word or number before."""
        at, end = match.start(), self._source.scripts_end(match.start())
        scripts = self._text[at:end]
        if end == at or len(scripts) > _MAX_SCRIPT or "$" in scripts:
            self._out.say(match.group())
            return match.end()
        base = self._out.take_end(_BASE)
        source = self._base(base, end) + _WORDY.sub(r"\\text{\1}", scripts)
        self._out.add(Formula(source, f"{base}{scripts}", is_delimited=False))
        return end

    def _base(self, base: str, end: int) -> str:
        """Write what has a script: a word is upright, as is the H of H_{2}O."""
        if base in _LARGE:
            return f"\\{base}"
        word = base.rstrip("_^")
        if word.isalpha() and (len(word) > 1 or self._text[end : end + 1].isalpha()):
            return f"\\mathrm{{{word}}}{base[len(word) :]}"
        return base or "{}"

    def _quotes(self, match: re.Match[str]) -> int:
        if match.group() == "``":
            self._open_quotes += 1
            self._out.say("“")
        elif self._open_quotes or _END_OF_QUOTE.search(
            self._text, max(match.start() - 2, 0), match.start()
        ):
            self._open_quotes = max(self._open_quotes - 1, 0)
            self._out.say("”")
        else:
            self._out.say(match.group())
        return match.end()

    def _tie(self, match: re.Match[str]) -> int:
        at, end = match.span()
        before, after = self._text[at - 1 : at], self._text[end : end + 1]
        is_between = _BETWEEN_WORDS.match(before) and not (after or " ").isspace()
        self._out.say(" " if is_between else "~")
        return end

    def _dashes(self, match: re.Match[str]) -> int:
        dashes = match.group()
        before = self._text[match.start() - 1 : match.start()]
        after = self._text[match.end() : match.end() + 1]
        is_range = (before.isalnum() or before in {"$", ")", "}"}) and (
            after.isalnum() or after in {"$", "(", "\\"}
        )
        if dashes == "---":
            dashes = "—"
        elif dashes == "--" and (is_range or after.isspace()):
            dashes = "–"
        self._out.say(dashes)
        return match.end()

    def _entity(self, match: re.Match[str]) -> int:
        """Decode an entity that an author typed; `&lt;` is what a text about HTML means."""
        entity = match.group()
        is_meant = entity in {"&lt;", "&gt;"}
        self._out.say(entity if is_meant else harmless(html.unescape(entity)))
        return match.end()

    def _eaten(self, match: re.Match[str]) -> int:
        return self._named(match["eaten"], match.start(), match.end())

    def _command(self, match: re.Match[str]) -> int:
        return self._named(match["command"], match.start(), match.end())

    def _sign(self, match: re.Match[str]) -> int:
        sign, at = match["sign"], match.end()
        found = None
        if sign == "{":
            found = swapped_accent_at(self._text, at)
        elif sign in COMBINING:
            found = accent_at(self._source, sign, at) or self._lone_accent(sign, at)
        if found:
            self._out.say(found[0])
            return found[1]
        if sign in "([":
            return self._delimited(match.start(), match.group(), sign)
        if sign == "\\":
            self._out.say(" ")
            return self._source.skip(at, _LINE_SKIP)
        if sign in _ESCAPED or sign in ")]" or not sign.isascii():
            self._out.say(sign)
        elif sign == "|":
            self._out.say("‖")
        elif sign in ",;:" or sign.isspace():
            self._out.say(" ")
        elif sign not in _NOTHING:
            self._out.say(match.group())
        return at

    # Commands -----------------------------------------------------------------------------

    def _named(self, name: str, start: int, at: int) -> int:
        if name in COMBINING and (found := accent_at(self._source, name, at)):
            self._out.say(found[0])
            return found[1]
        for understands in (self._left_out, self._wrapped, self._with_text, self._maths):
            if (end := understands(name, start, at)) is not None:
                return end
        return self._single(name, at)

    def _lone_accent(self, sign: str, at: int) -> tuple[str, int]:
        """An accent over nothing: `\\~{}` and `\\^{}` are the signs themselves."""
        return sign, at + 2 if self._text.startswith("{}", at) else at

    def _left_out(self, name: str, start: int, at: int) -> int | None:
        at_argument = at + (self._text[at : at + 1] == "*")
        if name in REFERENCES:
            found = self._source.content(
                self._source.skip(self._source.skip(at_argument, OPTION), OPTION)
            )
            if found is None:
                return None
            self._out.drop_space()
            return found[1]
        if name in SPACES:
            self._out.say(" ")
            found = self._source.content(at_argument) if name in {"hspace", "space"} else None
            return found[1] if found else self._source.skip(at_argument, _LENGTH)
        if name not in DROPPED:
            return None
        for _ in range(DROPPED[name]):
            at_argument = self._source.argument_end(at_argument) or at_argument
        return at_argument

    def _wrapped(self, name: str, start: int, at: int) -> int | None:
        """Emphasis and the like; the text itself is parsed as what follows."""
        if name in WRAPPERS:
            opening = self._source.skip(
                self._source.skip(at + (self._text[at : at + 1] == "*"), OPTION)
            )
            if not self._text.startswith("{", opening):
                return self._source.skip(at) if name.startswith(("text", "emph", "ul")) else None
            self._out.begin_group(WRAPPERS[name])
            return opening + 1
        if name in SWITCHES:
            self._out.begin_tag(SWITCHES[name])
            return self._source.skip(at)
        if name not in SECOND_WRAPPERS:
            return None
        for _ in range(SECOND_WRAPPERS[name]):
            at = self._source.argument_end(at) or at
        opening = self._source.skip(at)
        if not self._text.startswith("{", opening):
            return at
        self._out.begin_group()
        return opening + 1

    def _with_text(self, name: str, start: int, at: int) -> int | None:
        opening = self._source.skip(at, OPTION)
        if name == "footnote" and self._text.startswith("{", opening):
            self._out.drop_space()
            self._out.say(" (")
            self._out.begin_group(closing=")")
            return opening + 1
        if name == "verb" and (delimiter := self._text[at : at + 1]):
            end = self._text.find(delimiter, at + 1, at + 200)
            if end > 0:
                self._out.say(self._text[at + 1 : end])
                return end + 1
        found = self._source.content(opening)
        if found is None:
            # The end of a text that was cut.
            is_link = name in {"url", "href"} and self._text.startswith("{", opening)
            return opening + 1 if is_link else None
        inner, end = found
        if name in GLOSSARY:
            key = inner.rpartition(":")[2].strip()
            plural = "s" if name.lower().endswith(("p", "pl")) else ""
            self._out.say((key.upper() if key.islower() else key) + plural)
        elif name in {"url", "path", "nolinkurl"}:
            self._out.say(inner.replace("\\", ""))
        elif name == "href":
            return self._link(inner.replace("\\", ""), end)
        else:
            return None
        return end

    def _link(self, url: str, at: int) -> int:
        label = self._source.content(at)
        if label is None:
            self._out.say(url)
            return at
        self._out.begin_group(
            closing="" if label[0].replace("\\", "").strip() in url else f" ({url})"
        )
        return self._source.skip(at) + 1

    def _maths(self, name: str, start: int, at: int) -> int | None:
        """A formula without dollar signs: the command with its arguments and scripts."""
        end: int | None = at
        if name == "left":
            right = _RIGHT.search(self._text, at, at + MAX_FORMULA // 4)
            end = right.end() if right else None
        for _ in range(MATHS.get(name, 0)):
            end = None if end is None else self._source.argument_end(end)
        if end is None:
            return None
        arguments_end, end = end, self._source.scripts_end(end)
        is_known = name in MATHS or name == "left" or bool(symbol(name))
        base = self._out.take_end(_BEFORE_SCRIPT) if is_known else ""
        if not is_known or (end == at and not base):
            return None
        source = "\\" + self._text[start:arguments_end].removeprefix("\\")
        source = f"{self._base(base, end)}{{{source}}}" if base else source
        source = _LOGARITHM.sub(r"\\\1", source) + self._text[arguments_end:end]
        self._out.add(Formula(source, f"{base}{self._text[start:end]}", is_delimited=False))
        return end

    def _single(self, name: str, at: int) -> int:
        """A command without arguments: a character, an abbreviation, or an author's own."""
        text = WORDS.get(name) or symbol(name)
        if not text:
            self._out.say(f"\\{name}")
            if self._text.startswith("{", at) and not self._text.startswith("{}", at):
                self._out.say("{")
                self._out.begin_group(closing="}", is_literal=True)
                return at + 1
        self._out.say(text)
        if self._text.startswith("{}", at):
            return at + 2
        if text.endswith(".") and self._text.startswith(".", at):
            return at + 1
        return self._source.skip(at) if name in LETTERS else at
