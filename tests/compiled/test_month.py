"""A month told by compiled code is that told one by one, to the byte; and most missions need no more than that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import get_type_hints
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from missions.kit import Document, Story, accepted, completed, event, modified, policy, requested, voided
from properties.histories import Plan, in_time, plans
from properties.test_money_and_time import ZONES
from properties.test_replay import busy

from ledger.billing_entries import CREDIT, LINE, FrozenEntry, text_of
from ledger.chronicle import Chronicle
from ledger.instants import MINUTE, closing_us, local_day, parse_us
from ledger.money import EXPONENT, HALF_EVEN, HALF_UP
from ledger.money import rounded as rounded_one
from ledger.policies.document import Policy, from_document
from ledger.policies.register import Register
from projections.billed_missions import Terms
from projections.billed_missions import _told as told_one
from projections.compiled import bills, terms
from projections.compiled.deriving import Billed
from projections.compiled.lines import Lines
from projections.compiled.month import Month, bills_of, total
from projections.period_comparing import entry_of_line
from projections.replay.assumptions import ALWAYS

from .telling import InMemory

AT = parse_us("2027-05-01T00:00:00Z")
"""When the months of these tests are closed."""


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


def compiled_bills(story: Story, chronicle: Chronicle) -> Billed:
    """What the missions of a story bear, as compiled code tells it."""
    source = InMemory(story.entries, len(story.entries))
    return bills_of(source, chronicle, _voids(story), lambda done, of: None, after=len(story.entries))[0]


def one_by_one(story: Story, mission: str, chronicle: Chronicle) -> FrozenEntry | None:
    """The mission's entry as the computation that defines it has it; None where it bears nothing."""
    entries = [each for each in story.entries if each.stream == f"mission/{mission}"]
    line = told_one(mission, entries, Terms(chronicle, _voids(story))).line()
    return entry_of_line(line, 0, 0) if line is not None else None


def _voids(story: Story) -> dict[int, int]:
    """Position of each voided event → of its void."""
    known = {(each.source, each.id): each.position for each in story.entries}
    voids = [each for each in story.entries if each.type == "ledger.event_voided"]
    return {known[each.data["source"], each.subject]: each.position for each in voids}


def agree(story: Story, assumed: Policy | None = None) -> set[str]:
    """Both computations agree on every mission that is told by compiled code; which these are."""
    chronicle = supposing(story, assumed)
    billed = compiled_bills(story, chronicle)
    plain = set()
    lines = Lines(billed).lines(range(len(billed.ids)))
    for number, (mission, line) in enumerate(zip(billed.ids.to_pylist(), lines, strict=True)):
        if not billed.missions["odd"][number]:
            assert (entry_of_line(line, 0, 0) if line else None) == one_by_one(story, mission, chronicle)
            plain.add(mission)
        else:
            assert line is None
    return plain


@given(busy(most=8))
@settings(max_examples=200, deadline=None)
def test_every_kind_of_history(documents: list[Document]) -> None:
    """Policies, voids, refusals and late arrivals among them."""
    story = Story()
    for each in documents:
        story.when(each)
    agree(story)


# -- beside what was frozen -------------------------------------------------------------------------------------------


def frozen_table(entries: list[FrozenEntry]) -> pa.Table:
    """Entries as they arrive from the server."""
    columns = [pa.array([each[place] for each in entries]) for place in range(len(FrozenEntry._fields))]
    texts = {name for name, hint in get_type_hints(FrozenEntry).items() if hint is str} - {"mission"}
    return pa.table(
        [
            column.cast(pa.string()).dictionary_encode() if name in texts else column.cast(_KIND.get(name, pa.int64()))
            for name, column in zip(FrozenEntry._fields, columns, strict=True)
        ],
        FrozenEntry._fields,
    )


_KIND = {"mission": pa.string(), "minutes": pa.int32(), "corrects_number": pa.int32()}


def _otherwise(entry: FrozenEntry, column: str) -> FrozenEntry:
    """The entry with another value in a column."""
    was = getattr(entry, column)
    if isinstance(was, int):
        return entry._replace(**{column: was + 1})
    others = {"kind": ("completed", "client_absent"), "role": (CREDIT,), "currency": ("EUR", "CHF")}
    return entry._replace(**{column: next(each for each in others.get(column, ("other",)) if each != was)})


