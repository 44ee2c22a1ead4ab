"""What a comment's HTML may hold, written down a second time: for tests only."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from tests.data import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

VOID = {"br", "hr", "input"}
PROSE = {
    *("a", "blockquote", "br", "code", "div", "em", "figcaption", "figure", "h4", "h5", "h6"),
    *("hr", "input", "li", "ol", "p", "pre", "s", "section", "span", "strong", "sup", "table"),
    *("tbody", "td", "th", "thead", "tr", "ul"),
}
MATHS = {
    *("b", "i"),
    *("math", "menclose", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot"),
    *("mmultiscripts", "mprescripts", "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup"),
    *("msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover"),
}
PROSE_ATTRIBUTES = {
    *("aria-label", "checked", "class", "disabled", "href", "id", "rel", "role", "start"),
    *("tabindex", "type"),
}
MATHS_ATTRIBUTES = {
    *("accent", "accentunder", "alttext", "columnalign", "depth", "display", "displaystyle"),
    *("fence", "form", "height", "largeop", "linethickness", "lspace", "mathvariant", "maxsize"),
    *("minsize", "movablelimits", "notation", "rspace", "scriptlevel", "separator", "stretchy"),
    *("symmetric", "voffset", "width"),
}
ADDRESSES = ("http://", "https://", "mailto:", "/@", "/papers/", "#fn")


class Walls(HTMLParser):
    """Notes whatever has no place in a comment, and keeps the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> stays open" for tag in self._open]

    def handle_starttag(self, tag, attrs):
        if tag not in PROSE | MATHS:
            self.faults.append(f"<{tag}>")
        allowed = MATHS_ATTRIBUTES if tag in MATHS else PROSE_ATTRIBUTES
        for name, value in attrs:
            if name not in allowed:
                self.faults.append(f"{tag} {name}={value}")
            if name == "href" and not str(value).lower().startswith(ADDRESSES):
                self.faults.append(f"href={value}")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> out of place")

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.faults.append(f"<!--{data}-->")

    def handle_decl(self, decl):
        self.faults.append(f"<!{decl}>")

    def handle_pi(self, data):
        self.faults.append(f"<?{data}>")


# Each set in a test of its own, so that none takes long.
HOSTILE = ("addresses", "code", "examples", "formulas", "names", "oddities", "payloads")


def hostile_texts(name: str) -> list[str]:
    """Every string of the hostile sets, in the ways in which it may be typed."""
    folder = data_folder("hostile")
    if name == "names":
        names = _strings(folder / "homoglyph_usernames.jsonl", "name")
        return [f"@{each}" for each in names]
    if name == "oddities":
        strings = _strings(folder / "naughty_strings.jsonl", "s")
        return [*strings, *_strings(folder / "csv_injection.jsonl", "cell")]
    if name == "examples":
        files = sorted((folder / "commonmark").glob("*.json"))
        return [each["markdown"] for path in files for each in json.loads(path.read_text())]
    if name == "addresses":
        urls = [
            *_strings(folder / "ssrf_urls.jsonl", "url"),
            *_strings(folder / "open_redirect.jsonl", "value"),
        ]
        ways = ("{}", "[here]({})", "![picture]({})", "<{}>")
        return [way.replace("{}", url) for url in urls for way in ways]
    way = {"payloads": "{}", "formulas": "$\\text{{}}$", "code": "```python\n{}\n```"}[name]
    payloads = [
        *_strings(folder / "xss_html.jsonl", "payload"),
        *_strings(folder / "xss_markdown.jsonl", "payload"),
    ]
    return [way.replace("{}", payload) for payload in payloads]


def _strings(path, field: str) -> Iterable[str]:
    for line in path.read_text().splitlines():
        yield str(json.loads(line)[field])
