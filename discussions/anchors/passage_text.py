"""Parser that splits our own HTML into the text that readers can select."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from html.parser import HTMLParser


@dataclass(frozen=True, slots=True)
class Piece:
    """A tag, a stretch of text or a whole formula, and where its text begins.

    A formula's text is that of its elements, as in a browser; it is never divided.
    """

    markup: str
    text: str
    start: int
    is_tag: bool = False
    is_formula: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def cut(self, start: int, end: int) -> str:
        """Return the markup of a part of the piece, given by positions in the whole."""
        if self.is_formula or self.is_tag:
            return self.markup
        return escape(self.text[start - self.start : end - self.start], quote=False)


@dataclass(frozen=True, slots=True)
class Text:
    plain: str
    pieces: tuple[Piece, ...]


@lru_cache(maxsize=64)
def text_of(html: str) -> Text:
    """Split the HTML into pieces. Joined in order, they are the same HTML."""
    reader = _Reader()
    # As a browser does first.
    reader.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    reader.finish()
    return Text("".join(piece.text for piece in reader.pieces), tuple(reader.pieces))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._length = 0
        self._data: list[str] = []
        # Markup and text of the formula that is being read.
        self._formula: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag, self.get_starttag_text() or "", opens_formula=tag == "math")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag, self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self._tag(tag, f"</{tag}>")
        if tag == "math":
            self._end_formula()

    def handle_data(self, data: str) -> None:
        self._data.append(data)
        if self._formula is not None:
            self._formula.append(escape(data, quote=False))

    def finish(self) -> None:
        """Add the rest of the text, including an unclosed formula."""
        if self._formula is not None:
            self._formula.append("</math>")
            self._end_formula()
        self._end_words()

    def _tag(self, tag: str, markup: str, *, opens_formula: bool = False) -> None:
        if self._formula is not None:
            self._formula.append(markup)
            return
        self._end_words()
        if opens_formula:
            self._formula = [markup]
        elif tag != "math":
            self.pieces.append(Piece(markup, "", self._length, is_tag=True))

    def _end_words(self) -> None:
        text = "".join(self._data)
        self._data.clear()
        if text:
            self._add(Piece(escape(text, quote=False), text, self._length))

    def _end_formula(self) -> None:
        if self._formula is None:
            return
        markup, text = "".join(self._formula), "".join(self._data)
        self._formula = None
        self._data.clear()
        self._add(Piece(markup, text, self._length, is_formula=True))

    def _add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self._length += len(piece.text)
