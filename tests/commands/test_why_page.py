"""The page of `why`: understood from its first screen by somebody who never saw the platform."""

from __future__ import annotations

from typing import Any

import pytest
from accounts import ACTIVE, EXCLUDED, SHA, SUSPENDED, event, rule
from asking import AnsweringLedger, Ask

from commands import sentences
from ledger.rulebook import RULE


def page(ask: Ask, answering: AnsweringLedger, account: dict[str, Any], *options: str) -> str:
    answering.answers["why"] = account
    said = ask("why", account["pro"], *options)
    assert (said.code, said.err) == (0, "")
    return said.out


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("account", [EXCLUDED, SUSPENDED, ACTIVE], ids=["excluded", "suspended", "active"])
def test_it_fits_a_screen(ask: Ask, answering: AnsweringLedger, account: dict[str, Any]) -> None:
    lines = page(ask, answering, account).splitlines()
    assert len(lines) <= 44
    assert all(len(line) <= 105 for line in lines)
    assert all(line == line.rstrip() for line in lines)


def test_excluded_after_two_no_shows(ask: Ask, answering: AnsweringLedger) -> None:
    text = page(ask, answering, EXCLUDED)
    assert text.startswith("pro-chloe is excluded since 20 March 2026, 10:30 UTC, with no end set.")
    assert "decided by the engine itself" in text
    assert "2 missions were missed without having been cancelled" in text
    assert "The policy excludes at 2." in text
    assert "m-11  no-show reported by the client    #61" in text
    assert "m-48  no-show reported by the platform  #203" in text
    assert "1.  2026-03-04  no_show  1 no-show  expires 2026-08-31  #62" in text
    assert "1 refusal (m-3): declining a proposal never counts" in text
    citation = RULE["no_show"].citations[0]
    assert f"« {citation.sentence} »" in flat(text)
    assert citation.gloss in flat(text)


def test_suspended_for_cancellations(ask: Ask, answering: AnsweringLedger) -> None:
    text = flat(page(ask, answering, SUSPENDED))
    assert (
        "3 of 47 accepted missions in paris were cancelled = 6.38 %; the city's maximum is 6.00 %, its average 4.00 %."
    ) in text
    assert "3 earlier warnings had not expired by then, the last of 10 February 2026; the policy gives 3" in text
    assert "Warnings before 1. 2026-01-03 cancellation.rate paris: 1 of 20 = 5.00 % expires 2026-09-01" in text
    assert "The events that count (50)" in text
    assert "m-390 cancelled by the pro #390" in text
    assert "and 47 acceptances (#12 … #334); --all lists them" in text
    assert "12 refusals: declining a proposal never counts" in text
    assert "1 cancellation (m-77): the client called the mission off, which never counts" in text
    assert f"Policy mila@2018-06, sha256 {SHA}" in text


def test_all_events_when_asked_for(ask: Ask, answering: AnsweringLedger) -> None:
    text = page(ask, answering, SUSPENDED, "--all")
    assert sum(" accepted " in line and "#" in line for line in text.splitlines()) == 47
    assert "--all lists them" not in text
    assert text.index("m-390") < text.index("m-0 ")  # what went wrong comes first


def test_active_shows_each_figure_beside_its_bounds(ask: Ask, answering: AnsweringLedger) -> None:
    text = page(ask, answering, ACTIVE)
    assert text.startswith("pro-amina has full access; no decision against this pro is in force.")
    text = flat(text)
    assert "no-shows 1 no-show warns at 1, excludes at 2" in text
    assert "cancellation rate in paris 2 of 50 = 4.00 % average 4.00 %, judged from 20 accepted" in text
    assert "mean rating in paris 4.58 stars over 50 minimum 4.20, warned below 4.30, judged from 20 ratings" in text
    assert "mission m-2: completed without a known acceptance (#17)" in text
    assert "The rule" not in text


def test_an_open_proposal_asks_for_a_person(ask: Ask, answering: AnsweringLedger) -> None:
    proposal = {"event": "proposed-9", "rule": "cancellation.rate", "kind": "suspension", "position": 9}
    account = SUSPENDED | {"access": "active", "decision": None, "proposals": [proposal]}
    text = flat(page(ask, answering, account))
    assert "pro-bruno has full access; no decision against this pro is in force." in text
    assert "A suspension is proposed under cancellation.rate (#9) and waits for a person's decision." in text
    assert "3 of 47 accepted missions" in text
    assert "decide pro-bruno --suspend|--dismiss" in text


def test_a_decision_of_a_person_without_figures(ask: Ask, answering: AnsweringLedger) -> None:
    decision = SUSPENDED["decision"] | {
        "kind": "termination",
        "by": "A. \x1b[1mFavre",
        "reason": "sold\nkeys",
        "rule": "conduct.violence",
    }
    unknown = {"id": "conduct.violence", "text": "", "citations": []}
    account = SUSPENDED | {"access": "excluded", "decision": decision, "rule": unknown}
    account |= {"figures": {}, "thresholds": {}, "evidence": [], "warnings": []}
    text = flat(page(ask, answering, account))
    assert "is excluded: the contract is terminated, since" in text
    assert "decided by A. \\x1b[1mFavre, giving the reason « sold\\nkeys »" in text
    assert "The rule: conduct.violence" in text


