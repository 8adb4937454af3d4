"""What is wrong with a policy file, one line each: section.key, the value, and what is allowed.

The words are our own; `faults` puts into them what the models find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

_SHOWN_AT_MOST = 60
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a policy file: `path` as in "cancellation.average", `text` the rest of the sentence."""

    path: str
    text: str
    code: str = "invalid_policy"

    @property
    def message(self) -> str:
        """One line: `cancellation.average = "4 %" is not allowed: write a decimal string …`."""
        return one_line(f"{self.path} {self.text}".strip())


def one_line(text: str) -> str:
    """The text with line breaks and control characters escaped, whatever a file or a library put into it."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def shown(value: object) -> str:
    """A value as a person wrote it, short enough for one line."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, str):
        text = '"' + value + '"'
    elif isinstance(value, int):
        text = str(value) if abs(value) < 10**_SHOWN_AT_MOST else "a number of very many digits"
    elif isinstance(value, date):  # and datetime
        text = value.isoformat()
    elif isinstance(value, Mapping):
        text = "a table"
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(shown(each) for each in value[:9]) + (", …" if len(value) > 9 else "") + "]"
    else:
        text = repr(value)
    return one_line(text if len(text) <= _SHOWN_AT_MOST else text[:_SHOWN_AT_MOST] + "…")


def path_text(path: Sequence[str | int]) -> str:
    """`("city", "st.gallen", "decision")` → `city."st.gallen".decision`, as TOML spells it."""
    return ".".join(
        str(key) if isinstance(key, int) or _BARE_KEY.fullmatch(key) else '"' + one_line(key) + '"' for key in path
    )


def near(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    from difflib import get_close_matches  # noqa: PLC0415  # only needed where something is wrong

    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def unknown_key(path: Sequence[str | int], known: Sequence[str]) -> Problem:
    """A key that no policy has, with what was probably meant."""
    *parents, key = path
    meant = near(str(key), known)
    hint = f"did you mean {path_text([*parents, meant])}?" if meant else "known here: " + ", ".join(known)
    return Problem(path_text(path), f"is unknown; {hint}")
