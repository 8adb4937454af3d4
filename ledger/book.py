"""The missions and pros in memory, read from an archive when first needed.

One book serves one writer: a command that records one event, an import of millions, or a fresh fold that checks them.
What it holds always equals what the archive would give after the same events; when a commit fails, the book is thrown
away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Any

from ledger.archive import NOBODY, Archive, Beside, Located, ProRecord, UnderWay
from ledger.chronicle import Chronicle
from ledger.entries import Entry
from ledger.errors import Refused
from ledger.events.catalogue import ENGINE_ONLY
from ledger.events.sealing import new_key
from ledger.missions.adjustments import adjustment
from ledger.missions.facts import Fact
from ledger.missions.history import MissionHistory
from ledger.missions.mission import Contribution, united
from ledger.pros.links import Links
from ledger.pros.pro import Pro
from ledger.pros.records import ProEvent

MISSIONS_KEPT = 20_000
PROS_KEPT = 1_000
CONTRIBUTIONS_KEPT = 1_000_000
BATCHES_BETWEEN_COUNTS = 16
PROS_AT_ONCE = 100
"""So many are read before the next: what is read of them takes much more memory than what is kept."""


class Book:
    """The state that events are ruled on. `position` is that of the last event in it.

    `from_empty`: it began with an empty log, so that it heard of everybody; only whom it forgot does the archive know.
    """

    def __init__(
        self, archive: Archive, *, position: int = 0, chronicle: Chronicle | None = None, from_empty: bool = False
    ) -> None:
        self.archive = archive
        self.position = position
        self.chronicle = chronicle or Chronicle()
        self.voided: dict[int, int] = {}  # position of a voided event → that of its void
        self.links = Links()
        self.recent: dict[tuple[str, str], Located | Entry] = {}  # recorded, but not yet seen by the archive
        self.under_way: list[UnderWay] = []  # the same of whole batches
        self.fresh_keys: dict[str, bytes] = {}
        self.erased: set[str] = set()
        self.beside: Beside | None = None
        self._missions: dict[str, MissionHistory] = {}
        self._pros: dict[str, Pro] = {}
        self._versions: dict[str, int] = {}
        self._keys: dict[str, bytes | None] = {}
        self.batch = 0  # how many were opened
        self._from_empty = from_empty
        self._forgotten: set[str] = set()

    # -- reading ------------------------------------------------------------------------------------------------

    def mission(self, mission_id: str) -> MissionHistory:
        """The history of a mission; an empty one when nothing is known."""
        history = self._missions.get(mission_id)
        if history is None:
            history = self._taken(mission_id)
        if history is None:
            self._load_missions((mission_id,))
            history = self._missions[mission_id]
        return history

    def _taken(self, mission_id: str) -> MissionHistory | None:
        """A mission that was kept beside this book."""
        history = self.beside.take(mission_id) if self.beside is not None else None
        if history is not None:
            history.used = self.batch
            self._missions[mission_id] = history
        return history

    def holds(self, mission_id: str) -> bool:
        """Whether a mission is in this book itself."""
        return mission_id in self._missions

    def release(self, mission_id: str) -> bool:
        """Let go of a mission that nothing is known of; whether that was so."""
        if self._missions[mission_id].facts:
            return False
        del self._missions[mission_id]
        return True

    def pro(self, pro_id: str) -> Pro:
        """A pro; an empty one when nothing is known."""
        pro = self._pros.get(pro_id)
        if pro is None:
            self._load_pros((pro_id,))
            pro = self._pros[pro_id]
        if pro.beside:
            assert self.beside is not None
            self.beside.give_figures(pro)
        return pro

    def stream_of(self, pro_id: str) -> Pro:
        """The same, but for its figures (`cities`), which may be kept beside: what its own stream says of it."""
        pro = self._pros.get(pro_id)
        return pro if pro is not None else self.pro(pro_id)

    def next_version(self, stream: str) -> int:
        """The version of the next event of a stream that is neither a mission nor a pro; counts it."""
        version = self._versions.get(stream)
        if version is None:
            version = self.archive.versions((stream,)).get(stream, 0)
        self._versions[stream] = version + 1
        return version + 1

    def key(self, person: str) -> bytes:
        """The key of a person, made on first use. Refuses (`subject_erased`) a person whose key was destroyed."""
        if person not in self._keys:
            self._keys.update(self.archive.keys((person,)))
        if person in self.erased or (person in self._keys and self._keys[person] is None):
            raise Refused("subject_erased", f"{person} was erased; personal data about them can no longer be recorded")
        key = self._keys.get(person)
        if key is None:
            key = self._keys[person] = self.fresh_keys[person] = new_key()
        return key

    def forget_key(self, person: str) -> None:
        """Take back a key made for an event that was then refused."""
        del self.fresh_keys[person]
        self._keys.pop(person, None)

    def erase(self, person: str) -> None:
        """Destroy a person's key."""
        self._keys[person] = None
        self.fresh_keys.pop(person, None)
        self.erased.add(person)

    def locate(self, source: str, event_id: str) -> Located | Entry | None:
        """Where an event stands, also one whose commit is still under way."""
        return self.on_its_way((source, event_id)) or self.archive.locate(source, event_id)

    def on_its_way(self, name: tuple[str, str]) -> Located | Entry | None:
        """Where an event stands whose commit is still under way."""
        recent = self.recent.get(name)
        if recent is None and self.under_way:
            return next((found for each in self.under_way for found in (each.get(name),) if found), None)
        return recent

    def positions_of(self, named: str | int) -> tuple[int, ...]:
        """Where the events called so stand: by a position, or by an id, which several sources may have used."""
        if isinstance(named, int):
            return (named,) if 0 < named <= self.position else ()
        recent = {each.position for (_, event_id), each in self.recent.items() if event_id == named}
        recent.update(*(each.positions_of(named) for each in self.under_way))
        found = recent.union(self.archive.positions_of(named))
        return tuple(sorted(each for each in found if each <= self.position))

    def at(self, position: int) -> Located | Entry | None:
        """What stands at a position, also where its commit is still under way."""
        recent = (each for each in self.recent.values() if each.position == position)
        under_way = (found for each in self.under_way for found in (each.at(position),) if found)
        return next(recent, None) or next(under_way, None) or self.archive.at(position)

    def found_since(self, position: int) -> list[str]:
        """The pros about whom the engine found something after a position; they are all held afterwards."""
        held = {
            event.account
            for pro in set(self._pros.values())
            for event in pro.events
            if event.position > position and event.type in ENGINE_ONLY
        }
        found = sorted(held.union(self.archive.found_since(position)))
        self._load_pros([each for each in found if each not in self._pros])
        return found

    # -- batches ------------------------------------------------------------------------------------------------

    def open_batch(self, missions: Iterable[str], pros: Iterable[str], *, fresh: Collection[str] = ()) -> None:
        """Read, in bulk, what a batch of events will need, and forget what has not been used for longest.

        Missions in `fresh` are taken to be unknown to the archive.
        """
        self.batch += 1
        self._forget()
        wanted, held = dict.fromkeys(missions), self._missions
        for mission in fresh:
            if mission not in held:
                held[mission] = MissionHistory(mission)
        self._load_missions([each for each in wanted if each not in held and self._taken(each) is None])
        needed = dict.fromkeys(pros)
        for each in wanted:
            history = held[each] = held.pop(each)
            history.used = self.batch
            for stint in history.mission.stints:
                needed[stint.pro] = None
        self._load_needed(needed)
        for account in needed:
            pro = self._pros[account] = self._pros.pop(account)
            pro.used = self.batch

    def _load_needed(self, accounts: Iterable[str]) -> None:
        """Read the pros that are not held, but for those that the archive cannot know."""
        missing = [each for each in accounts if each not in self._pros]
        if self._from_empty:
            for each in missing:
                if each not in self._forgotten and self.links.group(each) == (each,):
                    self._make_pro((each,), {each: NOBODY})
            missing = [each for each in missing if each not in self._pros]
        self._load_pros(missing)

    def _forget(self) -> None:
        """Forget what was not used for longest, but not what the last batches used: their commit may be under way."""
        if len(self._missions) > MISSIONS_KEPT:
            _drop(self._missions, MISSIONS_KEPT * 3 // 4, self.batch - 3)
        if len(self._pros) > PROS_KEPT and self.batch % BATCHES_BETWEEN_COUNTS == 0:
            held = sum(city.accepted for pro in self._pros.values() for city in pro.cities.values())
            if held > CONTRIBUTIONS_KEPT:
                forgotten = _drop(self._pros, len(self._pros) * 3 // 4, self.batch - 3)
                self._forgotten.update(forgotten)
                if self.beside is not None:
                    self.beside.let_go(forgotten)

    def _load_missions(self, ids: Collection[str]) -> None:
        if not ids:
            return
        found = self.archive.missions(ids)
        adjusted = self.archive.adjustments(found) if found else {}
        for mission_id in ids:
            history = self._missions[mission_id] = MissionHistory(mission_id)
            entries = found.get(mission_id)
            if entries:
                facts = [Fact(each.type, each.at, each.position, each.data) for each in entries]
                changes = adjusted.get(mission_id, ())
                told = [each.position for each in (*entries, *changes)]
                voided = {each: self.voided[each] for each in told if each in self.voided}
                adjustments = [adjustment(each.position, each.at, each.data) for each in changes]
                history.restore(facts, voided, self.chronicle.at, adjustments)

    def _load_pros(self, ids: Collection[str]) -> None:
        if not ids:
            return
        groups = list(dict.fromkeys(self.links.group(each) for each in ids))
        for first in range(0, len(groups), PROS_AT_ONCE):
            some = groups[first : first + PROS_AT_ONCE]
            found = self.archive.pros([account for group in some for account in group])
            for group in some:
                self._make_pro(group, {account: found.get(account, NOBODY) for account in group})

    def _make_pro(self, accounts: tuple[str, ...], records: Mapping[str, ProRecord]) -> None:
        """A person made of what is known of each account; a mission that several of them accepted counts once."""
        pro = Pro(*accounts)
        events = [each for record in records.values() for each in record.events]
        voided = {each.position for each in events if each.position in self.voided}
        pro.restore(sorted(events, key=lambda each: each.position), voided, self.chronicle)
        parts: dict[str, list[Contribution]] = {}
        for account, record in records.items():
            pro.heard(account, record.latest_at)
            for each in record.contributions:
                parts.setdefault(each.mission, []).append(each)
        pro.take_on([united(each) for each in parts.values()])
        pro.used = self.batch
        if self.beside is not None:
            self.beside.let_go(accounts)
        for account in accounts:
            self._pros[account] = pro

    # -- accounts of one person ---------------------------------------------------------------------------------

    def link(self, event: ProEvent) -> tuple[str, ...]:
        """Several accounts are one person from now on; returns all accounts that this concerns."""
        self.links.add(event)
        accounts = self.links.group(event.account)
        self._regroup(accounts)
        return accounts

    def unlink(self, position: int) -> tuple[str, ...]:
        """Take back the link recorded at a position; returns all accounts that this concerns."""
        accounts = self.links.take_back(position)
        self._regroup(accounts)
        return accounts

    def _regroup(self, accounts: Collection[str]) -> None:
        """Make the persons behind these accounts anew.

        The archive lacks what was recorded since; but then the pro and the mission are still held here.
        """
        archived = self.archive.pros(accounts)
        records = {account: self._record(account, archived.get(account, NOBODY)) for account in accounts}
        for group in dict.fromkeys(self.links.group(each) for each in accounts):
            self._make_pro(group, {account: records[account] for account in group})

    def _record(self, account: str, archived: ProRecord) -> ProRecord:
        held = self.pro(account) if account in self._pros else None
        events, latest_at = archived.events, archived.latest_at
        if held is not None:
            events = [each for each in held.events if each.account == account]
            latest_at = held.latest[account]
        for mission in self.beside.ids_kept() if self.beside is not None else ():
            self._taken(mission)
        contributions = self._up_to_date({account: archived.contributions})[account]
        return ProRecord(events, list(contributions.values()), latest_at)

    def contributions(self, accounts: Collection[str]) -> dict[str, dict[str, Contribution]]:
        """Account → mission → what it contributes, as far as the archive and the missions held here know."""
        archived = self.archive.pros(accounts)
        return self._up_to_date({each: archived.get(each, NOBODY).contributions for each in accounts})

    def _up_to_date(self, archived: Mapping[str, Iterable[Contribution]]) -> dict[str, dict[str, Contribution]]:
        missions = self._missions
        found = {
            account: {each.mission: each for each in contributions if each.mission not in missions}
            for account, contributions in archived.items()
        }
        for mission, history in missions.items():
            for account, contribution in history.contributions.items():
                if account in found:
                    found[account][mission] = contribution
        return found


def _drop(cache: dict[str, Any], keep: int, latest: int) -> list[str]:
    """Drop what was last used longest ago, keeping `keep`, and everything used after the batch `latest`; what went.

    The cache is in order of use, so that only what is dropped is looked at.
    """
    dropped = [each for each in islice(cache, len(cache) - keep) if cache[each].used <= latest]
    for each in dropped:
        del cache[each]
    return dropped


def pro_event(entry: Entry) -> ProEvent:
    """An entry of a pro's stream as the pro keeps it."""
    return ProEvent(entry.type, entry.at, entry.position, entry.id, entry.subject, entry.data, entry.source)
