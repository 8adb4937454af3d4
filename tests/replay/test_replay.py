"""`replay` on a real ledger: what it answers, and that asking changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from importing.ledgers import opened, row_versions, verified
from missions.kit import Document, accepted, baseline, both, cancelled, completed, event, no_show, policy, requested
from missions.kit import voided as void

from commands.demo.month import events
from ledger.errors import Misused, Refused
from ledger.instants import parse_us
from ledger.policies.document import from_document
from ledger.store.database import Database
from projections.live import LiveLedger
from projections.replay import streams

HUMAN = policy("human", "2026-01-02 00:00", "2026-01-01 00:00", decision="human")


@pytest.fixture
def ledger(database: Database) -> Iterator[LiveLedger]:
    """A ledger; what a test leaves in it is sound."""
    with opened(database) as ledger:
        yield ledger
        assert verified(ledger)["first_difference"] is None


def record(ledger: LiveLedger, *documents: Document) -> list[int]:
    """Record them all; the position of each."""
    outcomes = ledger.record(list(documents), live=False)
    assert [each.error for each in outcomes] == [None] * len(documents)
    return [each.position or 0 for each in outcomes]


def kinds(findings: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(each["type"].partition(".")[2], each["pro"], each["rule"]) for each in findings]


def missed(*missions: str, pro: str) -> list[Document]:
    """Missions on the days from 10 March on, each missed by the pro."""
    documents = []
    for day, mission in enumerate(missions, 10):
        documents += [
            requested(mission, starts_at=f"2026-03-{day} 09:00"),
            accepted(mission, pro),
            no_show(mission, f"2026-03-{day} 09:30"),
        ]
    return documents


def test_the_demo_month_told_again_is_as_recorded(ledger: LiveLedger) -> None:
    ledger.record(list(events()), live=False)

    answer = ledger.replay()

    assert answer["findings"] == {"recorded": 10, "derived": 10, "same": True, "missing": [], "extra": []}
    assert answer["pros_changed"] == answer["billing"]["changed"] == answer["left_out"] == []
    assert answer["billing"]["totals_recorded"] == answer["billing"]["totals_derived"] == ledger.billing()["totals"]
    assert (answer["position"], answer["events"]) == (ledger.position(), ledger.position())
    assert [each["event"] for each in answer["voided"]] == ["m-lyon-0311.cancelled"]


def test_where_batches_of_pros_are_cut_does_not_matter(ledger: LiveLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.record(list(events()), live=False)
    theirs = from_document(policy("other", "2026-01-01 00:00", billing={"vat": "0.10"})["data"]["document"])
    whole = ledger.replay(policy=theirs)
    monkeypatch.setattr(streams, "MISSIONS_AT_ONCE", 3)
    seen: list[tuple[int, int]] = []

    cut = ledger.replay(policy=theirs, progress=lambda done, total: seen.append((done, total)))

    assert {**cut, "seconds": 0} == {**whole, "seconds": 0}
    assert whole["billing"]["changed"]
    assert len(seen) > 5
    assert seen[-1][0] == seen[-1][1]


def test_without_a_no_show_the_exclusion_goes_and_another_pro_stays_excluded(ledger: LiveLedger) -> None:
    positions = record(ledger, *missed("m-1", "m-2", pro="p-1"), *missed("m-3", "m-4", pro="p-2"))

    answer = ledger.replay(without=[positions[5]])

    assert answer["pros_changed"] == [{"pro": "p-1", "access_recorded": "excluded", "access_derived": "active"}]
    assert kinds(answer["findings"]["missing"]) == [
        ("suspension_proposed", "p-1", "no_show"),
        ("suspended", "p-1", "no_show"),
    ]
    assert answer["findings"]["extra"] == []
    assert [each["position"] for each in answer["findings"]["missing"][0]["why"]] == [positions[5]]
    assert answer["findings"]["missing"][0]["evidence"] == [positions[2], positions[5]]
    assert answer["without"][0]["position"] == positions[5]


def test_evidence_names_the_log_although_events_are_taken_away(ledger: LiveLedger) -> None:
    positions = record(ledger, *missed("m-1", "m-2", "m-3", pro="p-1"))

    answer = ledger.replay(["p-1"], without=[positions[0], positions[5]])  # the request of m-1, the no-show of m-2

    assert answer["pros_changed"] == [{"pro": "p-1", "access_recorded": "excluded", "access_derived": "active"}]
    (warned,) = answer["findings"]["extra"]
    assert (warned["evidence"], warned["cause"]["position"]) == ([positions[8]], positions[8])
    assert (warned["position"], warned["event"]) == (None, None)
    assert [(each["position"], each["code"]) for each in answer["left_out"]] == [
        (positions[1], "unknown_mission"),
        (positions[2], "unknown_mission"),
    ]


def test_one_pro_is_told_alone(ledger: LiveLedger) -> None:
    positions = record(ledger, *missed("m-1", "m-2", pro="p-1"), *missed("m-3", "m-4", pro="p-2"))

    one = ledger.replay(["p-1"], without=[positions[5], positions[11]])

    assert one["pros"] == ["p-1"]
    assert [each["pro"] for each in one["pros_changed"]] == ["p-1"]
    assert {each["pro"] for each in one["findings"]["missing"]} == {"p-1"}
    assert (one["findings"]["recorded"], one["findings"]["derived"], one["events"]) == (3, 1, 9)


def test_bills_move_by_cents(ledger: LiveLedger) -> None:
    documents = [
        *both("m-1", "m-2"),
        completed("m-1", minutes=121),
        event("mission.duration_modified", "m-1", "2026-03-10 12:00", duration_minutes=125, reason="longer"),
        completed("m-2"),
    ]
    *_, changed, _ = record(ledger, *documents)

    answer = ledger.replay(without=[changed])

    (bill,) = answer["billing"]["changed"]
    assert (bill["mission"], bill["pro"]) == ("m-1", "p-1")
    assert (bill["recorded"]["gross"], bill["derived"]["gross"], bill["gross_change"]) == ("62.50", "60.50", "-2.00")
    # 62.50 − 9.38 − 1.88 = 51.24; 60.50 − 9.08 − 1.82 = 49.60
    assert (bill["recorded"]["net"], bill["derived"]["net"], bill["net_change"]) == ("51.24", "49.60", "-1.64")
    assert [each["position"] for each in bill["why"]] == [changed]
    assert answer["billing"]["totals_recorded"]["EUR"]["gross"] == "122.50"
    assert answer["billing"]["totals_derived"]["EUR"]["gross"] == "120.50"


def test_a_mission_that_another_pro_would_have_done_is_one_changed_line(
    ledger: LiveLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MISSIONS_AT_ONCE", 1)
    story = [*both("m-1"), cancelled("m-1"), accepted("m-1", "p-2", "2026-03-06 09:00"), completed("m-1")]
    positions = record(ledger, *story)

    without = ledger.replay(without=[positions[2]])

    (bill,) = without["billing"]["changed"]
    assert (bill["recorded"]["pro"], bill["derived"]["pro"], bill["net_change"]) == ("p-2", "p-1", "0.00")
    assert [each["code"] for each in without["left_out"]] == ["invalid_transition"]


def test_another_policy_applies_at_any_time_and_baselines_still_count(ledger: LiveLedger) -> None:
    record(
        ledger,
        baseline("lyon", "2026-01-01 00:00", "0.01", "0.02"),
        *both("m-1", "m-2"),
        cancelled("m-1"),
        completed("m-2"),
    )
    strict = policy("strict", "2030-01-01 00:00", cancellation={"min_accepted": 1, "average": "0.9", "maximum": "1"})

    answer = ledger.replay(policy=from_document(strict["data"]["document"]))

    assert answer["policy"] == "test@strict"
    assert kinds(answer["findings"]["extra"]) == [("warned", "p-1", "cancellation.rate")]  # 100 % is not above "1"
    assert answer["findings"]["extra"][0]["policy"] == "test@strict"
    assert answer["billing"]["changed"] == []  # the same rates: the policy's name alone moves no bill


def test_a_published_version_is_not_in_force_under_an_assumed_one(ledger: LiveLedger) -> None:
    dear = policy("dear", "2026-02-01 00:00", billing={"commission": "0.50"})
    record(ledger, dear, *both("m-1", "m-2"), completed("m-1"), completed("m-2"))

    answer = ledger.replay(["p-1"], policy=ledger.policy("mila-2018-06"))

    assert [(each["mission"], each["commission_change"]) for each in answer["billing"]["changed"]] == [
        ("m-1", "-21.00")
    ]


def test_known_at_a_position_and_at_an_instant(ledger: LiveLedger) -> None:
    positions = record(ledger, *missed("m-1", pro="p-1"), *missed("m-2", pro="p-2"))
    second = record(ledger, *missed("m-3", pro="p-1"))
    between = next(iter(ledger.events(after=second[0] - 1)))["recordedtime"]

    by_position = ledger.replay(known_at=positions[2])
    by_instant = ledger.replay(known_at=between)
    before = ledger.replay(known_at="2020-01-01T00:00:00Z")

    assert by_position["position"] == positions[2]
    assert by_position["findings"] == {"recorded": 1, "derived": 1, "same": True, "missing": [], "extra": []}
    assert by_instant["findings"]["recorded"] == by_instant["findings"]["derived"] == 4
    assert (before["position"], before["findings"]["recorded"], before["findings"]["derived"]) == (0, 0, 0)
    assert before["pros_changed"] == by_position["pros_changed"] == by_instant["pros_changed"] == []


def test_known_at_before_a_void_tells_it_as_it_was_then(ledger: LiveLedger) -> None:
    documents = missed("m-1", "m-2", pro="p-1")
    positions = record(ledger, *documents, *missed("m-3", "m-4", pro="p-2"))
    record(ledger, void(documents[5]))

    now, then = ledger.replay(), ledger.replay(known_at=positions[-1])

    assert now["pros_changed"] == [{"pro": "p-1", "access_recorded": "excluded", "access_derived": "active"}]
    assert kinds(now["findings"]["missing"]) == [
        ("suspension_proposed", "p-1", "no_show"),
        ("suspended", "p-1", "no_show"),
    ]
    assert now["findings"]["missing"][0]["why"][0]["because"] == "voided"
    assert [(each["position"], each["void"]) for each in now["voided"]] == [(positions[5], ledger.position())]
    assert then["findings"]["same"]
    assert then["pros_changed"] == then["voided"] == []


def test_without_the_void_the_voided_fact_counts_again(ledger: LiveLedger) -> None:
    documents = missed("m-1", "m-2", pro="p-1")
    record(ledger, *documents, *missed("m-3", pro="p-2"))
    (position,) = record(ledger, void(documents[5]))

    answer = ledger.replay(without=[position])

    assert answer["findings"]["same"]
    assert answer["pros_changed"] == answer["voided"] == []


def test_the_void_of_a_warning_counts_from_when_it_was_made(ledger: LiveLedger) -> None:
    record(ledger, *missed("m-1", pro="p-1"), *missed("m-2", pro="p-2"))
    warned = next(each for each in ledger.events(type="pro.warned") if each["subject"] == "p-1")
    record(ledger, void(warned))

    answer = ledger.replay()

    assert answer["findings"] == {"recorded": 2, "derived": 2, "same": True, "missing": [], "extra": []}
    assert answer["left_out"] == answer["voided"] == []


def test_as_of_leaves_out_what_happened_later_however_early_it_was_recorded(ledger: LiveLedger) -> None:
    first, second = missed("m-1", pro="p-1"), missed("m-0", "m-2", pro="p-1")[3:]
    record(ledger, *second, *first, *missed("m-3", "m-4", pro="p-2"))

    answer = ledger.replay(as_of="2026-03-10T12:00:00Z")

    assert answer["as_of"] == "2026-03-10T12:00:00Z"
    assert kinds(answer["findings"]["extra"]) == [("warned", "p-1", "no_show")]  # it was recorded as the second one
    assert kinds(answer["findings"]["missing"]) == [
        ("suspension_proposed", "p-1", "no_show"),
        ("suspended", "p-1", "no_show"),
    ]
    assert answer["pros_changed"] == [{"pro": "p-1", "access_recorded": "excluded", "access_derived": "active"}]
    assert answer["events"] == 2 + 3 + 3 + 2 + 3


def test_in_order_of_occurrence_a_late_fact_gives_what_should_have_been_found(ledger: LiveLedger) -> None:
    """Each cancels one of two missions; the second acceptance of p-2 is recorded only after its cancellation."""
    strict = policy("strict", "2026-01-02 00:00", cancellation={"min_accepted": 2, "average": "0.4", "maximum": "0.9"})
    in_time = [*both("m-1", "m-3", pros=("p-1", "p-1")), cancelled("m-1")]
    late = [requested("m-2"), accepted("m-2", "p-2"), cancelled("m-2"), requested("m-4"), accepted("m-4", "p-2")]
    record(ledger, strict, *in_time, *late)

    recorded, occurred = ledger.replay(), ledger.replay(order="occurred")

    assert recorded["findings"]["same"]
    assert recorded["findings"]["recorded"] == 1  # p-1 is warned; p-2 had one mission when the cancellation arrived
    assert kinds(occurred["findings"]["extra"]) == [("warned", "p-2", "cancellation.rate")]
    assert occurred["findings"]["missing"] == []
    assert occurred["order"] == "occurred"


def test_a_persons_decision_is_a_fact_and_one_without_its_proposal_is_named(ledger: LiveLedger) -> None:
    documents = [HUMAN, *missed("m-1", "m-2", pro="p-1"), *missed("m-3", "m-4", pro="p-2")]
    positions = record(ledger, *documents)
    for pro in ("p-1", "p-2"):
        (proposal,) = ledger.standing(pro)["proposals"]
        data = {"kind": "exclusion", "rule": "no_show", "by": "ines", "reason": "x", "proposal": proposal["event"]}
        record(ledger, event("pro.suspended", pro, "2026-03-15 09:00", **data))

    plain, without = ledger.replay(), ledger.replay(without=[positions[6]])

    assert plain["findings"]["same"]
    assert plain["decisions_unfounded"] == []
    assert kinds(without["findings"]["missing"]) == [("suspension_proposed", "p-1", "no_show")]
    assert without["pros_changed"] == []
    assert [each["pro"] for each in without["decisions_unfounded"]] == ["p-1"]


def test_a_proposal_that_the_engine_decided_on_first_follows_all_the_same(ledger: LiveLedger) -> None:
    automatic = policy("automatic", "2026-01-02 00:00", "2026-01-01 00:00", decision="automatic")
    record(ledger, HUMAN, *missed("m-1", "m-2", pro="p-1"), *missed("m-3", "m-4", pro="p-2"))
    for pro in ("p-1", "p-2"):
        (proposal,) = ledger.standing(pro)["proposals"]
        data = {"kind": "exclusion", "rule": "no_show", "by": "ines", "reason": "x", "proposal": proposal["event"]}
        record(ledger, event("pro.suspended", pro, "2026-03-15 09:00", **data))
    assumed = from_document(automatic["data"]["document"], origin="test")
    milder = policy("milder", "2026-01-02 00:00", no_show={"exclude_at": 3})

    for pros in (["p-1"], []):
        answer = ledger.replay(pros, policy=assumed)
        assert {kind for kind, *_ in kinds(answer["findings"]["extra"])} == {"suspended"}
        assert answer["decisions_unfounded"] == answer["left_out"] == answer["pros_changed"] == []
    unfounded = ledger.replay(policy=from_document(milder["data"]["document"], origin="test"))["decisions_unfounded"]
    assert [each["pro"] for each in unfounded] == ["p-1", "p-2"]


def test_a_decision_finds_its_proposal_although_it_is_derived_elsewhere(ledger: LiveLedger) -> None:
    documents = [HUMAN, *missed("m-1", "m-2", "m-5", pro="p-1"), *missed("m-3", "m-4", pro="p-2")]
    positions = record(ledger, *documents)
    (proposal,) = ledger.standing("p-1")["proposals"]
    data = {"kind": "exclusion", "rule": "no_show", "by": "ines", "reason": "x", "proposal": proposal["event"]}
    record(ledger, event("pro.suspended", "p-1", "2026-03-15 09:00", **data))

    answer = ledger.replay(["p-1"], without=[positions[3]])  # the first no-show: the proposal comes with the third

    assert answer["decisions_unfounded"] == answer["pros_changed"] == []
    assert answer["left_out"] == []
    assert kinds(answer["findings"]["extra"]) == [
        ("warned", "p-1", "no_show"),
        ("suspension_proposed", "p-1", "no_show"),
    ]


def test_linked_accounts_are_told_together_and_without_the_link_apart(
    ledger: LiveLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MISSIONS_AT_ONCE", 1)
    link = event("pro.accounts_linked", "p-1", "2026-03-01 09:00", accounts=["p-2"], by="ines")
    first, second = missed("m-1", "m-2", pro="p-1")[:3], missed("m-0", "m-2", pro="p-2")[3:]
    position, *_ = record(ledger, link, *first, *second, *missed("m-3", pro="p-3"))
    before = ledger.position()

    together, apart = ledger.replay(["p-2"]), ledger.replay(["p-2"], without=[position])
    record(ledger, void(link))
    voided, then = ledger.replay(), ledger.replay(known_at=before)

    assert together["pros"] == ["p-1", "p-2"]
    assert together["findings"]["same"]
    assert apart["pros_changed"] == [
        {"pro": "p-1", "access_recorded": "excluded", "access_derived": "active"},
        {"pro": "p-2", "access_recorded": "excluded", "access_derived": "active"},
    ]
    assert kinds(apart["findings"]["extra"]) == [("warned", "p-2", "no_show")]
    assert kinds(voided["findings"]["extra"]) == [("warned", "p-2", "no_show")]
    assert then["findings"]["same"]
    assert then["pros_changed"] == []


def test_without_the_confirmation_of_a_report_the_exclusion_goes(ledger: LiveLedger) -> None:
    documents = [*missed("m-1", pro="p-1"), *missed("m-2", pro="p-2")]
    for pro in ("p-1", "p-2"):
        documents += [
            event("pro.conduct_reported", pro, "2026-03-12 09:00", id=f"r-{pro}", ground="violence", by="client-1"),
            event("pro.conduct_confirmed", pro, "2026-03-13 09:00", report=f"r-{pro}", by="ines", reason="seen"),
        ]
    positions = record(ledger, *documents)

    plain = ledger.replay()
    answer = ledger.replay(["p-1"], without=[positions[7]])

    assert plain["findings"]["same"]
    assert answer["pros_changed"] == [{"pro": "p-1", "access_recorded": "excluded", "access_derived": "suspended"}]
    (missing,) = answer["findings"]["missing"]
    assert (missing["type"], missing["evidence"]) == ("pro.suspended", [positions[6], positions[7]])


def test_a_dismissal_of_a_proposal_that_does_not_follow_is_left_out(ledger: LiveLedger) -> None:
    positions = record(ledger, HUMAN, *missed("m-1", "m-2", pro="p-1"), *missed("m-3", "m-4", pro="p-2"))
    for pro in ("p-1", "p-2"):
        record(ledger, event("pro.suspension_dismissed", pro, "2026-03-15 09:00", by="ines", reason="hospital"))

    answer = ledger.replay(without=[positions[6]])

    (left_out,) = answer["left_out"]
    assert (left_out["type"], left_out["subject"]) == ("pro.suspension_dismissed", "p-1")
    assert left_out["code"] == "invalid_transition"


def test_all_of_it_at_once(ledger: LiveLedger) -> None:
    positions = record(ledger, *missed("m-1", "m-2", pro="p-1"), *missed("m-3", "m-4", pro="p-2"))
    record(ledger, *missed("m-5", "m-6", pro="p-3"))
    lenient = policy("lenient", "2026-01-01 00:00", no_show={"confirmation": "none", "warn_at": 1, "exclude_at": 3})

    answer = ledger.replay(
        ["p-1", "p-2"],
        known_at=positions[-1],
        as_of="2026-03-12T00:00:00Z",
        order="occurred",
        policy=from_document(lenient["data"]["document"]),
        without=[positions[2]],
    )

    assert answer["pros"] == ["p-1", "p-2"]
    assert {each["pro"]: each["access_derived"] for each in answer["pros_changed"]} == {
        "p-1": "active",
        "p-2": "active",
    }
    # p-1's first counted no-show is its second one; p-2's second warns once more, as exclusion comes with a third.
    assert kinds(answer["findings"]["extra"]) == [("warned", "p-1", "no_show"), ("warned", "p-2", "no_show")]


def test_what_cannot_be_asked(ledger: LiveLedger) -> None:
    record(ledger, *missed("m-1", pro="p-1"), *missed("m-2", pro="p-2"))

    with pytest.raises(Refused) as unknown:
        ledger.replay(["p-1", "p-9"])
    assert unknown.value.code == "unknown_pro"
    with pytest.raises(Misused) as derived:
        ledger.replay(without=[4])
    assert derived.value.code == "derived_event"
    assert "no_show" in derived.value.message
    with pytest.raises(Misused) as nowhere:
        ledger.replay(known_at=99)
    assert nowhere.value.code == "unknown_position"


def test_asking_writes_nothing(ledger: LiveLedger, database: Database) -> None:
    ledger.record(list(events()), live=False)
    before = row_versions(database)

    ledger.replay(order="occurred", policy=ledger.policy("wecasa-ch"), without=[405])
    ledger.simulate(ledger.policy("eu-2026"))

    assert row_versions(database) == before


def test_an_empty_ledger(ledger: LiveLedger) -> None:
    answer = ledger.replay()

    assert (answer["position"], answer["events"], answer["policy"]) == (0, 0, "mila@2018-06")
    assert answer["findings"]["same"]
    assert answer["billing"] == {"changed": [], "totals_recorded": {}, "totals_derived": {}}


def test_erased_text_is_no_input_of_a_replay(ledger: LiveLedger) -> None:
    asked = requested("m-1", address="12 rue X", comment="side door")
    record(ledger, asked, accepted("m-1", "p-1"), completed("m-1"), *both("m-2", pros=("p-2",)), completed("m-2"))
    before = ledger.replay()
    record(
        ledger, event("ledger.subject_erased", "client-of-m-1", "2026-04-01 09:00", by="ines", reason="asked for it")
    )

    after = ledger.replay()

    assert after["billing"] == before["billing"]
    assert after["findings"] == before["findings"]


def test_access_is_that_of_the_instant_asked_for(ledger: LiveLedger) -> None:
    data = {"by": "ines", "reason": "x", "kind": "restriction", "until": "2026-03-20T00:00:00Z"}
    record(ledger, *missed("m-1", pro="p-1"), *missed("m-2", pro="p-2"))
    decision = record(ledger, event("pro.suspended", "p-1", "2026-03-15 09:00", **data))

    during = ledger.replay(as_of="2026-03-16T00:00:00Z", without=decision)
    after = ledger.replay(as_of="2026-03-21T00:00:00Z", without=decision)

    assert during["pros_changed"] == [{"pro": "p-1", "access_recorded": "restricted", "access_derived": "active"}]
    assert after["pros_changed"] == []


@pytest.mark.parametrize("moment", ["2026-03-10T09:30:00Z", "2026-03-10T09:29:59Z"])
def test_as_of_includes_the_instant_itself(ledger: LiveLedger, moment: str) -> None:
    record(ledger, *missed("m-1", pro="p-1"), *both("m-2", pros=("p-2",)))

    answer = ledger.replay(as_of=moment)

    assert answer["findings"]["recorded"] == answer["findings"]["derived"]
    assert answer["findings"]["recorded"] == (1 if parse_us(moment) >= parse_us("2026-03-10T09:30:00Z") else 0)
