"""Stored lines as PostgreSQL sends rows, beside those of a telling, as machine code: text by text, number by number.

A row is the number of its fields, and of each field the number of its type, its size and its content (-1: null), all
in network order. Nothing is made of a row that is as it should be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ledger.billing import Line
from projections.compiled.compiling import compiled, kernel, rows
from projections.compiled.records import BILL, MISSION, NO_LINE

Numbers = npt.NDArray[Any]
Record = Any

FIELDS = len(Line._fields)
(
    MISSION_ID, PRO, CLIENT, CITY, SERVICE, KIND, MINUTES, GROSS, COMMISSION, VAT, CURRENCY, RATE, POLICY, ENDED_AT,
    CLOSES_AT, PERIOD
) = range(FIELDS)  # fmt: skip
_SMALLEST = 4 + FIELDS * 8
_INTEGERS = frozenset({MINUTES, GROSS, COMMISSION, VAT, ENDED_AT, CLOSES_AT})


class Texts(NamedTuple):
    """Texts by number: the letters of all (UTF-8), and where each begins."""

    begins: Numbers
    letters: Numbers


class Known(NamedTuple):
    """The texts that rows have in place of numbers, and by field where its texts begin among them.

    The last rate is that of a line without commission.
    """

    texts: Texts
    bases: Numbers


def known(**of_fields: Sequence[str]) -> Known:
    """The texts of each field of a line, by number."""
    bases = np.zeros(FIELDS + 1, np.int64)
    bases[1:] = np.cumsum([len(of_fields.get(name, ())) for name in Line._fields])
    return Known(texts(each for name in Line._fields for each in of_fields.get(name, ())), bases)


def texts(names: Iterable[str]) -> Texts:
    """Texts by their place."""
    encoded = [each.encode() for each in names]
    begins = np.zeros(len(encoded) + 1, np.int32)
    begins[1:] = np.cumsum([len(each) for each in encoded])
    return Texts(begins, np.frombuffer(b"".join(encoded), np.uint8))


def texts_of(column: pa.StringArray) -> Texts:
    """The texts of a column without nulls; nothing is copied."""
    assert column.null_count == 0
    if not len(column):
        return texts(())
    _, begins, letters = column.buffers()
    first = np.frombuffer(begins, np.int32)[column.offset : column.offset + len(column) + 1]
    return Texts(first, np.frombuffer(letters, np.uint8) if letters is not None else np.empty(0, np.uint8))


class Ids:
    """Finds the number of a mission by its id."""

    def __init__(self, ids: pa.StringArray) -> None:
        self.texts = texts_of(ids)
        self.places = np.full(1 << max(4, (2 * len(ids)).bit_length()), -1, np.int32)
        file_away(self.texts, len(ids), self.places)

    def numbers(self, block: Numbers) -> tuple[Numbers, Numbers]:
        """(where each row of a block begins, the number of its mission or -1)."""
        begins = np.empty(len(block) // _SMALLEST, np.int32)
        wanted, numbers = np.empty_like(begins), np.empty_like(begins)
        count = begun(block, begins, wanted, len(self.places) - 1)
        assert count >= 0, "rows of another shape"
        found(block, begins[:count], wanted[:count], self.texts, self.places, numbers[:count])
        return begins[:count], numbers[:count]


def _texts() -> Texts:
    return Texts(rows(np.int32), rows(np.uint8))


@compiled
def four(letters: Numbers, at: int) -> int:
    """Four bytes as a signed number, the highest first. Written out, it is one load."""
    number = np.uint32(letters[at]) << np.uint32(24) | np.uint32(letters[at + 1]) << np.uint32(16)
    return np.int64(np.int32(number | np.uint32(letters[at + 2]) << np.uint32(8) | np.uint32(letters[at + 3])))  # type: ignore[return-value]


@compiled
def eight(letters: Numbers, at: int) -> int:
    """Eight bytes as a signed number."""
    return four(letters, at) << 32 | (four(letters, at + 4) & 0xFFFFFFFF)


@compiled
def hashed(letters: Numbers, begin: int, end: int) -> int:
    """A number that follows from a text."""
    number = np.uint64(end - begin)
    while begin + 8 <= end:
        number = (number ^ np.uint64(eight(letters, begin))) * np.uint64(0x9E3779B97F4A7C15)
        number ^= number >> np.uint64(29)
        begin += 8
    while begin < end:
        number = (number ^ np.uint64(letters[begin])) * np.uint64(0x9E3779B97F4A7C15)
        begin += 1
    return np.int64(number >> np.uint64(20))  # type: ignore[return-value]


@compiled
def same(letters: Numbers, begin: int, size: int, known: Texts, number: int) -> bool:
    """Whether a text is the one with a number."""
    first = known.begins[number]
    if known.begins[number + 1] - first != size:
        return False
    each = 0
    while each + 8 <= size and eight(letters, begin + each) == eight(known.letters, first + each):
        each += 8
    while each < size and letters[begin + each] == known.letters[first + each]:
        each += 1
    return each == size


@kernel(lambda: (_texts(), 0, rows(np.int32)))
def file_away(ids: Texts, count: int, places: Numbers) -> None:
    """Put each number where its id says; if that place is taken, into the next one that is free."""
    last = len(places) - 1
    for number in range(count):
        place = hashed(ids.letters, ids.begins[number], ids.begins[number + 1]) & last
        while places[place] >= 0:
            place = (place + 1) & last
        places[place] = number


@kernel(lambda: (rows(np.uint8), rows(np.int32), rows(np.int32), 0))
def begun(block: Numbers, begins: Numbers, places: Numbers, last: int) -> int:
    """Where the rows begin, and which places their missions' ids say; how many, -1 if they are no such rows."""
    count, at = 0, 0
    while at < len(block):
        if count == len(begins) or four(block, at) != FIELDS:
            return -1
        begins[count] = at
        at += 4
        for field in range(FIELDS):
            size = max(0, four(block, at + 4))
            at += 8
            if field == MISSION_ID:
                places[count] = hashed(block, at, at + size) & last
            at += size
        count += 1
    return count if at == len(block) else -1


