"""Missions of a closed period told again one by one, and what the close froze of them held against it.

They are told in the order of the period's entries, so that the derived entries have a digest of their own: equal
digests mean equal entries, byte for byte.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import repeat
from typing import Any, NamedTuple

from ledger.billing import Line
from ledger.billing_entries import CREDIT, LINE, Buffer, FrozenEntry, text_of
from ledger.instants import to_text
from ledger.money import ratio_text, to_amount
from projections.archive import PostgresArchive
from projections.billed_missions import Billed, Terms, told
from projections.periods import Closed
from projections.spooled import Spooled
from projections.statements import sql
from projections.summaries import summary

Answer = dict[str, Any]
WorkedOut = Callable[[int, int], Mapping[str, tuple[FrozenEntry, Line | None]]]
MISSIONS_AT_ONCE = 2_000
CLIENT_ABSENT = "client_absent"
"""The kind of an entry that bears a fee."""


class Fee(NamedTuple):
    """What decides whether a fee for an absent client has a cap: its policy's name, its city and its currency."""

    policy: str
    city: str
    currency: str


class Held(NamedTuple):
    """An entry, and where it is frozen."""

    position: int
    number: int
    entry: FrozenEntry


class Replayed:
    """What was derived so far: sums, digest, fees for absent clients, and the missions whose entries differ."""

    def __init__(self, archive: PostgresArchive, closed: Closed, terms: Terms, *, assuming: bool) -> None:
        self.archive = archive
        self.closed = closed
        self.terms = terms
        self.assuming = assuming  # another policy: then its name and its closing instant are not a difference
        self.digest = sha256()
        self.entries = 0
        self.sums: dict[str, list[int]] = {}
        self.fees: Counter[Fee] = Counter()
        self.changed = Spooled()

    def add(
        self,
        missions: Sequence[str],
        progress: Callable[[int, int], None],
        before: Iterator[Iterable[Buffer]] | None = None,
        worked_out: WorkedOut = lambda first, last: {},
    ) -> None:
        """Derive missions, and compare. `before`: what the digest reads before each of them in turn.

        `worked_out` gives, of the missions from one place to another, those whose entry and line are known already.
        """
        texts = before if before is not None else repeat(())
        for first in range(0, len(missions), MISSIONS_AT_ONCE):
            last = min(first + MISSIONS_AT_ONCE, len(missions))
            self._add(missions[first:last], texts, worked_out(first, last))
            progress(last, len(missions))

    def tell(self, texts: Iterable[Buffer]) -> None:
        """Let the digest read entries that are known."""
        for text in texts:
            self.digest.update(text)

    def _add(
        self,
        missions: Sequence[str],
        before: Iterator[Iterable[Buffer]],
        known: Mapping[str, tuple[FrozenEntry, Line | None]],
    ) -> None:
        others = [each for each in missions if each not in known]
        held: dict[str, list[Held]] = {}
        rows = self.archive.connection.execute(sql("entries_at"), {"missions": others}).fetchall() if others else ()
        for position, number, *fields in rows:
            entry = Held(position, number, FrozenEntry._make(fields))
            held.setdefault(entry.entry.mission, []).append(entry)
        telling = told(self.archive, others, self.terms)
        for mission in missions:
            self.tell(next(before))
            if mission in known:
                frozen, line = known[mission]
                self._compare(mission, line, None, [Held(self.closed.position, 0, frozen)])
            else:
                _, billed = next(telling)
                self._compare(mission, billed.line() if billed else None, billed, held.get(mission, []))

    def _compare(self, mission: str, line: Line | None, billed: Billed | None, held: Sequence[Held]) -> None:
        """`billed`: with its events, where something may have been recorded since."""
        frozen = [each for each in held if each.position == self.closed.position]
        if line is not None and not self._due(line):
            line = None
        derived = list(_derived(line, held, frozen))
        for entry in derived:
            self.digest.update(text_of(entry))
            sums = self.sums.setdefault(entry.currency, [0, 0, 0])
            for index, amount in enumerate((entry.gross, entry.commission, entry.vat)):
                sums[index] += amount
            if entry.kind == CLIENT_ABSENT and entry.role == LINE and entry.gross:
                self.fees[Fee(entry.policy, entry.city, entry.currency)] += 1
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
