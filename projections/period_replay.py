"""A closed period derived again from the facts, and compared with what was frozen, to the cent and by its digest.

The missions of the period are told again in the order of its entries, so that the derived entries have a digest of
their own: equal digests mean equal entries, byte for byte. Of a large period the plain missions are derived as columns
(`plain_bills`) and only the rest one by one. Nothing is written.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import repeat
from typing import Any, NamedTuple

from ledger.billing import Line
from ledger.billing_entries import CREDIT, LINE, Buffer, FrozenEntry, text_of
from ledger.errors import Refused
from ledger.instants import to_text
from ledger.money import ratio_text, to_amount
from ledger.policies.document import Policy
from ledger.policies.register import Register
from ledger.store.database import Connection
from projections.archive import PostgresArchive
from projections.billed_missions import Billed, Terms, read_terms, told
from projections.billing_totals import total_answer
from projections.periods import Closed, closed_answer, closed_periods
from projections.replay.assumptions import ALWAYS
from projections.replay.extent import Known, last_position
from projections.snapshot import snapshot
from projections.statements import sql
from projections.summaries import summary

Answer = dict[str, Any]
MISSIONS_AT_ONCE = 2_000
COLUMNS_FROM = 10_000
"""Entries of a period from which on columns are quicker: to load what computes with them takes a third of a second."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which closed period; under which policy instead of the published ones; as if nothing were recorded after `known`.

    Without `known` everything counts that is recorded now, so what arrived after the close shows as a difference.
    """

    period: str
    policy: Policy | None = None
    known: Known | None = None


def replay_period(
    connection: Connection,
    question: Question,
    *,
    now: int,
    progress: Callable[[int, int], None],
    columns_from: int = COLUMNS_FROM,
) -> Answer:
    """`billing replay --json`. Refuses `not_closed`. From `columns_from` entries on its plain missions are columns."""
    started = time.perf_counter()
    with snapshot(connection):
        closed = closed_periods(connection).get(question.period)
        if closed is None:
            text = f"{question.period} is not closed: nothing is frozen to compare with; billing periods lists them"
            raise Refused("not_closed", text, period=question.period)
        until = question.known.through if question.known else last_position(connection)
        archive = PostgresArchive(connection, until=until)
        assumed = Register(assumed=(ALWAYS, question.policy)) if question.policy is not None else None
        replayed = _Replayed(archive, closed, read_terms(archive, assumed), assuming=assumed is not None)
        if closed.data["lines"] >= columns_from:
            missions = replayed.add_by_columns(progress)
        else:
            missions = replayed.add_each(progress)
    seconds = time.perf_counter() - started
    digest = replayed.digest.hexdigest()
    return {
        "period": question.period,
        "position": question.known.position if question.known else until,
        "known_at": to_text(question.known.at) if question.known else None,
        "policy": question.policy.name if question.policy else None,
        "same": not replayed.changed and (question.policy is not None or digest == closed.data["digest"]),
        "lines": {"closed": closed.data["lines"], "derived": replayed.entries},
        "digest": {"closed": closed.data["digest"], "derived": digest},
        "totals_closed": closed.data["totals"],
        "totals_derived": {currency: total_answer(currency, *sums) for currency, sums in sorted(replayed.sums.items())},
        "changed": replayed.changed,
        "closed": closed_answer(closed),
        "missions": missions,
        "seconds": round(seconds, 3),
    }


class Held(NamedTuple):
    """An entry, and where it is frozen."""

    position: int
    number: int
    entry: FrozenEntry


class _Replayed:
    """What was derived so far: sums, digest, and the missions whose entries differ."""

    def __init__(self, archive: PostgresArchive, closed: Closed, terms: Terms, *, assuming: bool) -> None:
        self.archive = archive
        self.closed = closed
        self.terms = terms
        self.assuming = assuming  # another policy: then its name and its closing instant are not a difference
        self.digest = sha256()
        self.entries = 0
        self.sums: dict[str, list[int]] = {}
        self.changed: list[Answer] = []

    def add_each(self, progress: Callable[[int, int], None]) -> int:
        """Derive all missions of the period one by one; how many there are."""
        bounds = {"position": self.closed.position, "period": self.closed.period}
        missions = [row[0] for row in self.archive.connection.execute(sql("missions_to_replay"), bounds)]
        for first in range(0, len(missions), MISSIONS_AT_ONCE):
            self._add(missions[first : first + MISSIONS_AT_ONCE], repeat(()))
            progress(min(first + MISSIONS_AT_ONCE, len(missions)), len(missions))
        return len(missions)

    def add_by_columns(self, progress: Callable[[int, int], None]) -> int:
        """The same, its plain missions as columns."""
        from projections.plain_bills.period import plain_part  # noqa: PLC0415  it loads pyarrow and numpy

        part = plain_part(self.archive, self.closed, self.terms, assuming=self.assuming, progress=progress)
        self.entries += part.entries
        self.sums = part.sums()
        texts = part.texts()
        for page in part.pages(MISSIONS_AT_ONCE):
            self._add(page, texts)
        self._tell(next(texts))
        return len(part.missions)

    def _tell(self, texts: Iterable[Buffer]) -> None:
        for text in texts:
            self.digest.update(text)

    def _add(self, missions: Sequence[str], before: Iterator[Iterable[Buffer]]) -> None:
        """Derive a page of missions, and compare. `before`: what the digest reads before each of them in turn."""
        held: dict[str, list[Held]] = {}
        rows = self.archive.connection.execute(sql("entries_at"), {"missions": list(missions)}).fetchall()
        for position, number, *fields in rows:
            entry = Held(position, number, FrozenEntry._make(fields))
            held.setdefault(entry.entry.mission, []).append(entry)
        for mission, billed in told(self.archive, missions, self.terms):
            self._tell(next(before))
            self._compare(mission, billed, held.get(mission, []))

    def _compare(self, mission: str, billed: Billed | None, held: Sequence[Held]) -> None:
        frozen = [each for each in held if each.position == self.closed.position]
        line = billed.line() if billed is not None else None
        if line is not None and not self._due(line):
            line = None
        derived = list(_derived(line, held, frozen))
        for entry in derived:
            self.digest.update(text_of(entry))
            sums = self.sums.setdefault(entry.currency, [0, 0, 0])
            for index, amount in enumerate((entry.gross, entry.commission, entry.vat)):
                sums[index] += amount
        self.entries += len(derived)
        was = next((each.entry for each in frozen if each.entry.role == LINE), None)
        now = next((each for each in derived if each.role == LINE), None)
        if self._differ(was, now):
            self.changed.append(self._difference(mission, was, now, billed, held))

    def _differ(self, was: FrozenEntry | None, now: FrozenEntry | None) -> bool:
        if self.assuming and was is not None and now is not None:
            now = now._replace(policy=was.policy, closes_at=was.closes_at)
        return was != now

    def _due(self, line: Line) -> bool:
        """Whether the close would have frozen it: its month was over and its bill closed."""
        return line.period <= self.closed.period and line.closes_at <= self.closed.at

    def _difference(
        self,
        mission: str,
        was: FrozenEntry | None,
        now: FrozenEntry | None,
        billed: Billed | None,
        held: Sequence[Held],
    ) -> Answer:
        either = now or was
        assert either is not None
        corrections = [each for each in held if each.position > self.closed.position]
        return {
            "mission": mission,
            "pro": either.pro,
            "currency": either.currency,
            "closed": _amounts(was),
            "derived": _amounts(now),
            **{
                f"{name}_change": to_amount(_amount(now, name) - _amount(was, name), either.currency)
                for name in ("gross", "commission", "vat", "net")
            },
            "facts_since": list(self._since(billed)) if billed is not None else [],
            "corrected_by": [{"position": each.position, "number": each.number} for each in corrections],
        }

    def _since(self, billed: Billed) -> Iterator[Answer]:
        """The events of the mission that were recorded after the close, and those that were voided since."""
        for position, entry in sorted(billed.events.items()):
            voided = billed.voids.get(position)
            if position > self.closed.position or (voided or 0) > self.closed.position:
                yield {
                    "type": entry.type,
                    "event": entry.id,
                    "position": position,
                    "time": to_text(entry.at),
                    "summary": summary(entry.type, entry.data),
                    "voided_by": voided,
                }


def _derived(line: Line | None, held: Sequence[Held], frozen: Sequence[Held]) -> Iterator[FrozenEntry]:
    """What the close makes of a line as it now follows: the credits it holds, and the line.

    A credit follows from the entry that it takes back, which its own period holds and proves.
    """
    corrects = (0, 0)
    for each in frozen:
        corrects = (each.entry.corrects_position, each.entry.corrects_number)
        if each.entry.role == CREDIT:
            back = next((one for one in held if (one.position, one.number) == corrects), None)
            if back is not None:
                yield back.entry.negated(back.position, back.number)
    if line is not None:
        yield entry_of_line(line, *corrects)


def entry_of_line(line: Line, corrects_position: int, corrects_number: int) -> FrozenEntry:
    """The entry that freezes a line."""
    return FrozenEntry(
        line.mission,
        line.pro,
        line.client,
        line.city,
        line.service,
        line.kind,
        LINE,
        corrects_position,
        corrects_number,
        line.minutes,
        line.gross,
        line.commission,
        line.vat,
        line.currency,
        ratio_text(line.rate),
        line.policy,
        line.ended_at,
        line.closes_at,
    )


def _amounts(entry: FrozenEntry | None) -> Answer | None:
    """One side of a difference."""
    if entry is None:
        return None
    return {
        "pro": entry.pro,
        "kind": entry.kind,
        "minutes": entry.minutes,
        **{name: to_amount(_amount(entry, name), entry.currency) for name in ("gross", "commission", "vat", "net")},
        "rate": entry.rate,
        "policy": entry.policy,
        "ended_at": to_text(entry.ended_at),
        "closes_at": to_text(entry.closes_at),
    }


def _amount(entry: FrozenEntry | None, name: str) -> int:
    if entry is None:
        return 0
    net = entry.gross - entry.commission - entry.vat
    return {"gross": entry.gross, "commission": entry.commission, "vat": entry.vat, "net": net}[name]
