"""Several writers at once: positions in commit order without gaps, and each contest has exactly one winner."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from ledger.store.database import Database, connect
from projections import import_ruling
from projections.live import LiveLedger, Outcome
from tests.importing.histories import START, Document, accepted, event, history, requested, written
from tests.importing.ledgers import finished, ids, imported, opened, rejected, said, start_import

ROUNDS = 25


def renamed(documents: list[Document], name: str) -> list[Document]:
    """The same history of other missions, by another source, of the same pros."""
    return [
        {
            **each,
            "source": name,
            "subject": f"{name}-{each['subject']}" if each["type"].startswith("mission.") else each["subject"],
        }
        | ({"data": {**each["data"], "source": name}} if each["type"] == "ledger.event_voided" else {})
        for each in documents
    ]


def test_two_imports_at_once_keep_the_order_of_commits(database: Database, tmp_path: Path) -> None:
    names = ("one", "two")
    files = [written(tmp_path / f"{name}.ndjson", renamed(history(80, seed=4), name)) for name in names]
    done = Event()

    def watch() -> int:
        """How often the log was looked at; it may never have a gap, nor lose what it had."""
        looks, last = 0, 0
        with connect(database, autocommit=True) as connection:
            while not done.is_set():
                row = connection.execute("SELECT count(*), coalesce(max(position), 0) FROM ledger.event").fetchone()
                assert row is not None
                assert row[0] == row[1] >= last
                looks, last = looks + 1, row[1]
        return looks

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        imports = [start_import(database, file, batch_lines=10) for file in files]
        summaries = [finished(each) for each in imports]
        done.set()
        assert watching.result() > 10
    events = said(database)["events"]
    assert len(events) == sum(each["recorded"] + each["findings"] for each in summaries)
    with connect(database, autocommit=True) as connection:
        query = "SELECT bool_and(recorded >= earlier) FROM (SELECT recorded, lag(recorded) OVER (ORDER BY position)"
        assert connection.execute(f"{query} AS earlier FROM ledger.event) AS t".encode()).fetchone() == (True,)
    for name, file in zip(
        names, files, strict=True
    ):  # every line was recorded, refused, or a duplicate of one recorded
        known = {each["id"] for each in events if each["source"] == name}
        refused = {each["event"]["id"] for each in rejected(file)}
        assert {each["id"] for each in renamed(history(80, seed=4), name)} == known | refused


def test_the_same_file_twice_at_once_is_recorded_once(database: Database, tmp_path: Path) -> None:
    documents = history(80)
    file = written(tmp_path / "h.ndjson", documents)
    summaries = [finished(each) for each in [start_import(database, file, batch_lines=10) for _ in range(2)]]
    # Turning the second one away with a conflict would do as well; a half-written file of refused lines does not.
    assert sorted(each.get("exit", 0) for each in summaries) in ([0, 0], [0, 3]), summaries
    recorded = [each for each in said(database)["events"] if each["source"] == "app/fr"]
    assert len(recorded) == len({each["id"] for each in recorded}) == sum(each.get("recorded", 0) for each in summaries)
    refused = rejected(file)
    assert {each["id"] for each in documents} == {each["id"] for each in recorded} | {
        each["event"]["id"] for each in refused
    }


def test_personal_text_survives_losing_a_race(database: Database, tmp_path: Path) -> None:
    """A batch that is ruled on again seals its texts again, under keys that are really kept."""
    files = []
    for name in ("one", "two", "three"):
        missions = [
            requested(f"{name}-{number}", client=f"client-{number}", comment=f"{name} {number}") for number in range(60)
        ]
        files.append(written(tmp_path / f"{name}.ndjson", missions))
    for each in [start_import(database, file, batch_lines=3) for file in files]:
        assert finished(each)["recorded"] == 60
    for each in said(database)["events"]:
        assert each["data"]["comment"] == each["subject"].replace("-", " ")


Contest = Callable[[int], tuple[Document, Document]]


def contested(database: Database, contest: Contest) -> list[tuple[Outcome, Outcome]]:
    """Two ledgers on connections of their own record one event each, at the same moment, again and again."""
    barrier = Barrier(2)

    def play(ledger: LiveLedger, side: int) -> list[Outcome]:
        played = []
        for number in range(ROUNDS):
            document = contest(number)[side]
            barrier.wait(30)
            (outcome,) = ledger.record([document], live=False)
            played.append(outcome)
        return played

    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        ledgers = [stack.enter_context(opened(database)) for _ in range(2)]
        first, second = pool.map(play, ledgers, range(2))
    return list(zip(first, second, strict=True))


def codes(pair: tuple[Outcome, Outcome]) -> list[str]:
    return sorted(each.error.code if each.error is not None else each.status for each in pair)


def test_two_pros_accept_one_mission_and_one_wins(database: Database, tmp_path: Path) -> None:
    imported(database, written(tmp_path / "h.ndjson", [requested(f"m-{number}") for number in range(ROUNDS)]))
    pairs = contested(database, lambda number: (accepted(f"m-{number}", "pro-1"), accepted(f"m-{number}", "pro-2")))
    assert [codes(pair) for pair in pairs] == [["invalid_transition", "recorded"]] * ROUNDS
    standings = {each["pro"]: each["cities"]["paris"]["accepted"] for each in said(database)["standings"]["pros"]}
    assert sum(standings.values()) == ROUNDS


def test_two_no_shows_of_one_pro_warn_once_and_exclude_once(database: Database, tmp_path: Path) -> None:
    missions = [(f"m-{number}-{side}", f"pro-{number}") for number in range(ROUNDS) for side in range(2)]
    before = [each for mission, pro in missions for each in (requested(mission), accepted(mission, pro))]
    imported(database, written(tmp_path / "h.ndjson", before))

    def absent(mission: str) -> Document:
        return event(
            "mission.no_show", mission, START + timedelta(days=4), {"reported_by": "client"}, id=f"{mission}-no"
        )

    pairs = contested(database, lambda number: (absent(f"m-{number}-0"), absent(f"m-{number}-1")))
    assert [codes(pair) for pair in pairs] == [["recorded", "recorded"]] * ROUNDS
    told = said(database)
    findings: dict[str, list[Any]] = {}
    for each in told["events"]:
        if each["source"] == "mission-ledger/engine":
            findings.setdefault(each["subject"], []).append((each["type"], each["data"].get("kind")))
    excluded = [("pro.warned", None), ("pro.suspension_proposed", "exclusion"), ("pro.suspended", "exclusion")]
    assert findings == {f"pro-{number}": excluded for number in range(ROUNDS)}
    assert {each["access"] for each in told["standings"]["pros"]} == {"excluded"}


def test_the_same_event_twice_at_once_is_recorded_once(database: Database) -> None:
    pairs = contested(database, lambda number: (requested(f"m-{number}"), requested(f"m-{number}")))
    assert [codes(pair) for pair in pairs] == [["duplicate", "recorded"]] * ROUNDS
    assert all(first.position == second.position for first, second in pairs)
    assert len(ids(database)) == ROUNDS


def test_two_contents_under_one_id_at_once_are_one_event_and_a_conflict(database: Database) -> None:
    pairs = contested(
        database, lambda number: (requested(f"m-{number}"), requested(f"m-{number}", duration_minutes=60))
    )
    assert [codes(pair) for pair in pairs] == [["idempotency_conflict", "recorded"]] * ROUNDS
    assert len(ids(database)) == ROUNDS


def test_what_another_writer_records_between_two_batches_is_seen(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The import knows the pro as it was; a rating comes from elsewhere, and then the import voids that rating."""
    done = event("mission.completed", "m-1", START + timedelta(days=4), {"duration_minutes": 90}, id="done")
    stars = event("mission.rated", "m-1", START + timedelta(days=5), {"by": "client", "stars": 5}, id="rated")
    void = event("ledger.event_voided", "rated", START, {"source": "app/fr", "by": "I", "reason": "wrong"}, id="void")
    imported(database, written(tmp_path / "h.ndjson", [requested("m-1"), accepted("m-1", "pro-1"), done]))
    rule, calls = import_ruling.rule, 0

    def interrupted(*arguments: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            with opened(database) as ledger:
                assert ledger.record([stars], live=False)[0].status == "recorded"
        return rule(*arguments, **more)

    monkeypatch.setattr("projections.import_ruling.rule", interrupted)
    monkeypatch.setattr("projections.importing.BATCH_LINES", 2)
    lines = [requested("m-2"), accepted("m-2", "pro-1"), void, accepted("m-2", "pro-2")]
    summary = imported(database, written(tmp_path / "second.ndjson", lines))
    assert (summary.recorded, summary.refused_by_code) == (3, {"invalid_transition": 1})
    (standing,) = said(database)["standings"]["pros"]
    assert (standing["cities"]["paris"]["accepted"], standing["cities"]["paris"]["rated"]) == (2, 0)
