"""`billing replay`: a closed month derived again is identical to the cent, or says what differs and what came since."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.errors import Refused
from ledger.policies.document import from_document
from ledger.policies.merging import merged
from ledger.policies.shipped import preset
from ledger.store.database import Database
from projections import catalogue
from projections.replay import speeds
from tests.importing.histories import history, written
from tests.importing.ledgers import imported, opened, row_versions
from tests.missions.kit import Document, completed, event, modified, voided

from .closes import SWISS, adjustment, close, recorded, session, sound, two_pros


@pytest.fixture(autouse=True, params=["compiled", "plain"])
def _speed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything here holds at either speed; a small month is never told by compiled code otherwise."""
    monkeypatch.setattr(speeds, "compiles_month", lambda *asked: request.param == "compiled")


def test_identical_to_the_cent_and_by_the_same_digest(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        outcome = close(ledger, "2026-03")
        assert outcome.event is not None
        data = outcome.event["data"]
        answer = ledger.replay_period("2026-03")
        assert (answer["same"], answer["changed"]) == (True, [])
        assert answer["digest"] == {"closed": data["digest"], "derived": data["digest"]}
        assert answer["lines"] == {"closed": 2, "derived": 2}
        assert answer["totals_closed"] == answer["totals_derived"] == data["totals"]


@pytest.mark.parametrize("page", [7, 2_000])
def test_a_whole_history_with_its_corrections(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr("projections.period_comparing.MISSIONS_AT_ONCE", page)
    imported(database, written(tmp_path / "h.ndjson", history(300)))
    with opened(database) as ledger:
        closed = {period: close(ledger, period).position for period in ("2026-01", "2026-02")}
        lines = [each["mission"] for each in ledger.billing(period="2026-01")["lines"]]
        ledger.adjust(adjustment(lines[3], duration_minutes=30))
        ledger.adjust(adjustment(lines[8], refund={"amount": "1.00"}))
        close(ledger, "2026-03")
        for period, position in closed.items():
            answer = ledger.replay_period(period, known_at=position)
            assert (answer["same"], answer["missions"] > 50) == (True, True)
        assert ledger.replay_period("2026-03")["same"]
        changed = ledger.replay_period("2026-01")["changed"]
        assert [each["mission"] for each in changed] == sorted([lines[3], lines[8]])
        assert ledger.replay_period("2026-02")["same"]
        assert sound(ledger)


def test_late_facts_are_shown_beside_what_they_change(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        first = close(ledger, "2026-03").position
        recorded(ledger, [modified("m-1", "2026-03-10 12:00", 90), *session("m-late", "p-2", "2026-03-20")])
        since = ledger.position() - 3
        second = close(ledger, "2026-04").position
        answer = ledger.replay_period("2026-03")
        assert not answer["same"]
        assert answer["digest"]["closed"] != answer["digest"]["derived"]
        shorter, late = answer["changed"]
        assert (shorter["mission"], shorter["pro"]) == ("m-1", "p-1")
        assert (shorter["closed"]["minutes"], shorter["closed"]["gross"]) == (120, "60.00")
        assert (shorter["derived"]["minutes"], shorter["derived"]["gross"]) == (90, "45.00")
        assert [shorter[f"{name}_change"] for name in ("gross", "commission", "vat", "net")] == [
            "-15.00",
            "-2.25",
            "-0.45",
            "-12.30",
        ]
        assert [(each["type"], each["position"]) for each in shorter["facts_since"]] == [
            ("mission.duration_modified", since)
        ]
        assert {each["position"] for each in shorter["corrected_by"]} == {second}
        assert (late["mission"], late["closed"], late["derived"]["gross"]) == ("m-late", None, "60.00")
        assert len(late["facts_since"]) == 3
        assert answer["totals_derived"]["EUR"]["gross"] == "105.00"
        assert first is not None
        assert ledger.replay_period("2026-03", known_at=first)["same"]


def test_a_void_since_takes_a_line_away_and_is_named(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        recorded(ledger, [voided(completed("m-1", "2026-03-10 11:00"))])
        (gone,) = ledger.replay_period("2026-03")["changed"]
        assert (gone["mission"], gone["derived"], gone["net_change"]) == ("m-1", None, "-49.20")
        assert [(each["position"], each["voided_by"]) for each in gone["facts_since"]] == [(3, ledger.position())]


def test_another_policy_shows_both_computations_and_a_like_one_none(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        assert ledger.replay_period("2026-03", policy=preset("mila-2018-06"))["same"]
        dearer = from_document(merged(preset("mila-2018-06").document(), {"billing": {"commission": "0.20"}}))
        answer = ledger.replay_period("2026-03", policy=dearer)
        assert [(each["mission"], each["commission_change"]) for each in answer["changed"]] == [
            ("m-1", "3.00"),
            ("m-2", "4.00"),
        ]
        assert answer["totals_closed"]["EUR"]["commission"] == "9.00"
        assert answer["totals_derived"]["EUR"]["commission"] == "12.00"


def test_a_cap_in_another_currency_is_said_to_bound_nothing(database: Database) -> None:
    """Amounts of two currencies are never compared: the fees of Lyon stand as they are, which must not go unsaid."""
    swiss = SWISS | {"city": "geneve"}
    absences: list[Document] = []
    for mission, pro, request in (("m-1", "p-1", {}), ("m-2", "p-2", {}), ("m-3", "p-2", swiss)):
        absences += session(mission, pro, "2026-03-10", **request)[:2]
        absences.append(event("mission.client_absent", mission, "2026-03-10 09:20"))
    yen = {
        "client_absent": {"fee_cap": {"amount": "1500", "currency": "JPY"}},
        "city": {"geneve": {"client_absent": {"fee_cap": {"amount": "30.00", "currency": "CHF"}}}},
    }
    with opened(database) as ledger:
        recorded(ledger, [*absences, *session("m-4", "p-1", "2026-03-10")])
        close(ledger, "2026-03")
        answer = ledger.replay_period("2026-03")
        assert (answer["same"], answer["fees_without_cap"]) == (
            True,
            [{"policy": "mila@2018-06", "cap_currency": "EUR", "currency": "CHF", "fees": 1}],
        )
        policy = from_document(merged(preset("mila-2018-06").document(), yen) | {"id": "q", "version": "1"})
        answer = ledger.replay_period("2026-03", policy=policy)
        assert [each["derived"]["gross"] for each in answer["changed"]] == ["60.00", "60.00", "30.00"]
        assert answer["fees_without_cap"] == [{"policy": "q@1", "cap_currency": "JPY", "currency": "EUR", "fees": 2}]


def test_an_open_month_is_refused(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        with pytest.raises(Refused) as caught:
            ledger.replay_period("2026-03")
        assert caught.value.code == "not_closed"


@pytest.mark.parametrize("late", [[], [modified("m-1", "2026-03-10 12:00", 90)]])
def test_nothing_is_ever_written(database: Database, late: list[Document]) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        recorded(ledger, late)
        before = row_versions(database)
        ledger.replay_period("2026-03")
        ledger.replay_period("2026-03", policy=preset("wecasa-ch"), known_at=5)
        assert row_versions(database) == before
        assert {"billing_entry", "billing_pending"} <= {
            table for each in catalogue.PROJECTIONS for table in each.tables
        }