@given(plans(most=8), st.data(), st.booleans())
@settings(max_examples=200, deadline=None)
def test_only_what_is_as_it_was_frozen_is_settled(missions: list[Plan], data: st.DataObject, assuming: bool) -> None:
    """Entries changed, taken away, made twice; lines that the close left out."""
    story = Story().given(*in_time(missions))
    chronicle = supposing(story, SUPPOSED if assuming else None)
    billed = compiled_bills(story, chronicle)
    odd = {name for name, each in zip(billed.ids.to_pylist(), billed.missions["odd"].tolist(), strict=True) if each}
    derived = [
        entry
        for mission in sorted(plan.mission for plan in missions)
        if (entry := one_by_one(story, mission, chronicle)) is not None
    ]
    columns = st.sampled_from([None, None, None, "gone", "twice", *FrozenEntry._fields[1:]])
    fates = [data.draw(columns) for _ in derived]
    apart = {"policy", "closes_at"} if assuming else set()
    held: list[FrozenEntry] = []
    alike: list[FrozenEntry] = []
    for entry, fate in zip(derived, fates, strict=True):
        if fate in (None, *apart):
            alike += [entry] if entry.mission not in odd else []
        if fate == "twice":
            held += [entry, entry]
        elif fate != "gone":
            held.append(entry if fate is None else _otherwise(entry, fate))
    missing = [entry.mission for entry, fate in zip(derived, fates, strict=True) if fate == "gone"]

    month = Month(billed, frozen_table(held), missing, period="2027-04", at=AT, assuming=assuming)

    settled = {each.mission for each in alike}
    assert month.rest == [each.mission for each in derived if each.mission not in settled]
    assert (month.entries, month.missions) == (len(alike), len(derived))
    known = month.worked_out(0, len(month.rest))
    changed = [*FrozenEntry._fields[9:], "pro", "client", "city", "service", "kind"]
    alone = {each.mission: fate for each, fate in zip(derived, fates, strict=True) if each.mission not in odd}
    assert known.keys() == {name for name, fate in alone.items() if fate in changed and name not in settled}
    for name, (entry, line) in known.items():
        assert entry in held
        assert line is not None
        assert entry_of_line(line, 0, 0) == one_by_one(story, name, chronicle)
    texts, found = month.texts(), list[bytes]()
    for mission in month.rest:
        found += [b"".join(next(texts)), mission.encode() + b"\n"]
    found.append(b"".join(next(texts)))
    expected = [text_of(each) if each.mission in settled else each.mission.encode() + b"\n" for each in derived]
    assert sha256(b"".join(found)).digest() == sha256(b"".join(expected)).digest()
    sums: dict[str, list[int]] = {}
    for each in alike:
        of_currency = sums.setdefault(each.currency, [0, 0, 0])
        for place, amount in enumerate((each.gross, each.commission, each.vat)):
            of_currency[place] += amount
    assert month.sums() == sums


def test_what_was_not_due_is_not_settled() -> None:
    """Its month was not over, or its bill not closed, when the period was closed."""
    story = Story().given(*ONCE)
    billed = compiled_bills(story, story.book.chronicle)
    entry = one_by_one(story, "m-1", story.book.chronicle)
    assert entry is not None
    assert entry.role == LINE

    def rest(period: str, at: int, *, frozen: bool) -> list[str]:
        held, missing = ([entry], []) if frozen else ([], ["m-1"])
        return Month(billed, frozen_table(held), missing, period=period, at=at, assuming=False).rest

    assert rest("2026-03", entry.closes_at, frozen=True) == []
    assert rest("2026-03", entry.closes_at, frozen=False) == ["m-1"]
    for period, at in (("2026-02", entry.closes_at), ("2026-03", entry.closes_at - 1)):
        assert rest(period, at, frozen=True) == ["m-1"]
        assert rest(period, at, frozen=False) == []


def test_a_mission_that_was_not_known_yet() -> None:
    story = Story().given(*ONCE)
    entry = one_by_one(story, "m-1", story.book.chronicle)
    assert entry is not None
    nothing = compiled_bills(Story(), Chronicle())
    month = Month(nothing, frozen_table([entry]), ["m-2"], period="2026-03", at=AT, assuming=False)
    assert (month.rest, month.entries, month.missions, month.sums()) == (["m-1"], 0, 2, {})
    assert month.worked_out(0, 1) == {"m-1": (entry, None)}


# -- which missions need no plain Python ------------------------------------------------------------------------------


ODD_KINDS = {"handed over", "missed and taken"}


@given(plans(most=8))
@settings(max_examples=60, deadline=None)
def test_who_did_nothing_unusual_is_not_told_one_by_one(missions: list[Plan]) -> None:
    """Else the columns would settle nothing, and nobody would notice."""
    story = Story().given(*in_time(missions))
    told = agree(story)
    assert told >= {plan.mission for plan in missions if plan.kind not in ODD_KINDS}


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
    agree(story, supposed)


def policy_of(story: Story) -> str:
    """Under which version the bill of m-1 stands."""
    entry = one_by_one(story, "m-1", story.book.chronicle)
    assert entry is not None
    return entry.policy


ONCE = [requested(), accepted(), completed(), modified()]


@pytest.mark.parametrize("wrong", ONCE, ids=lambda each: each["type"])
def test_what_was_declared_wrong_is_told_one_by_one(wrong: Document) -> None:
    story = Story().given(*ONCE)
    assert agree(story) == {"m-1"}
    assert agree(story.given(voided(wrong))) == set()


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
    assert policy_of(story) == "mila@2018-06"
    agree(story)
    story.given(last)
    assert policy_of(story) == "test@even"
    agree(story)


