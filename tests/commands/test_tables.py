"""Tables and lines hold whatever a name may hold, and are never cut in a pipe."""

from __future__ import annotations

import io
from typing import Any

import pytest
from accounts import standing
from asking import AnsweringLedger, Ask
from rich.cells import cell_len
from rich.console import Console

from commands import tables
from commands.screen import Screen
from commands.tables import Column
from commands.text import escaped

ODD = {
    "newline": ("a\nb\r\nc\u2028d", "a\\nb\\r\\nc\\u2028d"),
    "terminal escape": ("\x1b[31mred\x1b]0;title\x07\x9b2J", "\\x1b[31mred\\x1b]0;title\\x07\\x9b2J"),
    "nul and tab": ("a\0b\tc\x7f", "a\\x00b\\tc\\x7f"),
    "bidirectional": ("\u202egnp.exe\u202c\u2066x\u2069\u200f", "\\u202egnp.exe\\u202c\\u2066x\\u2069\\u200f"),
    "invisible": ("a\u200bb\ufeffc\u00add", "a\\u200bb\\ufeffc\\xadd"),
    "markup": ("[bold red]x[/] :smile: [link=http://a]y", "[bold red]x[/] :smile: [link=http://a]y"),
    "wide": ("日本語のなまえ🙂", "日本語のなまえ🙂"),
    "accents": ("Zoë Zoe\u0308 Ünal\u00a0Ş", "Zoë Zoe\u0308 Ünal\u00a0Ş"),
    "surrogate": ("\ud83d", "\\ud83d"),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_text_is_shown_and_never_obeyed(name: str) -> None:
    text, shown = ODD[name]
    assert escaped(text) == shown
    file = io.StringIO()
    screen = Screen(file, Console(file=file, width=400, highlight=False, markup=False, emoji=False))
    tables.show(screen, (Column(title="name"), Column(title="n", number=True)), [(text, 1), ("plain", 22)])
    lines = file.getvalue().splitlines()
    assert len(lines) == 4
    assert len({cell_len(line.rstrip("\n")) for line in lines}) == 1
    assert shown in lines[2]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
def test_a_narrow_terminal_leaves_columns_out_and_never_cuts_a_number(width: int) -> None:
    columns = (
        Column(title="mission"),
        Column(title="gross", number=True),
        Column(title="commission", number=True, leave_out=1),
        Column(title="closes", leave_out=2),
    )
    file = io.StringIO()
    row = ("m-" + "日本" * 20, "123456.78", "22222.22", "2026-03-03 23:00")
    tables.show(Screen(file, Console(file=file, width=width)), columns, [row])
    said = file.getvalue()
    assert "123456.78" in said
    assert said.count("日") == 20
    assert ("22222.22" in said) == ("left out" not in said or "commission" not in said.split("left out")[1])


def test_an_empty_cell_and_a_number() -> None:
    file = io.StringIO()
    tables.show(Screen(file, Console(file=file, width=80)), (Column(title="a"), Column(title="b")), [(None, 0)])
    assert file.getvalue().splitlines()[-1].split() == ["0"]


def _many(number: int) -> dict[str, Any]:
    city = {
        "accepted": 47,
        "cancelled": 3,
        "no_shows": 0,
        "cancellation_rate": "3/47",
        "cancellation_percent": "6.38",
        "rated": 0,
        "stars": 0,
        "rating": None,
        "late_cancellations": 1,
    }
    pros = [standing(f"pro-{'x' * 120}-{index}", "active", cities={"paris": city}) for index in range(number)]
    return {"position": 400, "policy": "mila@2018-06", "pros": pros}


def test_a_wide_table_in_a_pipe_is_whole(ask: Ask, answering: AnsweringLedger) -> None:
    answering.answers["standings"] = _many(3)
    said = ask("standing")
    assert said.code == 0
    assert f"pro-{'x' * 120}-2" in said.out
    assert "…" not in said.out
    assert "6.38 %" in said.out
    assert "\x1b" not in said.out


def test_no_colour_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    def printed() -> str:
        file = io.StringIO()
        file.isatty = lambda: True  # type: ignore[method-assign]
        screen = Screen(file, Console(file=file, width=80, force_terminal=True, color_system="standard"))
        tables.show(screen, (Column(title="a", style="red"),), [("x",)])
        return file.getvalue()

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[31m" in printed()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31m" not in printed()


def test_an_empty_ledger_has_no_table(ask: Ask, answering: AnsweringLedger) -> None:
    answering.answers |= {
        "standings": {"position": 0, "policy": "mila@2018-06", "pros": []},
        "warnings": {"position": 0, "warnings": []},
        "billing": {"lines": [], "totals": {}},
    }
    assert ask("standing").out == "0 pros; up to #0, policy in force mila@2018-06\n"
    assert ask("warnings").out == "0 warnings; up to #0\n"
    assert ask("billing").out == "nothing to bill\n"


@pytest.mark.parametrize("command", ["standing", "warnings", "billing", "status"])
def test_json_is_the_answer_as_it_is(ask: Ask, answering: AnsweringLedger, command: str) -> None:
    answer = {"position": 7, "text": "\u202e\n", "pros": []}
    answering.answers |= dict.fromkeys(("standings", "warnings", "billing", "status"), answer)
    assert ask(command, "--json").json == answer
    assert ask("--json", command).json == answer
    assert ask(command, "--json").out.count("\n") == 1  # one line into a pipe


def test_billing_lines_and_totals(ask: Ask, answering: AnsweringLedger) -> None:
    line = {
        "mission": "m-1",
        "pro": "pro-1",
        "city": "lyon",
        "service": "cleaning",
        "minutes": 90,
        "gross": "45.00",
        "commission": "8.10",
        "vat": "1.62",
        "currency": "EUR",
        "rate": "0.18",
        "status": "open",
        "closes_at": "2026-03-03T23:00:00Z",
    }
    total = {"gross": "45.00", "commission": "8.10", "vat": "1.62", "net": "35.28"}
    answering.answers["billing"] = {"lines": [line], "totals": {"EUR": total}}
    out = ask("billing", "--period", "2026-03").out
    assert "18.00 %" in out
    assert "2026-03-03 23:00" in out
    assert "35.28" in out


def test_status_flattens_what_is_nested(ask: Ask, answering: AnsweringLedger) -> None:
    answering.answers["status"] = {
        "database": "/tmp/x",
        "embedded": True,
        "position": 1234567,
        "projections": [{"name": "standing", "version": 1, "position": 7, "lag": 0}],
        "counts": {"open_proposals": 2},
        "rebuild_events_per_second": None,
    }
    out = ask("status").out
    assert "1,234,567" in out
    assert "version 1, position 7, lag 0" in out
    assert "counts: open proposals" in out


def test_verify_names_what_is_broken(ask: Ask, answering: AnsweringLedger) -> None:
    checks = [{"check": "log", "ok": True, "detail": "whole"}, {"check": "standing", "ok": False, "detail": "differs"}]
    answering.answers["verify"] = {
        "ok": False,
        "position": 9,
        "events": 9,
        "seconds": 0.5,
        "checks": checks,
        "first_difference": {"pro": "pro-7", "column": "accepted"},
    }
    said = ask("verify", "--json")
    assert (said.code, said.error["code"]) == (4, "integrity_broken")
    assert said.json["checks"] == checks
    assert said.error["first_difference"] == {"pro": "pro-7", "column": "accepted"}
    said = ask("verify")
    assert "BROKEN" in said.out
    assert "first difference: pro pro-7, column accepted" in said.err
    answering.answers["verify"] |= {"ok": True, "checks": checks[:1], "first_difference": None}
    assert ask("verify").code == 0
