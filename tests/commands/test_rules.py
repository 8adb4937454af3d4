"""`rules`: the sentence of the charter, what we decided, what never counts, and which numbers are in force where."""

from __future__ import annotations

from fractions import Fraction

import orjson
import pytest
from asking import AnsweringLedger, Ask

from ledger.instants import parse_us
from ledger.policies.document import Policy, from_document
from ledger.policies.merging import merged
from ledger.policies.parameters import NAMES, Baseline
from ledger.policies.register import Register
from ledger.policies.shipped import preset
from ledger.rulebook import RULE, RULES
from ledger.rulebook.advice import ADVICE
from ledger.rulebook.terms import parameters_of


def made(version: str, since: str, **sections: object) -> Policy:
    document = merged(preset("mila-2018-06").document(), sections)
    return from_document(document | {"id": "ours", "version": version, "effective_from": since}, origin="a test")


PARIS = {"cancellation": {"min_accepted": 5}, "no_show": {"exclude_at": 3}}
NOW_IN_FORCE = made("1", "2026-03-01T00:00:00Z", city={"paris": PARIS})
NEXT = made("2", "2026-05-01T00:00:00Z", cancellation={"average": "0.01"})
LYON = Baseline("lyon", Fraction("0.02"), Fraction("0.03"), Fraction("4.50"), 17, "city/desk baseline-lyon")


@pytest.fixture
def published(answering: AnsweringLedger) -> Register:
    """On 1 April 2026: version 1 is in force, version 2 is known, Lyon has a baseline of 20 March."""
    register = Register.empty().with_policy(NOW_IN_FORCE, 11, "desk ours-1").with_policy(NEXT, 12, "desk ours-2")
    register = register.with_baseline(LYON, parse_us("2026-03-20T00:00:00Z"), 17)
    answering.answers["register"] = register
    return register


def test_the_parameters_in_force_today_and_since_when(published: Register, ask: Ask) -> None:
    document = ask("rules", "cancellation.rate", "--json").json

    assert (document["policy"], document["in_force_since"]) == ("ours@1", "2026-03-01T00:00:00Z")
    assert (document["event"], document["position"], document["city"]) == ("ours-1", 11, None)
    (rule,) = document["rules"]
    assert rule["parameters"] == {
        "cancellation.min_accepted": 20,
        "cancellation.average": "0.04",
        "cancellation.maximum": "0.06",
        "cancellation.window.kind": "all",
        "cancellation.denominator": "accepted",
        "warnings.max": 3,
        "warnings.cooldown_days": 14,
        "warnings.expiry_days": 180,
        "decision": "automatic",
    }
    assert rule["not_counted"] == list(RULE["cancellation.rate"].not_counted)
    assert document["advice"] == []


def test_the_cities_whose_numbers_are_others(published: Register, ask: Ask) -> None:
    (rule,) = ask("rules", "cancellation.rate", "--json").json["rules"]

    assert [(each["city"], each["by"], each["parameters"]) for each in rule["cities"]] == [
        (
            "lyon",
            {"kind": "baseline", "since": "2026-03-20T00:00:00Z", "event": "baseline-lyon", "position": 17},
            {"cancellation.average": "0.02", "cancellation.maximum": "0.03"},
        ),
        (
            "paris",
            {"kind": "override", "since": "2026-03-01T00:00:00Z", "event": "ours-1", "position": 11},
            {"cancellation.min_accepted": 5},
        ),
    ]


def test_a_city_whose_difference_is_no_business_of_the_rule_is_left_out(published: Register, ask: Ask) -> None:
    by_rule = {each["id"]: [city["city"] for city in each["cities"]] for each in ask("rules", "--json").json["rules"]}

    assert by_rule["no_show"] == ["paris"]
    assert by_rule["rating.minimum"] == by_rule["rating.approaching"] == ["lyon"]
    assert by_rule["cancellation.late"] == by_rule["conduct.violence"] == by_rule["documents.expired"] == []