@pytest.mark.parametrize(("at", "plain"), [("2026-03-11 10:59", {"m-1"}), ("2026-03-11 11:00", set())])
def test_a_change_after_the_bill_would_have_closed_is_told_one_by_one(at: str, plain: set[str]) -> None:
    """It was in time by the policy of its day, and would not be by the one that is supposed: noon of the next day."""
    story = Story().given(*ONCE[:3], modified(time=at))
    assert agree(story) == {"m-1"}
    assert agree(story, SUPPOSED) == plain


def test_a_bill_that_might_not_fit_is_told_one_by_one() -> None:
    dear = {"amount": "999999999999.9999", "currency": "CLF", "per": "hour"}
    story = Story().given(requested("m-1", price=dear), accepted(), completed())
    entry = one_by_one(story, "m-1", story.book.chronicle)
    assert entry is not None
    assert entry.gross == 19_999_999_999_999_998
    assert agree(story) == set()


def test_what_bears_nothing_is_settled_too() -> None:
    missed = event("mission.no_show", "m-1", "2026-03-10 09:31", reported_by="client")
    assert agree(Story().given(requested(), accepted(), missed)) == {"m-1"}


@given(
    st.lists(st.tuples(st.integers(0, 10**15), st.integers(1, 10**6)), min_size=1),
    st.sampled_from([HALF_UP, HALF_EVEN]),
)
@settings(deadline=None)
def test_rounding_is_that_of_one_amount(ratios: list[tuple[int, int]], mode: int) -> None:
    """The function that is compiled, run as the plain Python that it is."""
    found = [bills.rounded(*each, mode) for each in ratios]
    assert found == [rounded_one(*each, mode) for each in ratios]
    assert all(abs(Fraction(*ratio) - each) <= Fraction(1, 2) for ratio, each in zip(ratios, found, strict=True))


@given(st.lists(st.integers(-(2**62), 2**62), max_size=20))
@settings(deadline=None)
def test_a_sum_may_need_more_than_64_bits(amounts: list[int]) -> None:
    assert total(np.array(amounts, np.int64)) == sum(amounts)


# -- local days and closing instants ----------------------------------------------------------------------------------


def looked_up(moments: list[int], zones: list[int], names: list[str], way: int) -> list[tuple[str, int]]:
    """(month, closing instant) of each moment in its zone, as the tables have it.

    The functions that are compiled, run as the plain Python that they are: only its records must have fields.
    """
    made = terms.tables([Register.empty()], [], names, (min(moments), max(moments))).terms
    known = made._replace(**{name: each.view(np.recarray) for name, each in made._asdict().items() if each.dtype.names})
    found = []
    for at, number in zip(moments, zones, strict=True):
        month = int(terms.month_of(known, number, at))
        found.append((f"{month // 12:04d}-{month % 12 + 1:02d}", int(terms.closes_at(known, number, at, way))))
    return found


def asked(moments: list[int], zones: list[int], names: list[str], way: int) -> list[tuple[str, int]]:
    """The same as the zone database has it."""
    return [
        (f"{local_day(at, names[number]):%Y-%m}", closing_us(at, names[number], way))
        for at, number in zip(moments, zones, strict=True)
    ]


@given(st.data(), st.sampled_from([0, 1, 2]))
@settings(deadline=None, max_examples=30)
def test_days_and_closings_are_those_of_each_zone(data: st.DataObject, way: int) -> None:
    first = data.draw(st.integers(parse_us("1972-02-01T00:00:00Z"), parse_us("2039-01-01T00:00:00Z")))
    moments = data.draw(st.lists(st.integers(first, first + 400 * 24 * 60 * MINUTE), min_size=1))
    zones = [data.draw(st.integers(0, len(ZONES) - 1)) for _ in moments]
    names = list(ZONES)
    assert looked_up(moments, zones, names, way) == asked(moments, zones, names, way)


@pytest.mark.parametrize("name", ["America/St_Johns", "Africa/Monrovia", "Asia/Kathmandu", "Europe/Paris"])
@pytest.mark.parametrize("year", [1971, 1972, 1990, 2010, 2026])
def test_days_in_the_hours_where_a_zone_changes(name: str, year: int) -> None:
    """Saint John's changed at one minute past midnight, Monrovia was 44 minutes and 30 seconds behind until 1972."""
    zone, moments = ZoneInfo(name), [parse_us(f"{year}-01-05T00:00:00Z") + minute * MINUTE for minute in range(1440)]
    for day in range(365):
        first = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day)
        if first.astimezone(zone).utcoffset() != (first + timedelta(days=1)).astimezone(zone).utcoffset():
            began = int(first.timestamp()) * 1_000_000
            moments += [began + minute * MINUTE + 29_999_999 for minute in range(24 * 60)]
    zones = [0] * len(moments)
    assert looked_up(moments, zones, [name], 0) == asked(moments, zones, [name], 0)
