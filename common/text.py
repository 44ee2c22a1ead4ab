"""What no text should hold: signs that hide, reorder or overgrow what stands around them.

It is defined here alone. Names, comments, groups, titles, calendars and feeds take it from here.
"""

from __future__ import annotations

import re
import unicodedata

# On one letter, joiners counted: more is refused in names and taken out of other texts. In our data
# Hebrew with vowels and accents and Tibetan stacks have three, "zalgo" text begins at six.
MAX_MARKS = 4

# Controls, what reorders or hides text, and what is no character at all. Joiners stay: some scripts
# and many emoji are spelled with them.
UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc\ufdd0-\ufdef\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f\ud800-\udfff]"
)
# What XML 1.0 has no way to say, escaped or not.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What ends a line in some system or other, and a separator that ends none.
_LINE_ENDS = str.maketrans(
    dict.fromkeys(map(ord, "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), "\n") | {0x1F: None}
)
# Letters and marks by category, and yet blank on the screen.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\u180c\u180d")
# Control, format, surrogate, private use, unassigned, line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_STACKING = frozenset({"Mn", "Me", "Cf"})


def harmless(text: str) -> str:
    """Take out what is unwanted, and marks piled on one letter."""
    if text.isascii() and text.isprintable():
        return text
    return without_piles(UNWANTED.sub("", text))


def without_piles(text: str) -> str:
    """Keep no more than `MAX_MARKS` marks on a letter."""
    if text.isascii():
        return text
    kept: list[str] = []
    pile = 0
    for sign in text:
        # Joiners count as well: they have no width, so that marks go on piling after one.
        is_stacking = sign > "\x7f" and unicodedata.category(sign) in _STACKING
        pile = pile + 1 if is_stacking else 0
        if pile <= MAX_MARKS:
            kept.append(sign)
    return "".join(kept)


def tidy_lines(text: str) -> str:
    """Return a harmless text whose lines end in newlines."""
    return harmless(text.replace("\r\n", "\n").translate(_LINE_ENDS))


def tidy_line(text: str) -> str:
    """Return a name or a sentence as one harmless line."""
    return unicodedata.normalize("NFC", " ".join(harmless(text).split()))


def is_visible(text: str) -> bool:
    """Say whether anything of the text can be seen."""
    return any(unicodedata.category(sign)[0] in "LNPS" and sign not in _BLANK for sign in text)


def only_seen(text: str) -> str:
    """Return the text without joiners and blank letters too, which no name needs."""
    return "".join(
        sign for sign in text if unicodedata.category(sign) not in _UNSEEN and sign not in _BLANK
    )
