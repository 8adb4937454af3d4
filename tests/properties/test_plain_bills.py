"""Bills of plain missions as columns are those told one by one, to the byte; and most missions are plain."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from missions.kit import Document, Story, accepted, completed, event, modified, policy, requested, voided

from ledger.billing_entries import text_of
from ledger.chronicle import Chronicle
from ledger.entries import Entry
from ledger.events.catalogue import topic_of, type_of
from ledger.instants import HOUR, MINUTE, local_day, parse_us
from ledger.money import EXPONENT, HALF_EVEN, HALF_UP
from ledger.money import rounded as rounded_one
from ledger.policies.document import Policy, from_document
from ledger.policies.register import Register
from projections.billed_missions import Terms
from projections.billed_missions import _told as told_one
from projections.billing import HANDLERS
from projections.period_replay import entry_of_line
from projections.plain_bills import facts as reading
from projections.plain_bills.amounts import lines, rounded
from projections.plain_bills.closings import local_days
from projections.plain_bills.entries import Derived, Texts, derived, sums, total
from projections.plain_bills.facts import IDLE, read_facts
from projections.plain_bills.sessions import sessions
from projections.replay.assumptions import ALWAYS
from projections.touched import ignore

from .histories import KINDS, Plan, in_time, plans
from .test_money_and_time import ZONES
from .test_replay import busy

EPOCH_2000 = 946_684_800_000_000


class Log:
    """The entries of a story, answering as the server does."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries

    def cursor(self, *, binary: bool) -> Any:
        assert binary
        return nullcontext(self)

    def execute(self, statement: bytes, asked: Mapping[str, Any]) -> Log:
        after, streams = asked.get("after", 0), asked.get("streams")
        chosen = [
            each
            for each in self.entries
            if after < each.position <= asked["until"] and (streams is None or each.stream in streams)
        ]
        self.rows = [
            self._row(topic, [each for each in chosen if topic_of(each.type) == topic], topic in asked["read"])
            for topic in sorted({topic_of(each.type) for each in chosen} - set(asked["idle"]))
            if topic.startswith("mission.")
        ]
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows

    @staticmethod
    def _row(topic: str, entries: list[Entry], read: bool) -> tuple[Any, ...]:
        return (
            topic,
            _array([each.position for each in entries]),
            _array([each.at - EPOCH_2000 for each in entries]),
            b"\n".join(each.state for each in entries) if read else None,
            None if read else "\n".join(each.subject for each in entries),
        )


def _array(values: list[int]) -> bytes:
    """`array_send` of an array of 64-bit integers."""
    head = struct.pack(">iiiii", 1, 0, 20, len(values), 1)
    return head + b"".join(struct.pack(">iq", 8, each) for each in values)


def supposing(story: Story, assumed: Policy | None) -> Chronicle:
    """What was published and withdrawn in a story, with another version in force at any time."""
    if assumed is None:
        return story.book.chronicle
    chronicle = Chronicle(Register(assumed=(ALWAYS, assumed)))
    for each in story.entries:
        if each.type == "policy.published":
            chronicle.publish(each)
        elif each.type == "ledger.event_voided" and each.subject.startswith("policy-"):
            chronicle.withdraw(each.position, each.data["source"], each.subject)
    return chronicle


def by_columns(story: Story, missions: list[str], chronicle: Chronicle) -> Derived:
    """The lines of the plain ones of these missions."""
    asked = pa.array(missions, pa.string())
    log: Any = Log(story.entries)
    facts = read_facts(log, asked, story.book.position, lambda done, of: None)
    voids = _voids(story)
    amended = {each.subject for each in story.entries if each.position in voids}
    places = np.array([index for index, name in enumerate(missions) if name in amended], np.int64)
    done = sessions(facts, len(missions), places)
    return derived(asked, facts, done, lines(facts, done, chronicle))


