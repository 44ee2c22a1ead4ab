"""Removal of characters that hide, reorder or cover the text around them.

This is the only definition, for names, comments, groups, titles, calendars and feeds.
"""

from __future__ import annotations

import re
import unicodedata

# Limit for one letter, joiners included: more is refused in names and removed from other texts.
# In our data Hebrew with vowels and accents and Tibetan stacks have three, "zalgo" text begins
# at six.
MAX_MARKS = 4

# Controls, characters that reorder or hide text, and noncharacters. Joiners stay: some scripts
# and many emoji are spelled with them.
UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc\ufdd0-\ufdef\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f\ud800-\udfff]"
)
# Characters that XML 1.0 cannot contain, escaped or not.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Characters that end a line on some system, and a separator that does not.
_LINE_ENDS = str.maketrans(
    dict.fromkeys(map(ord, "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), "\n") | {0x1F: None}
)
# Characters in the categories of letters and marks that are blank on screen.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\u180c\u180d")
# Control, format, surrogate, private use, unassigned, line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_STACKING = frozenset({"Mn", "Me", "Cf"})


def harmless(text: str) -> str:
    """Remove unwanted characters, and marks stacked on one letter."""
    if text.isascii() and text.isprintable():
        return text
    return without_piles(UNWANTED.sub("", text))


def without_piles(text: str) -> str:
    """Keep at most `MAX_MARKS` marks on a letter."""
    if text.isascii():
        return text
    kept: list[str] = []
    pile = 0
    for sign in text:
        # Joiners count too: they have no width, so marks stack across them.
        is_stacking = sign > "\x7f" and unicodedata.category(sign) in _STACKING
        pile = pile + 1 if is_stacking else 0
        if pile <= MAX_MARKS:
            kept.append(sign)
    return "".join(kept)


def tidy_lines(text: str) -> str:
    """Return the harmless text with newlines as line ends."""
    return harmless(text.replace("\r\n", "\n").translate(_LINE_ENDS))


def tidy_line(text: str) -> str:
    """Return the harmless text as one line."""
    return unicodedata.normalize("NFC", " ".join(harmless(text).split()))


def is_visible(text: str) -> bool:
    """Return whether any of the text is visible."""
    return any(unicodedata.category(sign)[0] in "LNPS" and sign not in _BLANK for sign in text)


def only_seen(text: str) -> str:
    """Return the text without joiners and blank letters, which no name needs."""
    return "".join(
        sign for sign in text if unicodedata.category(sign) not in _UNSEEN and sign not in _BLANK
    )
