"""The pro's recourse from the command line: complaints, reviews, and what a decision must bring."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from accounts import ACTIVE, EXCLUDED, standing
from asking import AnsweringLedger, Ask
from test_script import lines, missed, request, requested, wire

from commands.review_sentences import closing

SAID = ("--by", "A. Favre", "--reason", "papers seen")


def excluded(script: Ask) -> None:
    """pro-7 missed two missions; its first warning came before the second."""
    history = []
    for mission, day in (("m-1", "02"), ("m-2", "04")):
        asked = request(mission)
        asked["data"]["starts_at"] = f"2026-03-{day}T09:00:00+01:00"
        history += [
            asked,
            wire(f"{mission}-accepted", "mission.accepted", mission, "2026-03-01T09:00:00Z", pro="pro-7"),
            wire(f"{mission}-missed", "mission.no_show", mission, f"2026-03-{day}T12:00:00Z", reported_by="client"),
        ]
    assert script("import", "-", stdin=lines(*history)).code == 0


def test_a_complaint_from_its_opening_to_the_reinstatement(script: Ask) -> None:
    excluded(script)
    opened = script("complaint", "open", "pro-7", "--text", "I was in hospital", "--time", "2026-03-05", "--json").json
    assert (opened["status"], opened["event"]["type"]) == ("recorded", "pro.complaint_opened")
    assert opened["event"]["data"]["decision"] == opened["complaint"]["contested"]["event"]
    assert (opened["complaint"]["last_day"], opened["complaint"]["late"]) == ("2026-09-04", False)
    assert script("record", "pro.complaint_opened", "pro-7", "--time", "2026-09-05").code == 0
    about = script("complaint", "open", "pro-7", "--decision", "#4", "--time", "2026-03-06", "--json").json["complaint"]
    assert about["contested"]["kind"] == "warning"
    answered = script("complaint", "decide", "pro-7", "--complaint", "#12", "--outcome", "upheld", *SAID)
    assert "to withdraw it: mission-ledger void '#4'" in answered.out

    listed = script("complaint", "list")
    assert "hospital" not in listed.out
    assert "exclusion #9 of 2026-03-04" in listed.out
    assert "2026-09-04 (late)" in listed.out
    assert len(script("complaint", "list", "--pro", "pro-7", "--open", "--json").json["complaints"]) == 2
    stored = script("events", "--type", "pro.complaint_opened").out.splitlines()
    assert orjson.loads(stored[0])["data"]["text"] == "I was in hospital"

    answer = ("complaint", "decide", "pro-7", "--outcome", "upheld", "--time", "2026-09-07")
    nameless = script(*answer, "--by", "A. Favre", "--json")
    assert (nameless.code, nameless.error["code"]) == (1, "no_statement")
    assert script(*answer, "--by", "engine", "--reason", "x", "--json").error["code"] == "human_required"
    decided = script(*answer, *SAID)
    assert decided.code == 0
    assert "access is unchanged; to give it back: mission-ledger decide pro-7 --reinstate" in decided.out
    assert script("standing", "pro-7", "--json").json["access"] == "excluded"
    first, _, second = script("complaint", "list", "--json").json["complaints"]
    assert (first["status"], first["decided"]["by"], second["status"]) == ("decided", "A. Favre", "open")

    assert script("decide", "pro-7", "--reinstate", *SAID).code == 0
    rejected = script("complaint", "decide", "pro-7", "--outcome", "rejected", *SAID, "--json").json
    assert rejected["complaint"]["decided"]["outcome"] == "rejected"
    again = script("complaint", "decide", "pro-7", "--outcome", "rejected", *SAID, "--json")
    assert (again.code, again.error["code"]) == (1, "invalid_transition")
    year = script("complaint", "stats", "--year", "2026", "--json").json
    assert (year["complaints"], year["late"], year["outcomes"]["upheld"]) == (3, 1, 2)
    assert "about no_show" in script("complaint", "stats", "--year", "2026").out
    assert script("verify").code == 0


def test_where_nothing_was_decided(script: Ask) -> None:
    requested(script, "m-1")
    script("record", "mission.accepted", "m-1", "pro=pro-7", "--time", "2026-03-01T09:00:00Z")
    opened = script("complaint", "open", "pro-7")
    assert opened.code == 0
    assert "no decision and no warning is recorded that it could contest" in opened.out
    assert "nothing recorded yet" in script("complaint", "list").out
    named = script("complaint", "open", "pro-7", "--decision", "e-1", "--json")
    assert (named.code, named.error["code"]) == (1, "unknown_event")
    assert script("complaint", "open", "pro-9", "--json").error["code"] == "unknown_pro"
    assert script("complaint", "list", "--pro", "pro-9", "--json").error["code"] == "unknown_pro"
    assert script("complaint", "decide", "pro-7", "--outcome", "won", *SAID).code == 2
    assert script("complaint", "stats").code == 2


def test_a_rejected_no_show_is_to_be_reviewed(script: Ask) -> None:
    excluded(script)
    assert script("reviews", "--json").json["reviews"] == []
    ruled = script("record", "mission.no_show_rejected", "m-1", "by=A. Favre", "reason=she was there", "--json")
    assert ruled.code == 0

    warning, decision = script("reviews", "--pro", "pro-7", "--json").json["reviews"]
    assert (warning["kind"], decision["kind"], decision["reason"]) == ("warning", "decision", "no_show_rejected")
    said = script("reviews", "--pro", "pro-7").out
    assert "a person found that it did not happen (#10, by A. Favre: « she was there »)" in said
    assert "mission-ledger decide pro-7 --suspend --kind KIND --rule no_show" in said
    why = script("why", "pro-7").out
    assert "To be reviewed" in why
    assert "rests on #3" in why
    assert "2 findings rest on facts that no longer stand" in script("standing", "pro-7").out
    assert script("reviews", "--pro", "pro-9", "--json").error["code"] == "unknown_pro"

    keep = ("decide", "pro-7", "--suspend", "--kind", "exclusion", "--rule", "no_show", *SAID)
    assert script(*keep).code == 0
    assert script("reviews", "--json").json["reviews"] == []
    assert script("standing", "pro-7", "--json").json["access"] == "excluded"
    assert script("verify").code == 0


def test_a_void_says_what_rested_on_it(script: Ask) -> None:
    excluded(script)
    by = ("--by", "A. Favre", "--reason", "another pro")
    said = script("void", "m-1-missed", *by)
    assert said.out.endswith("2 reviews opened: mission-ledger reviews --pro pro-7\n")
    again = script("void", "m-2-missed", *by, "--json").json
    assert [(each["kind"], each["fact"]["event"]) for each in again["reviews"]] == [("decision", "m-2-missed")]
    script("record", "pro.registered", "pro-7", "--id", "registered")
    nothing = script("void", "registered", *by)
    assert (nothing.code, "reviews" in nothing.out) == (0, False)


def test_a_warning_before_a_reinstatement_is_marked(script: Ask) -> None:
    excluded(script)
    missed(script, "m-9", 2)  # again by pro-7: it is excluded already
    asked = request("m-8")
    history = [asked, wire("m-8-a", "mission.accepted", "m-8", "2026-03-01T09:00:00Z", pro="pro-8")]
    history += [wire("m-8-x", "mission.no_show", "m-8", "2026-03-02T12:00:00Z", reported_by="client")]
    script("import", "-", stdin=lines(*history))

    def marked() -> list[tuple[str, bool]]:
        listed = script("warnings", "--json").json["warnings"]
        for pro in ("pro-7", "pro-8"):
            mine = [each["on_ladder"] for each in listed if each["pro"] == pro]
            assert [each["on_ladder"] for each in script("standing", pro, "--json").json["warnings"]] == mine
            assert [each["on_ladder"] for each in script("why", pro, "--json").json["warnings"]] == mine
        return [(each["pro"], each["on_ladder"]) for each in listed]

    assert marked() == [("pro-7", True), ("pro-8", True)]
    assert script("decide", "pro-7", "--reinstate", *SAID, "--id", "back").code == 0
    assert marked() == [("pro-7", False), ("pro-8", True)]
    for page in (script("warnings").out, script("standing", "pro-7").out):
        assert page.count("no longer counts") == 1
    assert "no longer counts" not in script("standing", "pro-8").out
    assert script("void", "back", *SAID).code == 0
    assert marked() == [("pro-7", True), ("pro-8", True)]


def test_a_void_of_a_link_says_what_rested_on_it(script: Ask) -> None:
    excluded(script)
    history = []
    for mission, pro, day in (("m-3", "pro-8", "06"), ("m-4", "pro-9", "08")):
        asked = request(mission)
        asked["data"]["starts_at"] = f"2026-03-{day}T09:00:00+01:00"
        history += [asked, wire(f"{mission}-a", "mission.accepted", mission, "2026-03-01T09:00:00Z", pro=pro)]
        history += [wire(f"{mission}-x", "mission.no_show", mission, f"2026-03-{day}T12:00:00Z", reported_by="client")]
    link = wire("lk2", "pro.accounts_linked", "pro-8", "2026-03-01T08:00:00Z", accounts=["pro-9"], by="A. Favre")
    assert script("import", "-", stdin=lines(link, *history)).code == 0
    assert script("standing", "pro-9", "--json").json["access"] == "excluded"

    said = script("void", "lk2", "--by", "A. Favre", "--reason", "two sisters")
    assert said.out.endswith("1 review opened: mission-ledger reviews --pro pro-9\n")
    (review,) = script("reviews", "--json").json["reviews"]
    assert (review["pro"], review["reason"], review["cause"]["type"]) == ("pro-9", "link_voided", "ledger.event_voided")
    shown = " ".join(script("why", "pro-9").out.split())
    assert "since the link of the two was declared wrong" in shown
    assert "two sisters" in shown


def test_an_erasure_says_what_it_destroyed(script: Ask) -> None:
    secret = request("m-1")
    secret["data"] |= {"client": "ynaa-1", "comment": "the code is 4711"}
    bare = request("m-2")
    bare["data"]["client"] = "ynaa-2"
    script("import", "-", stdin=lines(secret, bare))
    erase = ("record", "ledger.subject_erased")
    said = ("by=A. Favre", "reason=asked for it")

    misspelt = script(*erase, "ynaa", *said, "--json")
    assert (misspelt.code, misspelt.json["key_destroyed"]) == (0, False)
    assert "4711" in script("events", "--mission", "m-1").out
    nothing = script(*erase, "ynaa-2", *said)
    assert (nothing.code, "destroyed: nothing" in nothing.out) == (0, True)
    key = (*erase, "ynaa-1", *said, "--id", "e-1", "--time", "2026-04-01")
    gone = script(*key)
    assert (gone.code, "destroyed: the key of ynaa-1" in gone.out) == (0, True)
    assert "destroyed" not in script(*key).out
    assert script(*key, "--json").json["key_destroyed"] is False
    assert "4711" not in script("events", "--mission", "m-1").out


def test_a_decision_brings_its_notice_and_its_proof(script: Ask) -> None:
    missed(script, "m-1", 2)
    termination = ("decide", "pro-7", "--suspend", "--kind", "termination", *SAID, "--json")
    ahead = script(*termination, "--notified-at", "2200-01-01")
    assert (ahead.code, ahead.error["code"]) == (1, "future_event")
    later = script(*termination, "--notified-at", "2026-03-01", "--time", "2200-01-01")
    assert later.error["code"] == "future_event"
    assert "record it on that day" in later.error["message"]
    repeated = ("--notice-exception", "repeated_infringement", "--evidence")
    assert script(*termination, *repeated, "#3").error["code"] == "notice_too_short"
    assert script(*termination, *repeated, "#3", "--evidence", "#99").error["code"] == "unknown_event"
    assert script(*termination, *repeated, "#3", "--evidence", "e-none").error["code"] == "unknown_event"
    assert script(*termination, *repeated, "#3", "--evidence", "#4").json["status"] == "recorded"
    assert (
        script("policy", "publish", "wecasa-ch", "--notified-at", "2200-01-01", "--json").error["code"]
        == "future_event"
    )


def test_a_restriction_that_was_proposed_ends_after_the_hours_of_the_policy(script: Ask, tmp_path: Any) -> None:
    file = tmp_path / "policy.toml"
    preset = script("policy", "show", "--preset", "mila-2018-06").out
    changed = preset.replace('decision = "automatic"', 'decision = "human"').replace('"2018-06"', '"2"')
    changed = changed.replace("2018-06-01T", "2026-01-01T").replace("count = 3", "count = 1", 1)
    file.write_text(changed)
    published = script("policy", "publish", str(file), "--force", "--time", "2025-12-01", "--json")
    assert published.code == 0, published.err
    history = tmp_path / "history.ndjson"
    history.write_bytes(
        lines(
            request("m-1"),
            wire("a-1", "mission.accepted", "m-1", "2026-03-01T09:00:00Z", pro="pro-7"),
            wire("c-1", "mission.cancelled", "m-1", "2026-03-02T07:00:00Z", by="pro"),
        )
    )
    assert script("import", str(history)).code == 0
    assert [each["kind"] for each in script("standing", "pro-7", "--json").json["proposals"]] == ["restriction"]

    decided = script("decide", "pro-7", "--suspend", *SAID, "--time", "2026-03-02T12:00:00Z", "--json").json
    assert decided["event"]["data"]["until"] == "2026-03-04T12:00:00Z"


REVIEW: dict[str, Any] = {
    "pro": "pro-chloe",
    "kind": "decision",
    "event": "suspended-205",
    "position": 205,
    "time": "2026-03-20T10:30:00Z",
    "rule": "no_show",
    "reason": "fact_voided",
    "fact": EXCLUDED["evidence"][0] | {"by": None, "reason": None},
    "cause": {"position": 300, "by": "A. \x1b[1mFavre", "reason": "wrong\nmission"},
}


def test_the_page_shows_what_is_reviewed_and_what_was_voided(ask: Ask, answering: AnsweringLedger) -> None:
    voided = {"summary": "suspension by ines", "position": 90, "time": "2026-03-01T10:30:00Z", "reason": None}
    lifted = voided | {"position": 95, "fallen": [{"position": 61}], "dated_back": True}
    answering.answers["why"] = EXCLUDED | {"reviews": [REVIEW], "decisions": [voided | {"voided": True}, lifted]}
    text = " ".join(ask("why", "pro-chloe").out.split())

    assert "The decision #205 under no_show rests on #61 no-show reported by the client, mission m-11" in text
    assert "declared wrong (#300, by A. \\x1b[1mFavre: « wrong\\nmission »)." in text
    assert "suspension by ines (voided) #90" in text
    assert "suspension by ines (dated back; rests on #61, no longer standing) #95" in text
    assert "mission-ledger reviews --pro pro-chloe" in text


@pytest.mark.parametrize("reviews", [[], [REVIEW, REVIEW]])
def test_the_standing_says_that_something_is_to_be_reviewed(
    ask: Ask, answering: AnsweringLedger, reviews: list[dict[str, Any]]
) -> None:
    answering.answers["standing"] = standing("pro-chloe", "excluded", reviews=reviews)
    said = "To be reviewed: 1 finding rests on facts that no longer stand; mission-ledger reviews --pro pro-chloe"
    assert (said in ask("standing", "pro-chloe").out) is bool(reviews)


def test_nothing_to_review(ask: Ask, answering: AnsweringLedger) -> None:
    answering.answers |= {"reviews": {"position": 7, "reviews": []}, "why": ACTIVE}
    assert ask("reviews").out == "0 reviews; up to #7\n"
    assert "To be reviewed" not in ask("why", "pro-amina").out


def test_a_statement_of_reasons(script: Ask) -> None:
    excluded(script)
    said = script("why", "pro-7", "--statement")
    text = " ".join(said.out.split())
    assert said.out.startswith("STATEMENT OF REASONS\nTo pro-7, ")
    assert "pro-7 is excluded since 4 March 2026, 12:00 UTC, with no end set." in text
    assert "2026-03-02 12:00 m-1 no-show reported by the client m-1-missed #3" in text
    assert "2026-03-04 12:00 m-2 no-show reported by the client m-2-missed #7" in text
    assert "client-3" not in text
    assert "« Nous ne vous avertirons qu'une seule fois" in text
    assert "Policy mila@2018-06, sha256 " in text
    assert "in time until the end of 4 September 2026 (UTC)" in text
    why = script("why", "pro-7", "--json").json
    assert why["complaint"] == {"deadline": "2026-09-05T00:00:00Z", "last_day": "2026-09-04"}

    script("decide", "pro-7", "--reinstate", *SAID)
    nothing = script("why", "pro-7", "--statement")
    assert (nothing.code, "(no_decision)" in nothing.err) == (1, True)
    assert script("why", "pro-7", "--json").json["complaint"] is None


def test_a_statement_by_a_person_without_a_rule(ask: Ask, answering: AnsweringLedger) -> None:
    decision = EXCLUDED["decision"] | {
        "by": "Ines",
        "reason": "second \x1baccount",
        "rule": None,
        "kind": "termination",
    }
    account = EXCLUDED | {"decision": decision, "rule": None, "figures": {}, "evidence": []}
    answering.answers["why"] = account
    text = " ".join(ask("why", "pro-chloe", "--statement").out.split())
    assert "The termination was decided by Ines, giving the reason « second \\x1baccount »" in text
    assert "no rule of the engine found it" in text


def test_a_reviews_calls_name_the_rule_of_their_proposal() -> None:
    """Two rules may have proposed to remove one pro, and `decide` wants to know which is meant."""
    open_proposals = [{"kind": "proposal", "pro": "pro-9", "rule": rule} for rule in ("no_show", "cancellation.rate")]

    calls = [[call for _, call, _ in closing(each)] for each in open_proposals]

    said, dismissal = "--by NAME --reason TEXT", "decide pro-9 --dismiss --by NAME --reason TEXT"
    assert calls == [
        [f"decide pro-9 --suspend --rule no_show {said}", dismissal],
        [f"decide pro-9 --suspend --rule cancellation.rate {said}", dismissal],
    ]