def one_by_one(story: Story, mission: str, chronicle: Chronicle) -> bytes:
    """The text of the mission's entry as the computation that defines it has it; nothing where it bears nothing."""
    entries = [each for each in story.entries if each.stream == f"mission/{mission}"]
    if not entries:
        return b""
    line = told_one(mission, entries, Terms(chronicle, _voids(story))).line()
    return text_of(entry_of_line(line, 0, 0)) if line is not None else b""


def _voids(story: Story) -> dict[int, int]:
    """Position of each voided event → of its void."""
    known = {(each.source, each.id): each.position for each in story.entries}
    voids = [each for each in story.entries if each.type == "ledger.event_voided"]
    return {known[each.data["source"], each.subject]: each.position for each in voids}


def agree(story: Story, missions: list[str], assumed: Policy | None = None) -> set[str]:
    """Both computations agree on every plain mission, and on the sums; the plain ones."""
    missions, chronicle = sorted(missions), supposing(story, assumed)
    found = by_columns(story, missions, chronicle)
    rows = np.arange(len(found.mission))
    told = b"".join(bytes(each) for each in Texts(found, rows).before(len(missions)))
    plain = [missions[place] for place in found.mission]
    expected = [one_by_one(story, each, chronicle) for each in plain]
    assert told.splitlines(keepends=True) == expected
    totals: dict[str, list[int]] = {}
    for text in expected:
        fields = text.decode().split("\t")
        amounts = totals.setdefault(fields[13], [0, 0, 0])
        for index in range(3):
            amounts[index] += int(fields[10 + index])
    assert sums(found, rows) == totals
    return set(plain)


@given(busy(most=8), st.sampled_from([1, 3, 65_536]), st.sampled_from([0, 10**6]))
@settings(max_examples=200, deadline=None)
def test_every_kind_of_history(documents: list[Document], page: int, scanned: int) -> None:
    """Policies, voids, refusals and late arrivals among them; read as one page or as many, by place or by name."""
    story = Story()
    for each in documents:
        story.when(each)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reading, "EVENTS_AT_ONCE", page)
        patched.setattr(reading, "MISSIONS_AT_ONCE", page)
        patched.setattr(reading, "SCANNED", scanned)
        agree(story, sorted({each["subject"] for each in documents if each["type"] == "mission.requested"}))


PLAIN = ("done", "not rated", "rated before reported", "changed", "moved by client", "damage")


@given(plans(most=8))
@settings(max_examples=60, deadline=None)
def test_who_did_nothing_unusual_is_plain(missions: list[Plan]) -> None:
    """Else the columns would settle nothing, and nobody would notice."""
    assert set(PLAIN) <= set(KINDS)
    story = Story().given(*in_time(missions))
    plain = agree(story, [plan.mission for plan in missions])
    assert plain == {plan.mission for plan in missions if plan.kind in PLAIN}


CURRENCIES = ("EUR", "CHF", "JPY", "TND", "CLF")


@st.composite
def amounts(draw: st.DrawFn, currency: str) -> Document:
    """Any amount that may be sent, most of them of a size that is."""
    digits = draw(st.one_of(st.integers(0, 100_000), st.integers(0, 10 ** (12 + EXPONENT[currency]) - 1)))
    exponent = EXPONENT[currency]
    text = str(digits).rjust(exponent + 1, "0")
    return {"amount": f"{text[:-exponent]}.{text[-exponent:]}" if exponent else text, "currency": currency}


