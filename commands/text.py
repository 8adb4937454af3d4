"""Text from data made safe for a terminal: control characters and reordering marks are shown, never obeyed."""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import category


def escaped(value: object) -> str:
    """The text on one line: newlines, ESC, NUL, direction overrides, invisible marks as `\\n`, `\\x1b`, `\\u202e`.

    Letters of any script, accents, emoji and non-breaking spaces stay as they are.
    """
    text = str(value)
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or category(each) == "Zs" else _shown(each) for each in text)


def _shown(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def article(noun: str) -> str:
    """`a suspension`, `an exclusion`: the noun with its article."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def listed(values: Mapping[str, object]) -> str:
    """Names and values on one line; a long value is cut at 300 characters."""
    return ", ".join(f"{name} {_short(value)}" for name, value in values.items())


def _short(value: object) -> str:
    import orjson

    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return text if len(text) <= 300 else text[:300] + "…"
