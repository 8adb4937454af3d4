"""What the events of a batch say of their missions, packed as whole numbers by whoever reads them."""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import Any

from ledger.missions.facts import Told
from projections.columns.numbered import numbers_of

NO_MISSION = 255
"""The kind of a line that is no event of a mission."""
RECORD = (("kind", "u1"), ("by", "i1"), ("flag", "i1"), ("minutes", "<i4"), ("when", "<i8"))
"""The fields of a record, as NumPy names their types; without gaps."""
_pack = Struct("<Bbbiq").pack
_NOTHING = _pack(NO_MISSION, 0, 0, 0, 0)


def numbers(told: Sequence[tuple[Any, ...] | None]) -> bytes:
    """A RECORD for each line."""
    return b"".join([_NOTHING if said is None else _pack(*numbers_of(Told._make(said))) for said in told])