@st.composite
def billed(draw: st.DrawFn) -> list[Document]:
    """Missions that were done, with any price, in any zone, changed until their bills close and after."""
    documents: list[Document] = []
    for number in range(draw(st.integers(1, 5))):
        name, currency, timezone = f"m-{number}", draw(st.sampled_from(CURRENCIES)), draw(st.sampled_from(ZONES))
        start = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 60_000)))
        minutes = draw(st.integers(1, 1440))
        end = start + timedelta(minutes=minutes)
        price = draw(amounts(currency)) | {"per": draw(st.sampled_from(["hour", "mission"]))}
        documents += [
            requested(
                name,
                "2026-01-01 08:00",
                city=draw(st.sampled_from(["lyon", "geneve"])),
                timezone=timezone,
                starts_at=start.isoformat(),
                price=price,
                service=draw(st.sampled_from(["cleaning", "repair"])),
            ),
            accepted(name, "p-1", draw(st.sampled_from(["2026-01-31 23:59", "2026-02-01 00:00", "2026-02-25 08:00"]))),
            completed(
                name,
                (end + timedelta(minutes=draw(st.sampled_from([0, 0, 5])))).isoformat(),
                minutes,
                **draw(st.sampled_from([{}, {"ended_at": end.isoformat()}, {"pro": "p-1"}])),
            ),
        ]
        for change in range(draw(st.integers(0, 2))):
            at = end + timedelta(minutes=draw(st.one_of(st.integers(0, 10), st.integers(0, 4_000))))
            prices = draw(st.lists(amounts(currency), max_size=2))
            documents.append(
                modified(
                    name,
                    at.isoformat(),
                    draw(st.integers(1, 1440)),
                    id=f"{name}/changed-{change}",
                    **({"added": [{"label": "windows", "price": each} for each in prices]} if prices else {}),
                )
            )
    return draw(st.permutations(documents)) if draw(st.booleans()) else documents


TERMS = policy(
    "even",
    "2026-02-01 00:00",
    "2026-01-01 00:00",
    billing={"commission": "0.1625", "rounding": "half_even", "vat": "0.081", "closes": "noon_next_local_day"},
    city={"geneve": {"billing": {"commission": "0.333333", "vat": "0.077777", "closes": "end_of_same_local_day"}}},
)


SUPPOSED = from_document(TERMS["data"]["document"] | {"version": "supposed", "effective_from": "2027-01-01T00:00:00Z"})


@given(billed(), st.integers(0, 20), st.booleans(), st.sampled_from([None, SUPPOSED]))
@settings(max_examples=300, deadline=None)
def test_every_price_zone_and_change(
    documents: list[Document], place: int, withdrawn: bool, supposed: Policy | None
) -> None:
    """The terms are published, and perhaps withdrawn, somewhere among the events; or others are supposed."""
    documents = [*documents[:place], TERMS, *documents[place:], *([voided(TERMS)] if withdrawn else [])]
    story = Story()
    for each in documents:
        story.when(each)
    agree(story, sorted({each["subject"] for each in documents if each["subject"].startswith("m-")}), supposed)


ONCE = [requested(), accepted(), completed(), modified()]


@pytest.mark.parametrize("wrong", ONCE, ids=lambda each: each["type"])
def test_what_was_declared_wrong_is_told_one_by_one(wrong: Document) -> None:
    story = Story().given(*ONCE)
    assert agree(story, ["m-1"]) == {"m-1"}
    assert agree(story.given(voided(wrong)), ["m-1"]) == set()


@pytest.mark.parametrize(
    "last",
    [
        event("mission.rescheduled", "m-1", "2026-03-05 09:00", by="client", starts_at="2026-03-10T09:00:00Z"),
        modified(),
    ],
    ids=["moved", "changed"],
)
def test_the_terms_are_those_known_at_the_last_event_that_touches_the_bill(last: Document) -> None:
    """Published after the completion was recorded, in force when the mission was accepted."""
    story = Story().given(*ONCE[:3], TERMS)
    assert b"\tmila@2018-06\t" in one_by_one(story, "m-1", story.book.chronicle)
    agree(story, ["m-1"])
    story.given(last)
    assert b"\ttest@even\t" in one_by_one(story, "m-1", story.book.chronicle)
    assert agree(story, ["m-1"]) == {"m-1"}


@pytest.mark.parametrize(("at", "plain"), [("2026-03-11 10:59", {"m-1"}), ("2026-03-11 11:00", set())])
def test_a_change_after_the_bill_would_have_closed_is_told_one_by_one(at: str, plain: set[str]) -> None:
    """It was in time by the policy of its day, and would not be by the one that is supposed: noon of the next day."""
    story = Story().given(*ONCE[:3], modified(time=at))
    assert agree(story, ["m-1"]) == {"m-1"}
    assert agree(story, ["m-1"], SUPPOSED) == plain


