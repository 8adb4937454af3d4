"""`replay` and `policy simulate` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asking import AnsweringLedger, Ask
from test_script import lines, request, wire

CHLOE = "m-paris-0206.no_show"


@pytest.fixture
def demo(script: Ask, tmp_path: Path) -> Ask:
    """The real script on a ledger that holds the demo month."""
    import orjson

    from commands.demo.month import events

    file = tmp_path / "month.ndjson"
    file.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in events()))
    assert script("import", str(file)).code == 1  # some of its events must be refused
    return script


def missed(*pros: str) -> list[dict[str, Any]]:
    """A mission m-1, m-2 … of each, accepted and missed: the first on 2 March, all others on the 4th."""
    history = []
    for number, pro in enumerate(pros, 1):
        mission, day = f"m-{number}", "02" if number == 1 else "04"
        asked = request(mission)
        asked["data"]["starts_at"] = f"2026-03-{day}T09:00:00+01:00"
        history += [asked, wire(f"{mission}-a", "mission.accepted", mission, "2026-03-01T09:00:00Z", pro=pro)]
        history += [wire(f"{mission}-x", "mission.no_show", mission, f"2026-03-{day}T12:00:00Z", reported_by="client")]
    return history


def flat(text: str) -> str:
    return " ".join(text.split())


def test_before_anything_was_recorded_there_is_nothing_to_compare(demo: Ask) -> None:
    said = demo("replay", "--known-at", "2026-03-01").out
    assert "Nothing had been recorded by then" in said
    assert "Nothing differs" not in said


def test_the_demo_month_has_no_difference(demo: Ask) -> None:
    words, answer = demo("replay"), demo("replay", "--json").json

    assert (words.code, words.err) == (0, "")
    assert "Nothing differs: 10 findings, every access and every bill are as recorded." in flat(words.out)
    assert {"position", "policy", "findings", "pros_changed", "billing", "events", "seconds"} <= answer.keys()
    assert answer["findings"].keys() == {"recorded", "derived", "same", "missing", "extra"}
    assert answer["billing"].keys() == {"changed", "totals_recorded", "totals_derived"}
    assert answer["billing"]["totals_recorded"] == demo("billing", "--json").json["totals"]


def test_what_goes_and_because_of_what_in_words(demo: Ask) -> None:
    said = demo("replay", "pro-chloe", "--without", CHLOE, "--diff")

    text = flat(said.out)
    assert said.code == 0
    assert "pro-chloe would be active, and is excluded as recorded" in text
    assert "an exclusion of pro-chloe is proposed under no_show on 24 March 2026, 14:50 UTC, 2 no-shows (#590)" in text
    assert f"it rests on {CHLOE} (#589, mission.no_show of m-paris-0206), which is taken away" in text
    assert "pro-bruno" not in text


def test_a_bill_that_moves_names_its_event(demo: Ask) -> None:
    changed = "m-paris-0301.duration_modified"
    known = [each for each in demo("events", "--type", "mission.duration_modified").out.splitlines() if changed in each]
    assert known

    said = demo("replay", "--without", changed)

    assert "Bills that differ (1)" in said.out
    assert f"{changed} is taken away" in said.out
    assert "EUR recorded" in said.out


def test_the_replay_that_why_advises_can_be_run(demo: Ask) -> None:
    import shlex

    for pro in ("pro-bruno", "pro-chloe"):
        page = demo("why", pro).out
        (call,) = [line.split("  ")[0] for line in map(str.strip, page.splitlines()) if " replay " in line]
        said = demo(*shlex.split(call)[1:])
        assert (said.code, said.err) == (0, ""), call
        assert "Recorded, but does not follow" in said.out


UNANSWERABLE = (
    (("pro-nobody",), "unknown_pro", 1),
    (("--without", "e-none"), "unknown_event", 1),
    (("--without", "app/fr/e-none"), "unknown_event", 1),
    (("--without", "#4000"), "unknown_position", 2),
    (("--without", "warned-406"), "derived_event", 2),
    (("--known-at", "#4000"), "unknown_position", 2),
    (("--known-at", "2026-03-01T09:00:00"), "naive_timestamp", 1),
    (("--as-of", "yesterday"), "usage", 2),
    (("--order", "backwards"), "usage", 2),
    (("--policy", "nowhere.toml"), "unreadable_file", 2),
)


def test_what_cannot_be_replayed(demo: Ask) -> None:
    for arguments, code, exit_code in UNANSWERABLE:
        said = demo("replay", *arguments, "--json")
        assert (said.code, said.error["code"], said.out) == (exit_code, code, ""), arguments


def test_an_event_is_named_by_id_position_or_source(demo: Ask) -> None:
    by_id, by_position, by_source = (
        demo("replay", "--without", named, "--json").json for named in (CHLOE, "#589", f"app/fr/{CHLOE}")
    )

    assert by_id["without"] == by_position["without"] == by_source["without"]
    assert by_id["findings"] == by_position["findings"] == by_source["findings"]
    assert by_id["pros_changed"] == [
        {"pro": "pro-chloe", "access_recorded": "excluded", "access_derived": "active"},
    ]


def test_an_id_of_two_sources_asks_for_the_source(demo: Ask) -> None:
    done = demo("record", "pro.document_verified", "pro-chloe", "kind=photo", "--id", CHLOE)
    assert done.code == 0, done.err

    said = demo("replay", "--without", CHLOE)

    assert said.code == 2
    assert "write SOURCE/" in said.err
    assert demo("replay", "--without", f"app/fr/{CHLOE}").code == 0


def test_a_policy_is_simulated_and_a_faulty_one_refused(demo: Ask, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.toml"
    faulty.write_text('id = "x"\nversion = "1"\neffective_from = 2026-01-01T00:00:00Z\n[rating]\nminimum = 4.2\n')

    words, answer = demo("policy", "simulate", "eu-2026"), demo("policy", "simulate", "eu-2026", "--json").json
    refused = demo("policy", "simulate", str(faulty), "--json")

    assert words.code == 0
    assert "2 pros would have more access" in flat(words.out)
    assert "0 pros would have a removal proposed that was not; 1 pro at another time" in flat(words.out)
    assert (answer["policy"], answer["against"], answer["pros_reinstated"]) == ("eu@2026", "mila@2018-06", 2)
    assert {"pros_warned", "pros_suspended", "warnings_before", "warnings_after", "pros", "billing"} <= answer.keys()
    assert (refused.code, refused.error["code"]) == (1, "invalid_policy")


def test_names_with_odd_characters_do_not_break_the_page(ask: Ask, answering: AnsweringLedger) -> None:
    event = {"event": "e\x1b[31m\n9", "position": 9, "type": "mission.no_show", "mission": "m-1", "time": "2026-03-01"}
    finding: dict[str, Any] = {
        "type": "pro.warned",
        "pro": "p\u202e1",
        "rule": "no_show",
        "ladder": "no_show",
        "time": "2026-03-01T00:00:00Z",
        "position": 10,
        "event": "warned-10",
        "figures": {"no_shows": 1, "city": "lyon"},
        "evidence": [9],
        "why": [{**event, "role": "evidence", "because": "taken_away"}],
    }
    answering.answers["locate"] = ("app", "e-9", 9, "mission.no_show", "m-1")
    answering.answers["replay"] = {
        "position": 10,
        "policy": "mila@2018-06",
        "policy_assumed": False,
        "published": [],
        "order": "recorded",
        "as_of": None,
        "known_at": None,
        "pros": None,
        "findings": {"recorded": 40, "derived": 0, "same": False, "missing": [finding] * 40, "extra": []},
        "pros_changed": [],
        "billing": {"changed": [], "totals_recorded": {}, "totals_derived": {}},
        "without": [event],
        "voided": [],
        "left_out": [],
        "decisions_unfounded": [],
        "events": 10,
        "seconds": 0.0,
    }

    said = ask("replay", "--without", "e-9")

    assert said.code == 0
    assert "\x1b[31m" not in said.out
    assert "\u202e" not in said.out
    assert "and 20 more; --json has them all" in said.out


def test_a_removal_proposed_at_another_time_is_no_new_one(script: Ask) -> None:
    history = missed("pro-7", "pro-7", "pro-9")
    assert script("import", "-", stdin=lines(*history)).code == 0
    preset = script("policy", "show", "--preset", "mila-2018-06").out
    Path("once.toml").write_text(preset.replace("exclude_at = 2", "exclude_at = 1"))

    page = flat(script("policy", "simulate", "once.toml").out)

    told = "1 pro would have a removal proposed that was not; 1 pro at another time or on other figures"
    assert told in page
    assert "0 pros would get a warning that was not given (0 warnings instead of 2)" in page


def test_the_page_says_which_policy_the_facts_are_told_under(script: Ask) -> None:
    preset = script("policy", "show", "--preset", "mila-2018-06").out
    for version, since in (("1", "2026-01-01"), ("2", "2026-02-01")):
        text = preset.replace('id = "mila"', 'id = "ours"').replace('"2018-06"', f'"{version}"')
        Path(f"{version}.toml").write_text(text.replace("2018-06-01T", f"{since}T"))
    plain = script("replay")
    assert "told in the order they were recorded under mila@2018-06." in flat(plain.out)
    for version in ("1", "2"):
        assert script("policy", "publish", f"{version}.toml", "--force", "--time", "2026-01-01").code == 0
    published, assumed = script("replay", "--json").json, script("replay", "--policy", "ours@1", "--json").json

    assert "under the published versions (at the end ours@2)." in flat(script("replay").out)
    assert (published["policy"], published["policy_assumed"]) == ("ours@2", False)
    assert published["published"] == assumed["published"] == ["ours@1", "ours@2"]
    assert "with ours@1 in force at any time, whatever was published." in flat(
        script("replay", "--policy", "ours@1").out
    )
    assert (assumed["policy"], assumed["policy_assumed"]) == ("ours@1", True)


def test_the_event_that_made_the_difference_is_named(script: Ask) -> None:
    data = {"accounts": ["pro-8"], "by": "A. Favre"}
    history = [wire("lk2", "pro.accounts_linked", "pro-7", "2026-03-01T07:00:00Z", **data)]
    history += missed("pro-7", "pro-8", "pro-9")
    assert script("import", "-", stdin=lines(*history)).code == 0

    page = flat(script("replay", "--without", "lk2").out)

    assert "lk2 (#1, pro.accounts_linked of pro-7) is taken away" in page
    assert "because of m-2-x (#" in page
    assert "pro-9" not in page


def test_figures_alone_that_differ_are_one_line(ask: Ask) -> None:
    from commands.replay_findings import paired

    base = {"type": "pro.warned", "pro": "p-1", "rule": "no_show", "ladder": "no_show", "time": "t"}
    was, now = {**base, "figures": {"no_shows": 2}}, {**base, "figures": {"no_shows": 1}}
    other = {**base, "pro": "p-2", "figures": {"no_shows": 1}}

    assert paired([was], [other, now]) == ([(was, now)], [], [other])


def test_a_proposal_that_a_policy_leaves_to_people_is_not_said_to_be_missing(script: Ask) -> None:
    assert script("import", "-", stdin=lines(*missed("pro-7", "pro-7"))).code == 0

    page = flat(script("replay", "--policy", "eu-2026").out)

    assert "(#9): its proposal does not follow" in page  # eu-2026 also wants each no-show confirmed
    preset = script("policy", "show", "--preset", "mila-2018-06").out
    Path("human.toml").write_text(preset.replace('decision = "automatic"', 'decision = "human"'))
    page = flat(script("replay", "--policy", "human.toml").out)
    assert "pro-7 would be active, and is excluded as recorded" in page
    assert "(#9): its proposal follows, and is left to a person" in page
    assert "does not follow (1)" in page
    simulated = flat(script("policy", "simulate", "human.toml").out)
    assert "1 pro would have more access; 1 of them while a removal waits for a person" in simulated


def test_a_restriction_that_ends_at_another_time_says_so(ask: Ask) -> None:
    from commands.replay_findings import moved

    was = {"type": "pro.suspended", "pro": "p-1", "rule": "cancellation.late", "kind": "restriction", "position": 9}
    was |= {"time": "2026-03-02T09:00:00Z", "until": "2026-03-04T09:00:00Z", "figures": {}}

    assert moved(was, {**was, "until": "2026-03-05T09:00:00Z"}).endswith(
        "(#9): until 5 March 2026, 09:00 UTC instead of 4 March 2026, 09:00 UTC"
    )


def test_what_a_person_decided_by_confirming_a_report_is_not_said_to_be_the_engines(script: Ask) -> None:
    report = wire("r-1", "pro.conduct_reported", "pro-7", "2026-03-01T09:00:00Z", ground="violence", by="client-1")
    ruled = {"report": "r-1", "by": "A. Favre", "reason": "seen on video"}
    history = report, wire("r-2", "pro.conduct_confirmed", "pro-7", "2026-03-02T09:00:00Z", **ruled)
    assert script("import", "-", stdin=lines(*history)).code == 0

    page = flat(script("replay", "--without", "r-1").out)

    assert "the engine decides a suspension of pro-7 under conduct.violence on 1 March 2026" in page
    assert "A. Favre decides an exclusion of pro-7 under conduct.violence on 2 March 2026" in page


def test_a_mission_is_not_said_to_be_mentioned_nowhere(script: Ask) -> None:
    assert script("import", "-", stdin=lines(*missed("pro-7"))).code == 0
    for command in (["replay", "m-1"], ["why", "m-1"], ["standing", "m-1"], ["warnings", "m-1"]):
        assert "no event mentions a pro m-1;" in script(*command).err
