"""Ruling on events, one at a time: refuse, or record the fact and everything the engine finds because of it.

Two tables show the whole of it: what each kind of event does to the book (`_PLACE`), and the rules (`rulebook.RULES`).
No I/O but through the book; clock and ids come in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ledger import adjusting, arriving
from ledger.ahead import check_clock
from ledger.book import Book, pro_event
from ledger.entries import Entry, engine_document, entry_of
from ledger.errors import Refused
from ledger.events.catalogue import ENGINE_ONLY, ENGINE_SOURCE, MADE_BY, TYPES
from ledger.events.incoming import Incoming
from ledger.events.sealing import seal
from ledger.findings import Finding, confirmed, decided, judge, written
from ledger.instants import NEVER, to_text
from ledger.invoicing import CREDIT_NOTE, number_text
from ledger.missions.adjustments import adjustment
from ledger.missions.facts import Fact, told
from ledger.missions.history import MissionHistory, refused
from ledger.missions.mission import Contribution, united
from ledger.pros import decisions
from ledger.pros.pro import Pro
from ledger.pros.stream import NEUTRAL
from ledger.reviews import parted, reconsidered
from ledger.rulebook import MISSION_RULES, PRO_RULES, Rule
from ledger.rules.figures import NOTHING, REMOVE


class Question(NamedTuple):
    """Rules to ask about a pro because of what an event changed: in which city, and in which account's name."""

    pro: Pro
    account: str
    city: str
    rules: Sequence[Rule]