def test_a_bill_that_might_not_fit_is_told_one_by_one() -> None:
    dear = {"amount": "999999999999.9999", "currency": "CLF", "per": "hour"}
    story = Story().given(requested("m-1", price=dear), accepted(), completed())
    assert one_by_one(story, "m-1", story.book.chronicle).split(b"\t")[10] == b"19999999999999998"
    assert agree(story, ["m-1"]) == set()


def test_no_idle_type_touches_a_bill() -> None:
    assert {HANDLERS[type_of(topic)[0]] for topic in IDLE} == {ignore}


def test_an_event_of_a_type_that_nobody_expects_is_told_one_by_one() -> None:
    story = Story().given(requested(), accepted(), completed(), event("mission.checked_in", "m-1", "2026-03-10 09:01"))
    assert agree(story, ["m-1"]) == {"m-1"}, "idle types do no harm"
    story = Story().given(
        requested(), accepted(), event("mission.no_show", "m-1", "2026-03-10 09:31", reported_by="client")
    )
    assert agree(story, ["m-1"]) == set()


@given(
    st.lists(st.tuples(st.integers(0, 10**15), st.integers(1, 10**6)), min_size=1),
    st.sampled_from([HALF_UP, HALF_EVEN]),
)
@settings(deadline=None)
def test_rounding_is_that_of_one_amount(ratios: list[tuple[int, int]], mode: int) -> None:
    numerators, denominators = (np.array([each[index] for each in ratios], np.int64) for index in (0, 1))
    found = rounded(numerators, denominators, np.full(len(ratios), mode))
    assert found.tolist() == [rounded_one(*each, mode) for each in ratios]
    assert all(
        abs(Fraction(*ratio) - each) <= Fraction(1, 2) for ratio, each in zip(ratios, found.tolist(), strict=True)
    )


@given(st.lists(st.integers(-(2**62), 2**62), max_size=20))
@settings(deadline=None)
def test_a_sum_may_need_more_than_64_bits(amounts: list[int]) -> None:
    assert total(np.array(amounts, np.int64)) == sum(amounts)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(ZONES), st.integers(parse_us("1972-02-01T00:00:00Z"), parse_us("2040-01-01T00:00:00Z"))
        ),
        min_size=1,
    )
)
@settings(deadline=None)
def test_days_are_those_of_each_zone(moments: list[tuple[str, int]]) -> None:
    at = np.array([each for _, each in moments], np.int64)
    zones = np.array([ZONES.index(name) for name, _ in moments], np.int64)
    days = local_days(at, zones, ZONES)
    assert days.tolist() == [local_day(each, name).toordinal() for name, each in moments]


@pytest.mark.parametrize("name", ["America/St_Johns", "Africa/Monrovia", "Asia/Kathmandu", "Europe/Paris"])
def test_days_in_the_hours_where_a_zone_changes(name: str) -> None:
    """Saint John's changed at one minute past midnight, Monrovia was 44 minutes and 30 seconds behind until 1972."""
    zone, moments = ZoneInfo(name), []
    for year in (1971, 1972, 1990, 2010, 2026):
        for day in range(365):
            first = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day)
            if first.astimezone(zone).utcoffset() != (first + timedelta(days=1)).astimezone(zone).utcoffset():
                began = int(first.timestamp()) * 1_000_000
                moments += [began + minute * MINUTE + 29_999_999 for minute in range(24 * 60)]
        began = parse_us(f"{year}-01-05T00:00:00Z")
        moments += [began + minute * MINUTE for minute in range(0, 24 * 60, 7)]
    at = np.array([*moments, *(each + HOUR for each in moments)], np.int64)
    days = local_days(at, np.zeros(len(at), np.int64), [name])
    assert days.tolist() == [local_day(int(each), name).toordinal() for each in at]