def test_a_mean_below_the_minimum_shows_the_lowest_ratings(ask: Ask, answering: AnsweringLedger) -> None:
    stars = [5] * 30 + [2, 1] + [5] * 10
    account = SUSPENDED | {
        "rule": rule("rating.minimum"),
        "figures": {"city": "lyon", "rated": 50, "stars": 208, "mean": "4.16"},
        "thresholds": {"rating.minimum": "4.20"},
        "evidence": [
            event(number, "mission.rated", f"m-{number}", "2026-03-01T09:00:00Z", f"client gave {given} stars")
            for number, given in enumerate(stars, 1)
        ],
    }
    text = page(ask, answering, account)
    assert "208 stars, a mean of 208/50 = 4.16; the city's minimum is 4.20." in flat(text)
    assert text.index("client gave 1 stars") < text.index("client gave 2 stars") < text.index("client gave 5 stars")
    assert "and 34 more ratings (#7 … #42)" in text


def test_advice_names_only_commands_that_exist(ask: Ask, answering: AnsweringLedger) -> None:
    from commands.main import COMMANDS

    text = page(ask, answering, SUSPENDED)
    advised = {line.split()[1] for line in text.splitlines() if line.startswith("  mission-ledger ")}
    assert advised
    assert advised <= COMMANDS.keys()


@pytest.mark.parametrize(
    ("share", "text"),
    [("0.06", "6.00 %"), ("0.065", "6.50 %"), ("0.06125", "6.125 %"), ("1/3", "1/3"), ("1", "100.00 %")],
)
def test_shares_in_percent(share: str, text: str) -> None:
    assert sentences.percent(share) == text


def test_cancelled_and_missed_are_told_apart() -> None:
    figures = {"city": "paris", "accepted": 47, "cancelled": 2, "no_shows": 1, "percent": "6.38"}
    text = sentences.figures_sentence("cancellation.rate", figures, {})
    assert text == "3 of 47 accepted missions in paris were cancelled or missed (2 cancelled, 1 missed) = 6.38 %."


def test_instants_are_shown_in_utc() -> None:
    assert sentences.moment("2026-03-12T09:00:00.123456+01:00") == "12 March 2026, 08:00 UTC"
    assert sentences.stamp("2026-03-12T00:30:00+01:00") == "2026-03-11 23:30"
    assert sentences.moment(None) == "an unknown time"
    assert sentences.stamp("not a time") == "not a time"


def test_what_a_report_or_a_document_says_beside_the_decision(ask: Ask, answering: AnsweringLedger) -> None:
    waiting = {"event": "r 1", "pro": ACTIVE["pro"], "ground": "unwanted_contact", "mission": "m-9", "position": 12}
    expired = {"kind": "background_check", "event": "d-1", "position": 14, "time": "2026-03-02T09:00:00Z"}
    account = ACTIVE | {
        "reports": [waiting | {"time": "2026-03-01T09:00:00Z"}],
        "documents_expired": [expired],
        "anomalies": [{"mission": "m-2", "code": "no_show_disputed", "position": 15}],
    }
    text = page(ask, answering, account)

    assert "Reports of conduct that wait for a person\n  2026-03-01 09:00  unwanted contact  m-9  #12\n" in text
    assert "Documents that are expired now\n  2026-03-02 09:00  background check  #14\n" in text
    assert f"record pro.conduct_confirmed {ACTIVE['pro']} 'report=r 1' by=NAME reason=TEXT  or pro.conduct_dis" in text
    assert "record mission.no_show_confirmed m-2 by=NAME" in text


def test_what_became_of_the_decisions_beside_the_one_in_force(ask: Ask, answering: AnsweringLedger) -> None:
    told = {"summary": "restriction by engine", "time": "2026-03-01T10:30:00Z", "reason": None}
    ended = {"time": "2026-03-05T09:00:00Z", "summary": "identity verified", "position": 13}
    decisions = [
        told | {"position": 5, "until": "2026-03-03T10:30:00Z"},
        told | {"position": 7, "ended_by": ended},
        told | {"position": 9, "defect": "warning_after_second_no_show"},
    ]
    text = flat(page(ask, answering, EXCLUDED | {"decisions": decisions}))
    assert "Decided before" in text
    assert "restriction by engine (until 2026-03-03 10:30) #5" in text
    assert "restriction by engine (ended 2026-03-05 09:00: identity verified, #13) #7" in text
    assert "(defect of procedure: the one warning came only after the second no-show had happened) #9" in text

    later = told | {"position": EXCLUDED["decision"]["position"] + 1}
    assert "Also decided" in page(ask, answering, EXCLUDED | {"decisions": [later]})


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"reports": 1, "confirmed": 0}, "1 report waiting for a person"),
        ({"reports": 0, "confirmed": 2}, "2 confirmed reports"),
        ({"reports": 2, "confirmed": 1, "unexpired_warnings": 1}, "1 confirmed report, 2 reports waiting for a person"),
        ({"expired": 1}, "1 expired document"),
        ({"city": "lyon", "late": 3}, "lyon: 3 late cancellations"),
    ],
)
def test_figures_in_short(figures: dict[str, Any], words: str) -> None:
    assert sentences.figures_in_short(figures) == words