class Recording:
    """Records events into a book. `clock_us` is the recording clock; `live` judges deadlines by it.

    `judging=False` asks no rule and refuses no decision: for a log that is taken as it is recorded. `commanded` takes
    the events that only a command makes (`MADE_BY`).
    """

    def __init__(
        self, book: Book, *, clock_us: int, live: bool = False, judging: bool = True, commanded: bool = False
    ) -> None:
        self.book = book
        self.clock_us = clock_us
        self.live = live
        self.judging = judging
        self.commanded = commanded

    def record(self, incoming: Incoming) -> list[Entry]:
        """The entries to append: the event, then what the engine finds. `Refused` leaves the book as it was."""
        check_clock(incoming, self.clock_us)
        if incoming.type not in _ANYBODY or incoming.source == ENGINE_SOURCE or incoming.by not in SIDES:
            self._refuse_made(incoming)
        if incoming.type in arriving.CHECKS:
            arriving.CHECKS[incoming.type](self.book, incoming)
        judged_at = max(self.clock_us, incoming.at) if self.live else NEVER
        if not incoming.personal:
            return self.place(entry_of(incoming, self.book.position + 1), judged_at=judged_at)
        made = set(self.book.fresh_keys)
        sealed = self.seal(incoming)
        try:
            return self.place(entry_of(sealed, self.book.position + 1), judged_at=judged_at)
        except Refused:
            for person in self.book.fresh_keys.keys() - made:
                self.book.forget_key(person)  # nobody may be known by an event that was refused
            raise

    def _refuse_made(self, incoming: Incoming) -> None:
        """Refuse (`human_required`) what the engine or a command makes, and never comes from outside."""
        _refuse_engine(incoming)
        if incoming.type in MADE_BY and not self.commanded:
            made_by = MADE_BY[incoming.type]
            raise Refused("human_required", f"{incoming.type} is made by `mission-ledger {made_by}` alone; run that")

    def place(self, entry: Entry, *, judged_at: int = NEVER) -> list[Entry]:
        """Put an event into the book at the next position and rule on what it changed."""
        questions = _PLACE[entry.type](self, entry, judged_at)
        self.book.position = entry.position
        entries = [entry]
        if not self.judging:
            return entries
        for question in questions:
            self.rule(entries, entry, question)
        if entry.type == "pro.conduct_confirmed":
            self._decide_conduct(entries, entry)
        return entries

    # -- sealing ------------------------------------------------------------------------------------------------

    def seal(self, incoming: Incoming) -> Incoming:
        """The event as it will be stored: its personal text replaced by ciphertext."""
        if not incoming.personal:
            return incoming
        owner = self._owner(incoming)
        return incoming.with_doc(seal(incoming.doc, owner, self.book.key(owner)))

    def _owner(self, incoming: Incoming) -> str:
        """Whose key seals the text: the client's, but the pro's for what concerns or was written by the pro."""
        if incoming.type.startswith("pro."):
            return str(incoming.subject)
        if incoming.type == "invoice.issued":
            return str(incoming.pro)
        if incoming.type == "mission.requested":
            client: str = incoming.doc["data"]["client"]
            return client
        mission = self._known_mission(incoming.subject).mission
        if incoming.type == "mission.rated" and incoming.doc["data"]["by"] == "pro" and mission.stints:
            return mission.stints[-1].pro
        assert mission.request is not None
        return mission.request.client

    # -- placing ------------------------------------------------------------------------------------------------

    def _known_mission(self, mission_id: str) -> MissionHistory:
        history = self.book.mission(mission_id)
        if not history.known:
            raise unknown_mission(mission_id)
        return history

    def _mission(self, entry: Entry, judged_at: int) -> Sequence[Question]:
        book = self.book
        history = book.mission(entry.subject)
        if not history.known and entry.type != "mission.requested":
            raise unknown_mission(entry.subject)
        fact = Fact.of(entry.told or told(entry.type, entry.at, entry.data), entry.at, entry.position, judged_at)
        before = history.contributions
        refusal = history.place(fact, book.chronicle.at)
        if refusal is not None:
            raise refused(refusal, history, fact, book.chronicle.at)
        entry.version = history.version
        entry.subject = history.id  # the same text, kept once
        return self._moved(entry, history, before, fact.pro)

    def _moved(
        self, entry: Entry, history: MissionHistory, before: Mapping[str, Contribution], named: str
    ) -> Sequence[Question]:
        """Carry a mission's change over to the pros it concerns."""
        after = history.contributions
        entry.mission = history.id
        entry.city = history.mission.city
        concerned = {*before, *after} if before is not after else {*after}
        if named:
            concerned.add(named)
        if not concerned:
            return ()
        questions: list[Question] = []
        accounts: tuple[str, ...] = ()
        for account in sorted(concerned) if len(concerned) > 1 else concerned:
            if account in accounts:
                continue
            pro = self.book.pro(account)
            accounts += pro.accounts
            for each in pro.accounts:
                if each in concerned:
                    pro.heard(each, entry.at)
            if before is after:
                continue
            old, new = _of(pro, before), _of(pro, after)
            if old == new:
                continue
            if old is not None and new is not None and old.city != new.city:
                questions += self._move(pro, account, old.city, old, None, entry)
                old = None
            questions += self._move(pro, account, (new or old).city, old, new, entry)  # type: ignore[union-attr]
        entry.pros = accounts
        return questions

    def _move(
        self, pro: Pro, account: str, city: str, old: Contribution | None, new: Contribution | None, entry: Entry
    ) -> Sequence[Question]:
        entry.reconsidered += reconsidered(old, new, entry.position)
        rules = self.triggered(pro, city, old, new, entry.at)
        return (Question(pro, account, city, rules),) if rules else ()

    def triggered(
        self, pro: Pro, city: str, old: Contribution | None, new: Contribution | None, at: int
    ) -> Sequence[Rule]:
        """Replace what a mission contributes to a pro, because of an event at an instant; the rules to ask."""
        terms = self.book.chronicle.latest.parameters(at, city)
        movement = pro.move(city, old, new, terms.rating_window)
        if not (movement.adverse or movement.no_show or movement.late or movement.rating):
            return ()
        return [rule for rule in MISSION_RULES if rule.triggered(movement, terms)]

    def _pro(self, entry: Entry, judged_at: int) -> Sequence[Question]:
        alone = entry.by_engine or entry.type in NEUTRAL
        pro = self.book.stream_of(entry.subject) if alone else self.book.pro(entry.subject)
        if self.judging and not entry.by_engine:
            latest = self.book.chronicle.latest
            decisions.check(entry.type, pro, entry.at, entry.data, latest)
        event = pro_event(entry)
        pro.apply(event, self.book.chronicle)
        entry.pros = pro.accounts
        entry.version = pro.versions[entry.subject]
        if entry.by_engine:
            return ()
        if entry.type == "pro.unavailable":
            pro.excuse_again()
        elif entry.type == "pro.accounts_linked":
            entry.pros = self.book.link(event)
        rules = [rule for rule in PRO_RULES if rule.heard(pro, event)]
        return (Question(pro, entry.subject, "", rules),) if rules else ()

    def _published(self, entry: Entry, judged_at: int) -> Sequence[Question]:
        self.book.chronicle.publish(entry)
        return self._elsewhere(entry)

    def _erasure(self, entry: Entry, judged_at: int) -> Sequence[Question]:
        decisions.needs_statement(entry.data, "an erasure")
        self.book.erase(entry.subject)
        return self._elsewhere(entry)

    def _void(self, entry: Entry, judged_at: int) -> Sequence[Question]:
        decisions.needs_statement(entry.data, "a void")
        book = self.book
        target = book.locate(entry.data["source"], entry.subject)
        if target is None:
            raise Refused("unknown_event", f"no event {entry.subject} of source {entry.data['source']} is recorded")
        if target.position in book.voided:
            raise Refused("invalid_transition", f"event {entry.subject} (#{target.position}) was voided already")
        if target.type == "billing.period_closed":
            raise Refused("invalid_transition", f"{entry.subject} closed a period, which stays so; adjust its missions")
        if target.type == "invoice.issued":
            text = f"{entry.subject} was issued and stays so; a credit note takes it back: adjust its missions"
            raise Refused("invalid_transition", text)
        if target.type in ("ledger.event_voided", "ledger.subject_erased"):
            raise Refused("invalid_transition", f"{target.type} cannot be voided; record what is true as a new event")
        entry.reconsidered = (target.position,)
        questions: Sequence[Question] = ()
        # Read as it is before the void; only then does the void count.
        if target.type.startswith("mission.") or target.type == "billing.adjusted":
            history = book.mission(target.subject)
            book.voided[target.position] = entry.position
            before = history.contributions
            named = next((fact.pro for fact in history.facts if fact.position == target.position), "")
            history.void(target.position, entry.position, book.chronicle.at)
            questions = self._moved(entry, history, before, named)
        elif target.type.startswith("pro."):
            pro = book.pro(target.subject)
            book.voided[target.position] = entry.position
            pro.void(target.position, book.chronicle)
            entry.pros = pro.accounts
            if target.type == "pro.unavailable":
                pro.excuse_again()
            elif target.type == "pro.accounts_linked":
                entry.pros = book.unlink(target.position)
                entry.reconsidered += parted(pro, {book.pro(each) for each in entry.pros})
        else:
            book.voided[target.position] = entry.position
            book.chronicle.withdraw(entry.position, entry.data["source"], entry.subject)
        entry.version = book.next_version(entry.stream)
        return questions

    def _adjusted(self, entry: Entry, judged_at: int) -> Sequence[Question]:
        history = self._known_mission(entry.subject)
        change = adjustment(entry.position, entry.at, entry.data)
        if self.judging:
            decisions.needs_statement(entry.data, "an adjustment")
            adjusting.check(history.mission, change, adjusting.terms(history, self.book.chronicle), judged_at=judged_at)
        history.adjust(change)
        entry.mission, entry.city = history.id, history.mission.city
        return self._elsewhere(entry)

    def _issued(self, entry: Entry, judged_at: int) -> Sequence[Question]:
        """The running number is the place in the series, so that there is neither a gap nor a duplicate."""
        questions = self._elsewhere(entry)
        number = number_text(entry.subject, entry.version)
        if entry.data["number"] != number:
            text = f"{entry.data['number']} is not the next number of series {entry.subject}, {number} is"
            raise Refused("invalid_transition", text)
        if (entry.data["kind"] == CREDIT_NOTE) != bool(entry.data.get("of")):
            raise Refused("invalid_event", f"{number}: a credit note, and nothing else, says which invoice it is of")
        return questions

    def _elsewhere(self, entry: Entry, judged_at: int = NEVER) -> Sequence[Question]:
        entry.version = self.book.next_version(entry.stream)
        return ()

    # -- ruling -------------------------------------------------------------------------------------------------

    def rule(self, entries: list[Entry], cause: Entry, question: Question) -> None:
        """Evaluate the rules in their order, and append what they write; what one writes is known to the next."""
        register = self.book.chronicle.latest
        pro, account, city, rules = question
        for rule in rules:
            verdict = judge(rule, pro, city, register, cause.at)
            if verdict == NOTHING:
                continue
            finding = written(rule, verdict, pro, city, register, cause.at)
            proposal = self.write(entries, cause, account, finding)
            if verdict == REMOVE and register.parameters(cause.at, city).decision_automatic:
                self.write(entries, cause, account, decided(rule, proposal, register, city))

    def _decide_conduct(self, entries: list[Entry], cause: Entry) -> None:
        """Write down the decision that a person took by confirming a report on a ground without a ladder."""
        finding = confirmed(self.book.pro(cause.subject), pro_event(cause))
        if finding is not None:
            self.write(entries, cause, cause.subject, finding)

    def write(self, entries: list[Entry], cause: Entry, account: str, finding: Finding) -> Entry:
        """Append an engine event: the cause's time, an id made of its position, so that a replay gives the same."""
        position = self.book.position + 1
        event_id = f"{finding.type.partition('.')[2]}-{position}"
        doc = engine_document(finding.type, account, event_id, to_text(cause.at), cause, finding.data)
        # Not read like a line from outside: its evidence may name thousands of positions.
        entry = entry_of(Incoming.of(doc), position)
        self._pro(entry, NEVER)
        self.book.position = position
        entries.append(entry)
        return entry


