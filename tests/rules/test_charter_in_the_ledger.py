"""The rules on a real database: what standing shows, links within and across batches, and `verify` after each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from importing.ledgers import imported, opened, verified
from missions.kit import Document, accepted, cancelled, event, no_show, policy, requested, voided

from ledger.store.database import Database
from projections import importing

from .career import agreed, by_desk, called_off, day, dropped, given_stars, missed
from .test_linked_accounts import linked


def recorded(database: Database, *documents: Document, batch: int = 1000) -> None:
    """Recorded in commits of so many events; none is refused, and `verify` is green after all of them."""
    with opened(database) as ledger:
        for start in range(0, len(documents), batch):
            outcomes = ledger.record(list(documents[start : start + batch]), live=False)
            assert [each.error for each in outcomes if each.error] == []
        assert verified(ledger)["first_difference"] is None


def standing(database: Database, pro: str) -> dict[str, Any]:
    with opened(database) as ledger:
        shown: dict[str, Any] = ledger.standing(pro)
    del shown["position"], shown["policy"]
    return shown


def city(database: Database, pro: str, name: str = "lyon") -> dict[str, Any]:
    shown: dict[str, Any] = standing(database, pro)["cities"].get(name, {})
    return shown


def test_late_cancellations_are_those_of_the_window_before_the_latest_event(database: Database) -> None:
    recorded(database, *dropped("p-1", 0, 0), *dropped("p-1", 1, 20), *dropped("p-2", 0, 0))
    assert (city(database, "p-1")["late_cancellations"], city(database, "p-2")["late_cancellations"]) == (2, 1)

    recorded(database, event("pro.registered", "p-1", day(30)))  # the first is thirty days ago: out of the window
    assert (city(database, "p-1")["late_cancellations"], city(database, "p-2")["late_cancellations"]) == (1, 1)

    recorded(database, *dropped("p-1", 2, 21), *dropped("p-1", 3, 22))
    shown = standing(database, "p-1")
    assert shown["cities"]["lyon"]["late_cancellations"] == 3
    assert city(database, "p-2")["late_cancellations"] == 1

    recorded(database, voided(dropped("p-1", 3, 22)[2], day(30)))
    assert city(database, "p-1")["late_cancellations"] == 2


def test_after_a_reinstatement_late_cancellations_are_counted_anew(database: Database) -> None:
    recorded(database, *(each for n in range(3) for each in dropped("p-1", n, n)), *dropped("p-2", 0, 0))
    recorded(database, by_desk("pro.reinstated", "p-1", day(3)))

    assert (city(database, "p-1")["late_cancellations"], city(database, "p-2")["late_cancellations"]) == (0, 1)


def test_unavailability_moves_the_standing_when_it_becomes_known(database: Database) -> None:
    away = event("pro.unavailable", "p-1", day(-40), id="away", starts_at=day(499), ends_at=day(502))
    recorded(database, *agreed("p-1", 3), *agreed("p-2", 3), called_off("p-1", 0, day(1)), called_off("p-2", 0, day(1)))
    assert (city(database, "p-1")["cancelled"], city(database, "p-2")["cancelled"]) == (1, 1)

    recorded(database, away)
    assert (city(database, "p-1")["cancelled"], city(database, "p-2")["cancelled"]) == (0, 1)
    with opened(database) as ledger:
        reasons = [each["reason"] for each in ledger.why("p-1")["set_aside"]]
        assert reasons == ["cancelled_inside_an_unavailability"]
    recorded(database, voided(away))
    assert (city(database, "p-1")["cancelled"], city(database, "p-2")["cancelled"]) == (1, 1)


def story() -> list[Document]:
    """Two accounts of one person and one of another; a mission that both accounts accepted; a no-show of each."""
    return [
        *agreed("p-1", 3),
        *agreed("p-2", 4),
        *agreed("p-3", 2),
        *given_stars("p-1", [5, 3]),
        *given_stars("p-2", [4]),
        requested("m-1"),
        accepted("m-1", "p-1"),
        cancelled("m-1", "2026-03-05 09:00"),
        accepted("m-1", "p-2", "2026-03-06 09:00"),
        *missed("p-1", 1),
    ]


LINK = linked("p-1", "p-2", time="2026-03-08 09:00")
AFTER = [no_show("m-1"), called_off("p-2", 0, day(80)), event("pro.document_expired", "p-2", day(81), kind="photo")]
BACK = voided(LINK)


def of_the_union(database: Database) -> None:
    one, two, other = (standing(database, each) for each in ("p-1", "p-2", "p-3"))
    assert one["cities"] == two["cities"]
    assert (one["accounts"], two["accounts"]) == (["p-1", "p-2"], ["p-1", "p-2"])
    shown = one["cities"]["lyon"]
    # 3 + 4 missions, 3 rated ones, m-1 once, and the one p-1 missed; m-1 and that one are no-shows.
    assert (shown["accepted"], shown["cancelled"], shown["no_shows"], shown["rated"], shown["stars"]) == (
        12,
        1,
        2,
        3,
        12,
    )
    assert (one["access"], two["access"], other["access"]) == ("excluded", "excluded", "active")
    assert [each["event"] for each in one["warnings"]] == [each["event"] for each in two["warnings"]] != []
    assert (other["cities"]["lyon"]["accepted"], other["warnings"], "accounts" in other) == (2, [], False)


def of_their_own(database: Database) -> None:
    one, two, other = (standing(database, each) for each in ("p-1", "p-2", "p-3"))
    assert (one["cities"]["lyon"]["accepted"], two["cities"]["lyon"]["accepted"]) == (7, 6)
    assert (one["no_shows"], two["no_shows"]) == (1, 1)
    assert (one["cities"]["lyon"]["cancelled"], two["cities"]["lyon"]["cancelled"]) == (1, 1)
    assert ("accounts" in one, "accounts" in two) == (False, False)
    assert other["cities"]["lyon"]["accepted"] == 2


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_links_in_commits_of_any_size(database: Database, batch: int) -> None:
    recorded(database, *story(), LINK, *AFTER, batch=batch)
    of_the_union(database)

    recorded(database, BACK, batch=batch)
    of_their_own(database)


@pytest.mark.parametrize("lines", [1, 2, 3, 5, 8, 1000])
def test_links_within_a_batch_of_an_import_and_across_batches(
    new_database: Callable[..., Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: int
) -> None:
    """The link, what follows from it and its void stand in every way across the batches of two imports."""
    monkeypatch.setattr(importing, "BATCH_LINES", lines)
    database = new_database()

    _import(database, tmp_path, "union", [*story(), LINK, *AFTER])
    of_the_union(database)
    _import(database, tmp_path, "own", [BACK])
    of_their_own(database)

    at_once = new_database()
    _import(at_once, tmp_path, "both", [*story(), LINK, *AFTER, BACK])
    of_their_own(at_once)
    assert _rows(at_once) == _rows(database)


def _import(database: Database, folder: Path, name: str, documents: list[Document]) -> None:
    file = folder / f"{name}.ndjson"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in documents))
    summary = imported(database, file)
    assert (summary.refused, summary.recorded) == (0, len(documents))
    with opened(database) as ledger:
        assert verified(ledger)["first_difference"] is None


def _rows(database: Database) -> dict[str, Any]:
    """All that the ledger says, without when it was recorded."""
    with opened(database) as ledger:
        return {"standings": ledger.standings(), "warnings": ledger.warnings(), "billing": ledger.billing()}


def test_three_accounts_joined_one_by_one_and_parted_again(database: Database) -> None:
    first, second = linked("p-1", "p-2", id="first"), linked("p-3", "p-2", id="second")
    recorded(database, *agreed("p-1", 1), *agreed("p-2", 2), *agreed("p-3", 4), *agreed("p-4", 1), first, second)
    assert [city(database, f"p-{n}")["accepted"] for n in (1, 2, 3, 4)] == [7, 7, 7, 1]

    recorded(database, voided(first))
    assert [city(database, f"p-{n}")["accepted"] for n in (1, 2, 3, 4)] == [1, 6, 6, 1]
    recorded(database, *agreed("p-3", 1, first=20), voided(second), *agreed("p-2", 1, first=20))
    assert [city(database, f"p-{n}")["accepted"] for n in (1, 2, 3, 4)] == [1, 3, 5, 1]


def test_the_proposal_of_one_account_is_shown_and_decided_under_the_other(database: Database) -> None:

    human = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", decision="human")
    recorded(
        database, human, linked("p-1", "p-2", time=day(0)), *missed("p-1", 1), *missed("p-2", 1), *missed("p-3", 1)
    )
    shown = [standing(database, each)["proposals"] for each in ("p-1", "p-2", "p-3")]
    assert shown[0] == shown[1] != []
    assert shown[2] == []

    recorded(database, by_desk("pro.suspension_dismissed", "p-1", day(81)))
    assert [standing(database, each)["proposals"] for each in ("p-1", "p-2", "p-3")] == [[], [], []]


def test_conduct_and_documents_end_to_end(database: Database) -> None:
    reports = [
        event("pro.conduct_reported", pro, day(1), id=f"report-{pro}", ground="violence", by="a client")
        for pro in ("p-1", "p-2")
    ]
    recorded(database, *reports, event("pro.document_expired", "p-3", day(1), kind="photo"))
    assert [standing(database, f"p-{n}")["access"] for n in (1, 2, 3)] == ["suspended", "suspended", "restricted"]

    recorded(
        database,
        by_desk("pro.conduct_confirmed", "p-1", day(2), report="report-p-1"),
        by_desk("pro.conduct_dismissed", "p-2", day(2), report="report-p-2"),
        event("pro.document_verified", "p-3", day(2), kind="photo"),
    )
    assert [standing(database, f"p-{n}")["access"] for n in (1, 2, 3)] == ["excluded", "active", "active"]
    with opened(database) as ledger:
        why = ledger.why("p-1")
    assert (why["decision"]["kind"], why["decision"]["by"], why["decision"]["rule"]) == (
        "exclusion",
        "ines",
        "conduct.violence",
    )
