"""Any text in the characters of ISO 8859-15, on one line and without a separator: what a field of the FEC may hold."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, combining, normalize

ENCODING = "iso8859-15"
UNKNOWN = "?"
_IN_WORDS = {
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys('"“”„‟″', "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "|": "/",
    "…": "...",
    "ẞ": "SS",
    "Ł": "L",
    "ł": "l",
    "Đ": "D",
    "đ": "d",
    "ı": "i",
    "\N{SOFT HYPHEN}": "",
}


def latin(text: str) -> str:
    """The text with what ISO 8859-15 lacks spelled in its letters, or `?`; blanks and controls become one blank."""
    return " ".join("".join(_letter(each) for each in normalize("NFC", text)).split())


@lru_cache(maxsize=4096)
def _letter(character: str) -> str:
    if character in _IN_WORDS:
        return _IN_WORDS[character]
    kind = category(character)
    if kind[0] in "ZC":  # separators, controls, direction marks, lone surrogates
        return "" if kind == "Cf" else " "
    if _encodable(character):
        return character
    parts = "".join(each for each in normalize("NFKD", character) if not combining(each))
    if parts and parts != character and all(_encodable(each) for each in parts):
        return parts
    return "" if combining(character) else UNKNOWN


def _encodable(character: str) -> bool:
    try:
        character.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True