def _of(pro: Pro, contributions: Mapping[str, Contribution]) -> Contribution | None:
    """What a mission contributes to a person; one that several of its accounts accepted counts once."""
    accounts = pro.accounts
    if len(accounts) == 1:
        return contributions.get(accounts[0])
    parts = [contributions[each] for each in accounts if each in contributions]
    return united(parts) if parts else None


def unknown_mission(mission_id: str) -> Refused:
    return Refused("unknown_mission", f"mission {mission_id} was never requested; send mission.requested first")


SIDES = frozenset({"", "pro", "client", "platform"})
"""Who acts, as events say it, where it is no person by name."""
_ANYBODY = frozenset(TYPES) - ENGINE_ONLY - MADE_BY.keys()
"""Types that may come from outside, whoever sends them."""


def _refuse_engine(incoming: Incoming) -> None:
    """Findings and the engine's decisions are never taken from outside (contract: `human_required`)."""
    if incoming.type in ENGINE_ONLY or incoming.source == ENGINE_SOURCE:
        raise Refused("human_required", f"{incoming.type} of the engine is written by the engine alone")
    if incoming.by not in SIDES and incoming.by.strip().lower() == "engine":
        raise Refused("human_required", f"{incoming.type} by engine is refused; a person decides: give a name")


_PLACE: dict[str, Callable[[Recording, Entry, int], Sequence[Question]]] = {
    **{name: Recording._mission for name in TYPES if name.startswith("mission.")},
    **{name: Recording._pro for name in TYPES if name.startswith("pro.")},
    "billing.period_closed": Recording._elsewhere,
    "billing.adjusted": Recording._adjusted,
    "invoice.issued": Recording._issued,
    "city.baseline_published": Recording._published,
    "policy.published": Recording._published,
    "ledger.event_voided": Recording._void,
    "ledger.subject_erased": Recording._erasure,
}
PLACED = frozenset(_PLACE)