def test_one_city_as_it_has_them(published: Register, ask: Ask) -> None:
    (rule,) = ask("rules", "cancellation.rate", "--city", "lyon", "--json").json["rules"]

    assert rule["parameters"]["cancellation.average"] == "0.02"
    assert [each["city"] for each in rule["cities"]] == ["lyon"]
    (other,) = ask("rules", "cancellation.rate", "--city", "lille", "--json").json["rules"]
    assert (other["parameters"]["cancellation.average"], other["cities"]) == ("0.04", [])


def test_a_policy_that_is_named(published: Register, ask: Ask) -> None:
    document = ask("rules", "cancellation.rate", "--policy", "ours@2", "--json").json

    assert (document["policy"], document["event"]) == ("ours@2", "ours-2")
    assert document["rules"][0]["parameters"]["cancellation.average"] == "0.01"
    named = ask("rules", "cancellation.rate", "--policy", "wecasa-ch", "--json").json
    assert (named["policy"], named["event"], named["position"]) == ("wecasa-ch@2024-01", None, None)


def test_with_nothing_published_the_preset_applies(answering: AnsweringLedger, ask: Ask) -> None:
    answering.answers["register"] = Register.empty()

    document = ask("rules", "no_show", "--json").json
    assert (document["policy"], document["position"], document["rules"][0]["cities"]) == ("mila@2018-06", None, [])


def test_people_read_the_sentence_the_decisions_and_the_numbers(published: Register, ask: Ask) -> None:
    text = ask("rules", "cancellation.rate").out

    for words in (
        "cancellation.rate – leads to suspension",
        "« Chaque ville a un taux d'annulation maximum",
        "In English: Every city has a maximum cancellation rate",
        "Where the charter is silent, we decided",
        "What never counts",
        "Refusing or missing a proposal",
        "In force under ours@1",
        "since 1 March 2026, 00:00 UTC (#11, event ours-1)",
        "Other in lyon, by its published baseline, since 20 March 2026, 00:00 UTC (#17, event baseline-lyon)",
        "Other in paris, as the policy overrides them, since 1 March 2026, 00:00 UTC (#11, event ours-1)",
        "2.00 %",
    ):
        assert words in " ".join(text.split()), words


def test_the_whole_book_closes_with_what_is_no_rule(published: Register, ask: Ask) -> None:
    text = " ".join(ask("rules", "--all").out.split())

    for rule in RULES:
        assert f"{rule.id} – leads to {rule.removal}" in text
        assert " ".join(rule.citations[0].sentence.split()) in text
    for each in ADVICE:
        assert " ".join(each.sentence.split()) in text
        assert f"No rule ({each.row}): {' '.join(each.why.split())}" in text
    assert f"{len(ADVICE)} sentences of the charters are no rules" in ask("rules").out
    assert ask("rules", "--json").json["advice"] == orjson.loads(orjson.dumps([each._asdict() for each in ADVICE]))
    assert ask("rules", "no_show", "--all").code == 2


def test_every_parameter_of_a_rule_is_one_that_changes_what_it_reads() -> None:
    """Found from the functions: each is a parameter, no rule misses those its section of the policy is about."""
    names = set(NAMES)
    for rule in RULES:
        assert set(parameters_of(rule)) <= names
    late = parameters_of(RULE["cancellation.late"])
    assert set(late) == {name for name in names if name.startswith("late_")} | {"decision_automatic"}
    negative = parameters_of(RULE["rating.negative"])
    assert set(negative) == {name for name in names if name.startswith("negative_")} | {"decision_automatic"}
    missed = parameters_of(RULE["no_show"])
    assert set(missed) == {name for name in names if name.startswith("no_show_")} | {"decision_automatic"}
    rate = parameters_of(RULE["cancellation.rate"])
    assert {name for name in names if name.startswith("cancellation_")} <= set(rate)
