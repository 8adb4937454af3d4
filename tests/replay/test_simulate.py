"""`policy simulate`: what a policy would have done to whom, on a real ledger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from importing.ledgers import opened
from missions.kit import accepted, both, completed, event, policy, requested, voided

from commands.demo.month import events
from ledger.policies.document import Policy, from_document
from ledger.store.database import Database
from projections.live import LiveLedger

from .test_replay import missed, record


@pytest.fixture
def ledger(database: Database) -> Iterator[LiveLedger]:
    with opened(database) as ledger:
        yield ledger


def version(name: str, **sections: object) -> Policy:
    return from_document(policy(name, "2030-01-01 00:00", **sections)["data"]["document"])


def by_pro(answer: dict[str, object]) -> dict[str, tuple[object, ...]]:
    names = ("access_before", "access_after", "warnings_before", "warnings_after", "newly_warned", "newly_proposed")
    return {each["pro"]: tuple(each[name] for name in names) for each in answer["pros"]}  # type: ignore[attr-defined]


def test_the_policy_in_force_changes_nothing(ledger: LiveLedger) -> None:
    ledger.record(list(events()), live=False)

    answer = ledger.simulate(ledger.policy("mila-2018-06"))

    assert (answer["policy"], answer["against"]) == ("mila@2018-06", "mila@2018-06")
    assert answer["pros"] == answer["left_out"] == []
    assert answer["warnings_before"] == answer["warnings_after"] == 6
    assert answer["billing"]["lines_changed"] == 0
    assert answer["billing"]["totals_before"] == answer["billing"]["totals_after"] == ledger.billing()["totals"]


def test_who_would_be_warned_excluded_and_reinstated(ledger: LiveLedger) -> None:
    once = {"confirmation": "none", "warn_at": 1, "exclude_at": 1}
    record(ledger, *missed("m-1", "m-2", pro="p-1"), *missed("m-3", pro="p-2"), *both("m-4", pros=("p-3",)))

    stricter = ledger.simulate(version("stricter", no_show=once))
    milder = ledger.simulate(version("milder", no_show={"confirmation": "required", "warn_at": 1, "exclude_at": 2}))

    assert by_pro(stricter) == {
        "p-1": ("excluded", "excluded", 1, 0, 0, 1),
        "p-2": ("active", "excluded", 1, 0, 0, 1),
    }
    assert (stricter["pros_suspended"], stricter["pros_suspended_by_access"]) == (1, {"excluded": 1})
    assert (stricter["pros_warned"], stricter["pros_proposed"], stricter["pros_reinstated"]) == (0, 2, 0)
    assert (stricter["pros_warned_otherwise"], stricter["pros_proposed_otherwise"]) == (0, 1)  # p-1's, a day earlier
    assert [(each["pro"], each["proposed_otherwise"]) for each in stricter["pros"]] == [("p-1", 1), ("p-2", 0)]
    assert (stricter["warnings_before"], stricter["warnings_after"]) == (2, 0)
    assert by_pro(milder) == {"p-1": ("excluded", "active", 1, 0, 0, 0), "p-2": ("active", "active", 1, 0, 0, 0)}
    assert (milder["pros_suspended"], milder["pros_reinstated"]) == (0, 1)


def test_a_human_decision_proposes_where_the_engine_would_have_decided(ledger: LiveLedger) -> None:
    record(ledger, *missed("m-1", "m-2", pro="p-1"), *missed("m-3", pro="p-2"))

    answer = ledger.simulate(version("human", decision="human"))

    assert by_pro(answer) == {"p-1": ("excluded", "active", 1, 1, 0, 0)}  # proposed either way
    assert (answer["pros_reinstated"], answer["pros_reinstated_left_to_people"]) == (1, 1)
    milder = ledger.simulate(version("milder", no_show={"confirmation": "required", "warn_at": 1, "exclude_at": 2}))
    assert (milder["pros_reinstated"], milder["pros_reinstated_left_to_people"]) == (1, 0)


def test_from_a_day_on_the_published_versions_of_before_still_count(ledger: LiveLedger) -> None:
    dear = policy("dear", "2026-01-01 00:00", "2025-12-01 00:00", billing={"commission": "0.30"})
    dearer = policy("dearer", "2026-03-05 00:00", "2026-02-01 00:00", billing={"commission": "0.40"})
    documents = [dear, dearer]
    for number, (day, pro) in enumerate((("02-10", "p-1"), ("03-06", "p-2"), ("03-08", "p-2"))):
        mission = f"m-{number}"
        documents += [requested(mission, "2026-02-01 00:00"), accepted(mission, pro, f"2026-{day} 09:00")]
        documents += [completed(mission)]
    record(ledger, *documents)
    half = version("half", billing={"commission": "0.50"})

    always, since = ledger.simulate(half), ledger.simulate(half, since="2026-03-07T00:00:00Z")

    # 60 EUR each: 18 + 24 + 24 as published.
    assert always["billing"]["totals_before"]["EUR"]["commission"] == "66.00"
    assert always["billing"]["totals_after"]["EUR"]["commission"] == "90.00"
    assert since["billing"]["totals_after"]["EUR"]["commission"] == "72.00"
    assert since["billing"]["totals_change"]["EUR"]["commission"] == "6.00"
    assert [(each["pro"], each["lines_changed"]) for each in since["pros"]] == [("p-2", 1)]
    assert since["from"] == "2026-03-07T00:00:00Z"


def test_both_sides_are_told_the_facts_as_now_known(ledger: LiveLedger) -> None:
    documents = missed("m-1", "m-2", pro="p-1")
    record(ledger, *documents, *missed("m-3", pro="p-2"), voided(documents[5]))

    answer = ledger.simulate(ledger.policy("mila-2018-06"))

    assert answer["pros"] == []
    assert answer["warnings_before"] == 2


def test_what_would_be_refused_under_it_is_named(ledger: LiveLedger) -> None:
    record(
        ledger,
        *both("m-1", "m-2"),
        event("mission.client_absent", "m-1", "2026-03-10 09:20"),
        event("mission.client_absent", "m-2", "2026-03-10 09:45"),
    )

    answer = ledger.simulate(version("patient", client_absent={"wait_minutes": 30}))

    assert [(each["subject"], each["code"]) for each in answer["left_out"]] == [("m-1", "wait_too_short")]
    assert answer["billing"]["lines_changed"] == 1
