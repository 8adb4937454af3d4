"""What a close froze, and what it would freeze of plain missions, as columns: compared, summed, told to the digest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from ledger.billing_entries import LINE, FrozenEntry
from ledger.store.database import Connection
from projections.plain_bills.amounts import Coded, Lines
from projections.plain_bills.asking import answers
from projections.plain_bills.facts import Bools, Facts, Ints, places
from projections.plain_bills.sessions import Sessions
from projections.statements import sql

ENTRIES_AT_ONCE = 25_000
KIND = "completed"  # the only one that plain missions have
ASSUMED = ("policy", "closes_at")
"""What differs under another policy without any amount being another."""

_WHOLE = ("corrects_position", "corrects_number", "minutes", "gross", "commission", "vat", "ended_at", "closes_at")
_TYPES = {name: pa.int64() if name in _WHOLE else pa.string() for name in FrozenEntry._fields}


def read_entries(connection: Connection, position: int, number: int) -> Any:
    """The `number` entries that the event at a position froze, in order: a table with the columns of `FrozenEntry`."""
    tables = [pa.table({name: pa.array([], kind) for name, kind in _TYPES.items()})]
    questions = [
        (sql("entry_lines"), {"position": position, "after": after, "until": after + ENTRIES_AT_ONCE})
        for after in range(0, number, ENTRIES_AT_ONCE)
    ]
    for ((text,),) in answers(connection, questions):
        if text:  # else the entries of a closed period are gone
            tables.append(_table(text.encode()))
    return pa.concat_tables(tables).combine_chunks()


def _table(text: bytes) -> Any:
    return pa.csv.read_csv(
        pa.BufferReader(text),
        read_options=pa.csv.ReadOptions(column_names=list(FrozenEntry._fields)),
        parse_options=pa.csv.ParseOptions(delimiter="\t", quote_char=False, double_quote=False, escape_char=False),
        convert_options=pa.csv.ConvertOptions(column_types=_TYPES, null_values=[], strings_can_be_null=False),
    )


class Derived(NamedTuple):
    """The entries that plain missions would have, by `mission`: their place among the missions asked for."""

    mission: Ints
    columns: dict[str, Any]  # as pyarrow arrays, those of `FrozenEntry` that can differ between lines
    lines: Lines


def derived(missions: Any, facts: Facts, done: Sessions, lines: Lines) -> Derived:
    """The entries of lines."""
    request, acceptance = done.request[lines.session], done.acceptance[lines.session]
    mission = done.mission[lines.session]
    columns = {
        "mission": missions.take(pa.array(mission)),
        "pro": _taken(facts.accepted.data["pro"], acceptance),
        "client": _taken(facts.requested.data["client"], request),
        **{name: _texts(getattr(lines, name)) for name in ("city", "service", "currency", "rate", "policy")},
        **{name: pa.array(getattr(lines, name)) for name in _WHOLE[2:]},
    }
    return Derived(mission, columns, lines)


def _taken(column: Any, rows: Ints) -> Any:
    return column.combine_chunks().take(pa.array(rows))


def _texts(column: Coded) -> Any:
    return pa.array(column.texts, pa.string()).take(pa.array(column.code))


class Compared(NamedTuple):
    """Which derived entries are as they were frozen (rows of `Derived`), and the missions to be told one by one."""

    same: Ints
    rest: Ints


def compared(found: Derived, due: Bools, entries: Any, missions: Any, *, assuming: bool) -> Compared:
    """Hold the entries of plain missions against those frozen.

    Settled are the missions with one line that was frozen as it is derived, and those without any entry on either side.
    """
    count = len(missions)
    place = places(entries["mission"], missions)
    frozen = np.bincount(place, minlength=count)
    row = np.full(count, -1, np.int64)
    row[place] = np.arange(len(place))
    known = row[found.mission]
    candidates = np.flatnonzero(due & (frozen[found.mission] == 1))
    rows = pa.array(known[candidates])
    alike = np.ones(len(candidates), np.bool_)
    for name in FrozenEntry._fields:
        if name == "mission" or (assuming and name in ASSUMED):
            continue
        was = entries[name].combine_chunks().take(rows)
        same = pc.equal(was, found.columns[name].take(pa.array(candidates)) if name in found.columns else _FIXED[name])
        alike &= same.to_numpy(zero_copy_only=False)
    same_rows = candidates[alike]
    settled = np.zeros(count, np.bool_)
    settled[found.mission[same_rows]] = True
    settled[found.mission[~due & (frozen[found.mission] == 0)]] = True
    return Compared(same_rows, np.flatnonzero(~settled))


_FIXED = {
    "kind": pa.scalar(KIND),
    "role": pa.scalar(LINE),
    "corrects_position": pa.scalar(0, pa.int64()),
    "corrects_number": pa.scalar(0, pa.int64()),
}


class Texts:
    """The texts of entries that the digest reads (`ledger.billing_entries.text_of`), in order of mission.

    None of these texts can hold a backslash: they are identifiers, codes, decimals and names of policies.
    """

    def __init__(self, found: Derived, rows: Ints) -> None:
        self._found = found
        self._rows = rows
        self._places = found.mission[rows]
        self._told = 0
        self._made: Any = None
        self._first = 0

    def before(self, place: int) -> Iterator[memoryview]:
        """Those not told yet of missions before a place."""
        until = int(np.searchsorted(self._places, place))
        while self._told < until:
            if self._made is None or self._told >= self._first + len(self._made):
                self._first = self._told
                self._made = self._joined(self._rows[self._told : self._told + ENTRIES_AT_ONCE])
            last = min(until, self._first + len(self._made))
            yield _bytes(self._made, self._told - self._first, last - self._first)
            self._told = last

    def _joined(self, rows: Ints) -> Any:
        some = pa.array(rows)
        parts = []
        for name in FrozenEntry._fields:
            part = _FIXED[name] if name in _FIXED else self._found.columns[name].take(some)
            parts.append(part.cast(pa.string()))
        # A part of its own would have a tab before it.
        parts[-1] = pc.binary_join_element_wise(parts[-1], "\n", "")
        return pc.binary_join_element_wise(*parts, "\t")


def _bytes(array: Any, start: int, end: int) -> memoryview:
    """The texts of an array from one place to another, as they lie beside one another."""
    _, offsets, data = array.buffers()
    begins = np.frombuffer(offsets, np.int32)
    return memoryview(data)[int(begins[start]) : int(begins[end])]


def sums(found: Derived, rows: Ints) -> dict[str, list[int]]:
    """Gross, commission and VAT of these entries, in each currency."""
    lines = found.lines
    code = lines.currency.code[rows]
    result = {}
    for each in np.unique(code):
        of_currency = rows[code == each]
        amounts = (lines.gross, lines.commission, lines.vat)
        result[lines.currency.texts[int(each)]] = [total(amount[of_currency]) for amount in amounts]
    return result


def total(amounts: Ints) -> int:
    """Their sum, which may need more than 64 bits."""
    return (int((amounts >> 32).sum()) << 32) + int((amounts & 0xFFFFFFFF).sum())
