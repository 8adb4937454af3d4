"""A folder that held no ledger: whoever asks it something is told so, whoever begins a ledger there is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands.main import run
from ledger.store import embedded

REQUESTED = (
    *("record", "mission.requested", "m-1", "client=c-1", "city=lyon", "service=repair", "timezone=Europe/Paris"),
    *("starts_at=2026-03-02T09:00:00Z", "duration_minutes=60", "--time", "2026-03-01"),
    *("price.amount=30", "price.currency=EUR", "price.per=hour"),
)


def test_a_question_to_a_folder_without_a_ledger_says_so(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    asked, wrong, begun = (str(folder / name) for name in ("asked", "wrong", "begun"))
    note = f"{asked} held no ledger, so a new, empty one was made there; check --database"
    try:
        assert run(["standing", "--json", "--database", asked]) == 0
        answer, said = capfd.readouterr()
        assert (json.loads(answer)["pros"], said) == ([], f"mission-ledger: {note}\n")
        assert run(["standing", "--json", "--database", asked]) == 0
        assert capfd.readouterr().err == ""

        assert run(["why", "pro-7", "--json", "--database", wrong]) == 1
        error = json.loads(capfd.readouterr().err)["error"]
        assert error["code"] == "unknown_pro"
        assert error["message"].endswith(note.replace(asked, wrong))

        assert run([*REQUESTED, "--database", begun]) == 0
        assert capfd.readouterr().err == ""
    finally:
        for name in (asked, wrong, begun):
            embedded.stop(Path(name))
