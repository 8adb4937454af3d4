"""Deriving: the facts of some pros are told to an empty book, and what the engine finds is listened to.

The same `Recording` that rules on a new event rules here, so there is no second definition of any rule. Events get the
positions they would have if these were all there are; what is found names those of the log.
"""

from __future__ import annotations

import re
from array import array

from ledger import adjusting
from ledger.archive import EmptyArchive
from ledger.billing import line_of
from ledger.book import Book
from ledger.chronicle import Chronicle
from ledger.entries import Entry
from ledger.errors import Refused
from ledger.events.catalogue import ENGINE_SOURCE, PROPOSED
from ledger.recording import Recording
from projections import billing
from projections.replay.assumptions import Assumptions
from projections.replay.consequences import Consequences, LeftOut, found, lines_by_mission
from projections.replay.streams import Material
from projections.touched import Touched

FAR_FUTURE = 2**62
_POSITION = re.compile(r"#([0-9]+)")


def derive(material: Material, assumptions: Assumptions, *, at: int) -> Consequences:
    """What follows for the pros of the material; access is that at the instant `at`. Nothing is read or written."""
    telling = _Telling(material, assumptions)
    for fact in assumptions.told(material.facts):
        telling.tell(fact)
    return telling.consequences(at)


class _Telling:
    """One telling of the facts: the book they are told to, and what came of it so far."""

    def __init__(self, material: Material, assumptions: Assumptions) -> None:
        self.pros = material.pros
        self.book = Book(EmptyArchive(), chronicle=Chronicle(assumptions.register()))
        self.recording = Recording(self.book, clock_us=FAR_FUTURE)
        self.at_log = array("q", [0])  # position in this telling → position in the log; 0 for what the engine adds
        self.recorded = {each.id: each for each in material.findings}
        self.derived: dict[tuple[str, ...], Entry] = {}
        self.touched = Touched()
        self.told = Consequences()

    def tell(self, fact: Entry) -> None:
        """Place a fact and keep what the engine finds; a fact that is refused now is left out."""
        entry = Entry(self.book.position + 1, fact.type, fact.subject, fact.source, fact.id, fact.at)
        entry.doc = self._as_derived(fact)
        try:
            placed = self.recording.place(entry)
        except Refused as refusal:
            message = _POSITION.sub(lambda named: f"#{self._at_log(int(named[1]))}", refusal.message)
            self.told.left_out.append(LeftOut(fact, refusal.code, message))
            return
        self.at_log.append(fact.position)
        billing.HANDLERS[entry.type](self.touched, entry)
        for each in placed[1:]:
            self.at_log.append(0)
            if each.subject in self.pros:
                self.derived[_nature(each)] = each
                self.told.findings.append(found(each, fact, recorded=False, at_log=self._at_log))

    def consequences(self, at: int) -> Consequences:
        """What followed from all that was told."""
        book, told = self.book, self.told
        histories = (book.mission(mission) for mission in self.touched.lines)
        lines = (line_of(each.mission, adjusting.terms(each, book.chronicle)) for each in histories)
        told.lines = lines_by_mission(line for line in lines if line is not None and line.pro in self.pros)
        told.access = {pro: book.pro(pro).access_at(at) for pro in self.pros}
        return told

    def _at_log(self, position: int) -> int:
        return self.at_log[position] if position < len(self.at_log) else 0

    def _as_derived(self, fact: Entry) -> dict[str, object]:
        """The document of a fact, where it names a recorded finding naming the derived one that takes its place."""
        if fact.type == "ledger.event_voided" and fact.data["source"] == ENGINE_SOURCE:
            recorded = self.recorded.get(fact.subject)
            counterpart = self.derived.get(_nature(recorded)) if recorded else None
            if counterpart is not None:
                self.book.recent[ENGINE_SOURCE, fact.subject] = counterpart
        elif fact.type == "pro.suspended" and fact.data.get("proposal"):
            return self._decided(fact)
        return fact.doc

    def _decided(self, fact: Entry) -> dict[str, object]:
        """A person's decision on a proposal decides on the open one of the same rule and kind.

        Where there is none, on the latest that the engine decided on itself, as the policy that is assumed provides.
        """
        recorded = self.recorded.get(fact.data["proposal"])
        if recorded is None:
            return fact.doc
        pro = self.book.pro(fact.subject)
        by_engine = {each.event.data.get("proposal") for each in pro.decisions if each.event.data.get("by") == "engine"}
        settled = [each for each in reversed(pro.events) if each.type == PROPOSED and each.id in by_engine]
        meant = (recorded.data["rule"], recorded.data["kind"])
        for proposal in (*pro.proposals, *settled):
            if (proposal.data["rule"], proposal.data["kind"]) == meant:
                return {**fact.doc, "data": {**fact.data, "proposal": proposal.id}}
        self.told.unfounded.append(fact)
        return fact.doc


def _nature(entry: Entry) -> tuple[str, ...]:
    """What makes a derived finding the counterpart of a recorded one, though its figures may differ."""
    data = entry.data
    return (
        entry.type,
        entry.subject,
        data.get("rule") or "",
        data.get("ladder") or data.get("kind") or "",
        str(entry.at),
    )
