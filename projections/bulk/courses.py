"""Missions that so far took the plain course of things, kept beside a book as flat records; and the pros they are of.

A mission begins here with its request and leaves for good when it is taken: then what was told of it is told once more,
to a `MissionHistory`. What was not used for longest is forgotten, as in the book; the log has it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.book import MISSIONS_KEPT, Book
from ledger.instants import NEVER
from ledger.missions.facts import Fact, Request
from ledger.missions.history import MissionHistory
from ledger.missions.mission import Contribution
from ledger.pros.pro import Pro
from projections.bulk.people import People
from projections.bulk.snapshot import Snapshot
from projections.columns.names import Names
from projections.compiled import telling
from projections.compiled.contributing import CONTRIBUTED
from projections.compiled.records import LATER
from projections.writing import RuleAgain

Numbers = npt.NDArray[Any]
Told = tuple[tuple[Any, ...], int, int]
"""(what an event told, when it happened, its position)."""

NAMED = ("pro", "client", "city", "service", "timezone", "currency", "series")


class Courses:
    """Flat missions by number.

    `before` is how those stand that the stretch being placed is about, without it, and `meanwhile` gives what its
    events told of one until now. `written` is how those of the batch stood when their rows were written last, in the
    first one that holds a mission. A number is given again only in a later batch.
    """

    def __init__(self, book: Book) -> None:
        self.names = {name: Names() for name in NAMED}
        self.number: dict[str, int] = {}
        self.ids: list[str] = []
        self.asked: list[Request | None] = []
        self.told: list[list[Told]] = []
        self.used = np.zeros(0, np.int32)
        self.versions = np.zeros(0, np.int32)
        self.billed = np.zeros(0, np.bool_)
        self.here = np.zeros(0, np.bool_)  # whether a number is that of a mission which is here
        self.book = telling.book(0, 0)
        self.people = People(book, self)
        self.before: Snapshot | None = None
        self.written: list[Snapshot] = []
        self.meanwhile: Callable[[int], Iterable[Told]] | None = None
        self._policies_at = book.chronicle.at
        self._pros: list[str] = []
        self._free: list[int] = []
        self._left: list[int] = []

    # -- as the book sees them ----------------------------------------------------------------------------------

    def take(self, mission_id: str) -> MissionHistory | None:
        """The history of a mission, which leaves; None when it is not here."""
        number = self.number.get(mission_id)
        if number is None:
            return None
        if self.meanwhile is not None and not self.book.missions[number]["odd"]:
            raise RuleAgain  # nothing asks for a mission whose later events are placed already
        history = MissionHistory(mission_id)
        self._tell(history, self.told[number])
        if history.contributions != self._by_pro(number, self._stands(number)):
            raise RuleAgain  # one of both ways is wrong: plain Python is the definition
        if self.meanwhile is not None:
            self._tell(history, self.meanwhile(number))
        written = next((row for each in self.written for row in (each.of(number),) if row is not None), None)
        history.shown = self._by_pro(number, written if written is not None else self._stands(number))
        history.billed = bool(self.billed[number])
        self._leave(mission_id, number)
        return history

    def _tell(self, history: MissionHistory, told: Iterable[Told]) -> None:
        for said, at, position in told:
            refusal = history.place(Fact.of(said, at, position, NEVER), self._policies_at)
            assert refusal is None, history.id

    def ids_kept(self) -> list[str]:
        """The missions that are here."""
        return list(self.number)

    def give_figures(self, pro: Pro) -> None:
        """Give a pro its figures, which leave."""
        if self.meanwhile is not None:
            raise RuleAgain  # nothing asks for a pro whose later moves are judged already
        self.people.give([self.names["pro"].number[pro.id]])

    def let_go(self, accounts: Collection[str]) -> None:
        """Keep the figures of these pros no longer: the book forgot them, or made them anew."""
        self.people.let_go(accounts)

    # -- what they contribute -----------------------------------------------------------------------------------

    def contributions(self, pros: Collection[str]) -> Iterator[tuple[str, Contribution]]:
        """(pro, contribution) of every mission that is here and contributes to one of these pros."""
        numbers = np.fromiter((self.names["pro"].number[each] for each in pros), np.int32, len(pros))
        kept = np.fromiter(self.number.values(), np.int32, len(self.number))
        theirs = kept[np.isin(self.book.missions["pro"][kept], numbers)]
        stands = Snapshot(self.book, theirs)
        for number in stands.numbers.tolist():
            row = self.before.of(number) if self.before is not None else None
            by_pro = self._by_pro(number, row if row is not None else stands.of(number))
            yield from ((pro, each) for pro, each in by_pro.items() if pro in pros)

    def contributing(self, numbers: Numbers, contributed: Numbers) -> list[tuple[Any, ...]]:
        """(pro, *fields of `Contribution`) of missions, each with its row of CONTRIBUTED."""
        pros, which = self.pros, numbers.tolist()
        requests = [request for request in [self.asked[number] for number in which] if request is not None]
        column = {name: contributed[name].tolist() for name in CONTRIBUTED.names or ()}
        rated, ended = column["ended_at"], column["of_series"]
        return list(
            zip(
                [pros[number] for number in column["pro"]],
                rated,
                [self.ids[number] for number in which],
                column["stars"],
                column["rated_position"],
                [each.client if at != NEVER else "" for each, at in zip(requests, rated, strict=True)],
                [each.city for each in requests],
                *(column[name] for name in ("accepted_at", "accepted_position", "adverse", "adverse_at")),
                *(column[name] for name in ("adverse_position", "confirmed_position", "late", "due_at")),
                [each.series if series >= 0 else "" for each, series in zip(requests, ended, strict=True)],
                *(column[name] for name in ("requested_at", "asked_start", "asked_end", "by_cancellation")),
                strict=True,
            )
        )

    def stood(self, number: int) -> Contribution | None:
        """What a mission contributed before the stretch that is being placed; None for nobody."""
        return next(iter(self._by_pro(number, self._stands(number)).values()), None)

    def _stands(self, number: int) -> Any:
        row = self.before.of(number) if self.before is not None else None
        return row if row is not None else Snapshot(self.book, np.array([number])).of(number)

    def _by_pro(self, number: int, row: Any) -> dict[str, Contribution]:
        """What a mission contributes, by whom that is."""
        if row["pro"] < 0:
            return {}
        [(pro, *fields)] = self.contributing(np.array([number]), np.array([row], CONTRIBUTED))
        return {pro: Contribution._make(fields)}

    # -- their records ------------------------------------------------------------------------------------------

    def begin(self, missions: Sequence[str], asked: Sequence[tuple[Any, ...]]) -> None:
        """Make room for missions whose request is the next event about them; `asked` are its fields (`Request`)."""
        while len(self._free) < len(missions):
            self._grow()
        for mission, request in zip(missions, asked, strict=True):
            number = self._free.pop()
            self.asked[number] = Request._make(request)
            self.number[mission] = number
            self.ids[number] = mission
            self.told[number] = []
        numbers = [self.number[each] for each in missions]
        self.book.missions[numbers] = 0
        self.versions[numbers] = 0
        self.billed[numbers] = False
        self.here[numbers] = True

    @property
    def pros(self) -> list[str]:
        """The pros by number."""
        names = self.names["pro"].number
        if len(self._pros) != len(names):
            self._pros = list(names)
        return self._pros

    def room_for(self, events: int) -> None:
        """Make room for what so many events may need of the records beside those of missions."""
        book = self.book
        wanted = int(book.counts[telling.LATERS]) + events + 1
        if len(book.later) < wanted:
            later = np.zeros(2 * wanted, LATER)
            later[: len(book.later)] = book.later
            book = book._replace(later=later)
        if len(book.moves) < events:
            more = telling.book(0, events)
            book = book._replace(moves=more.moves, whose=more.whose, against=more.against)
        self.book = telling.with_pros(book, len(self.names["pro"].number))

    def forget(self, batch: int) -> None:
        """Forget what was not used for longest, but not what the last batches used: their commit may be under way."""
        self._free += self._left
        self._left = []
        if len(self.number) <= MISSIONS_KEPT:
            return
        kept = np.fromiter(self.number.values(), np.int64, len(self.number))
        old = kept[self.used[kept] <= batch - 3]
        many = len(kept) - MISSIONS_KEPT * 3 // 4
        for number in old[np.argsort(self.used[old], kind="stable")][:many].tolist():
            self._leave(self.ids[number], number)
        self._free += self._left
        self._left = []
        self._compact()

    def _compact(self) -> None:
        """Keep the records of LATER that some mission here still has."""
        book = self.book
        kept = np.fromiter(self.number.values(), np.int64, len(self.number))
        having = kept[book.missions["later"][kept] > 0]
        later = np.zeros_like(book.later)
        later[1 : len(having) + 1] = book.later[book.missions["later"][having]]
        book.missions["later"][having] = np.arange(1, len(having) + 1)
        book.counts[telling.LATERS] = len(having)
        self.book = book._replace(later=later)

    def _leave(self, mission_id: str, number: int) -> None:
        del self.number[mission_id]
        self.told[number] = []
        self.asked[number] = None
        self.here[number] = False
        self._left.append(number)

    def _grow(self) -> None:
        have, more = len(self.ids), max(4_096, len(self.ids))
        self._free += range(have + more - 1, have - 1, -1)
        self.ids += [""] * more
        self.asked += [None] * more
        self.told += [[] for _ in range(more)]
        self.used = np.concatenate([self.used, np.zeros(more, np.int32)])
        self.versions = np.concatenate([self.versions, np.zeros(more, np.int32)])
        self.billed = np.concatenate([self.billed, np.zeros(more, np.bool_)])
        self.here = np.concatenate([self.here, np.zeros(more, np.bool_)])
        missions = np.concatenate([self.book.missions, telling.book(more, 0).missions[:more]])
        self.book = self.book._replace(missions=missions)