@kernel(lambda: (rows(np.uint8), rows(np.int32), rows(np.int32), _texts(), rows(np.int32), rows(np.int32)))
def found(block: Numbers, begins: Numbers, wanted: Numbers, ids: Texts, places: Numbers, numbers: Numbers) -> None:
    """The numbers of the missions of rows, from the places that their ids say; -1: it is not known."""
    for row in range(len(begins)):  # nothing else is done meanwhile, so that many are waited for at once
        numbers[row] = places[wanted[row]]
    last = len(places) - 1
    for row in range(len(begins)):
        at, place = begins[row] + 12, wanted[row]
        size = four(block, at - 4)
        while numbers[row] >= 0 and not same(block, at, size, ids, numbers[row]):
            place = (place + 1) & last
            numbers[row] = places[place]


@compiled
def same_month(block: Numbers, at: int, size: int, month: int) -> bool:
    """Whether a text is a month's, as in `2026-03`."""
    year, of_year = month // 12, month % 12 + 1
    if size != 7 or block[at + 4] != 45:
        return False
    digits = np.int64(0)
    for each in range(7):
        if each != 4:
            if block[at + each] < 48 or block[at + each] > 57:
                return False
            digits = digits * 10 + block[at + each] - 48
    return digits == year * 100 + of_year  # type: ignore[no-any-return]


@compiled
def number_of(bill: Record, field: int) -> int:
    """The number that a field should have."""
    if field == MINUTES:
        return bill.minutes  # type: ignore[no-any-return]
    if field == GROSS:
        return bill.gross  # type: ignore[no-any-return]
    if field == COMMISSION:
        return bill.commission  # type: ignore[no-any-return]
    if field == VAT:
        return bill.vat  # type: ignore[no-any-return]
    if field == ENDED_AT:
        return bill.ended_at  # type: ignore[no-any-return]
    return bill.closes_at  # type: ignore[no-any-return]


@compiled
def text_of(m: Record, bill: Record, field: int) -> int:
    """The number of the text that a field should have; -1: the last one of the field's."""
    if field == PRO:
        return m.pro  # type: ignore[no-any-return]
    if field == CLIENT:
        return m.client  # type: ignore[no-any-return]
    if field == CITY:
        return m.city  # type: ignore[no-any-return]
    if field == SERVICE:
        return m.service  # type: ignore[no-any-return]
    if field == CURRENCY:
        return m.currency  # type: ignore[no-any-return]
    return bill.rate if field == RATE else bill.kind  # type: ignore[no-any-return]


@compiled
def alike(block: Numbers, at: int, m: Record, bill: Record, known: Known) -> bool:
    """Whether a row is the line of a mission, the name of the policy apart."""
    at += 4
    for field in range(FIELDS):
        size = four(block, at + 4)
        at += 8
        if field in (MINUTES, GROSS, COMMISSION, VAT, ENDED_AT, CLOSES_AT):
            number = four(block, at) if field == MINUTES else eight(block, at)
            if number != number_of(bill, field):
                return False
        elif field == PERIOD:
            if not same_month(block, at, size, bill.month):
                return False
        elif field not in (MISSION_ID, POLICY):
            number = text_of(m, bill, field)
            base = known.bases[field] if number >= 0 else known.bases[field + 1]
            if not same(block, at, size, known.texts, base + number):
                return False
        at += size
    return True


def _to_compare() -> tuple[Any, ...]:
    row = rows(np.uint8), rows(np.int32), rows(np.int32)
    return *row, rows(MISSION), rows(BILL), Known(_texts(), rows(np.int64)), rows(np.int32)


@kernel(_to_compare)
def compare(
    block: Numbers, begins: Numbers, numbers: Numbers, missions: Numbers, bills: Numbers, known: Known, unlike: Numbers
) -> int:
    """Note in `unlike` which rows are not the lines of their missions; returns how many. A mission may have none."""
    count = 0
    for row in range(len(begins)):
        number = numbers[row]
        if number < 0 or bills[row].kind == NO_LINE:
            same_line = False
        else:
            same_line = alike(block, begins[row], missions[number], bills[row], known)
        if not same_line:
            unlike[count] = row
            count += 1
    return count


def line_at(block: Numbers, at: int) -> Line:
    """The line of a row."""
    values: list[Any] = []
    at += 4
    for field in range(FIELDS):
        size = int.from_bytes(block[at + 4 : at + 8].tobytes(), "big", signed=True)
        at += 8
        value = block[at : at + max(0, size)].tobytes()
        values.append(int.from_bytes(value, "big", signed=True) if field in _INTEGERS else value.decode())
        at += size
    line = Line(*values)
    return line._replace(rate=Fraction(values[RATE]))
