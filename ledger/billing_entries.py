"""Frozen amounts: what a closed period holds, and the digest that its event keeps of them.

The digest is the SHA-256 of one line of text per entry, in the order of their numbers: the fields of `FrozenEntry`
from `mission` to `closes_at`, parted by tabs and ended by a line feed; UTF-8, integers in decimal, a backslash doubled
(none of these texts can hold a tab or a line feed). Whoever has the entries can compute it with any tool.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

LINE, CREDIT = "line", "credit"
Buffer = bytes | bytearray | memoryview


class FrozenEntry(NamedTuple):
    """One entry of a closed period. Amounts are minor units; instants microseconds; `rate` is its decimal text.

    `role` is `line` or `credit`, the exact negation of a line frozen before. `corrects_position` and `corrects_number`
    name the entry that it takes back or replaces, 0 where it corrects none.
    """

    mission: str
    pro: str
    client: str
    city: str
    service: str
    kind: str
    role: str
    corrects_position: int
    corrects_number: int
    minutes: int
    gross: int
    commission: int
    vat: int
    currency: str
    rate: str
    policy: str
    ended_at: int
    closes_at: int

    def negated(self, position: int, number: int) -> FrozenEntry:
        """The credit that takes this line, frozen as that entry, back."""
        return self._replace(
            role=CREDIT,
            corrects_position=position,
            corrects_number=number,
            minutes=-self.minutes,
            gross=-self.gross,
            commission=-self.commission,
            vat=-self.vat,
        )


def text_of(entry: FrozenEntry) -> bytes:
    """The line that the digest reads."""
    return ("\t".join(str(each) for each in entry).replace("\\", "\\\\") + "\n").encode()


def digest_of(texts: Iterable[Buffer]) -> str:
    """The digest (hex) of entries, given as their texts in order, however these are cut into pieces."""
    digest = sha256()
    for each in texts:
        digest.update(each)
    return digest.hexdigest()
