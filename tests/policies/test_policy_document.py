"""A policy text gives an exact policy or one line that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ledger.errors import Refused
from ledger.policies.document import Policy, from_document, from_toml
from ledger.policies.shipped import preset
from ledger.policies.writing import to_toml

from .made import HEAD, documents


def refusal(text: str) -> Refused:
    with pytest.raises(Refused) as caught:
        from_toml(text, origin="p.toml")
    assert "\n" not in caught.value.message
    assert caught.value.message.isprintable()
    assert caught.value.message.startswith("p.toml")
    return caught.value


def policy_or_one_line(read: Callable[[], Policy]) -> None:
    outcome: Policy | Refused
    try:
        outcome = read()
    except Refused as refused:
        outcome = refused
    if isinstance(outcome, Policy):
        assert from_document(outcome.document()) == outcome
    else:
        assert outcome.code in {"invalid_policy", "naive_timestamp"}
        assert outcome.message.isprintable()


def test_what_a_file_leaves_out_is_as_in_the_default_preset() -> None:
    # given a file with nothing but its name
    policy = from_toml('id = "mila"\nversion = "2018-06"\neffective_from = 2018-06-01T00:00:00Z', origin="p.toml")
    # then it says what the preset says, value by value and as a whole
    assert policy.document() == preset("mila-2018-06").document()
    assert policy.sha256 == preset("mila-2018-06").sha256
    assert policy == preset("mila-2018-06")
    assert hash(policy) == hash(preset("mila-2018-06"))


def test_decimals_stay_exact_and_as_written() -> None:
    policy = from_toml(HEAD + '[rating]\nminimum = "4.20"\n[billing]\nvat = "0.077"\ncommission = 1', origin="p.toml")
    assert policy.terms.rating.minimum == Decimal("4.20")
    assert Fraction(policy.terms.billing.vat) == Fraction(77, 1000)
    assert policy.document()["rating"]["minimum"] == "4.20"
    assert policy.document()["billing"]["commission"] == "1"


def test_name_and_instant() -> None:
    policy = from_toml(HEAD.replace("Z", "+02:00"), origin="p.toml")
    assert policy.name == str(policy) == "m@1"
    assert policy.document()["effective_from"] == "2018-05-31T22:00:00Z"
    assert policy.effective_from_us == 1_527_804_000_000_000


def test_a_policy_is_frozen() -> None:
    policy = preset("mila-2018-06")
    with pytest.raises(ValidationError):
        policy.terms.rating.window = 3
    with pytest.raises(FrozenInstanceError):
        policy.checked = {}  # type: ignore[misc]
    with pytest.raises(AttributeError):
        policy.version = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("= 3", "is not TOML: Invalid statement (at line 1, column 1)"),
        ("x = " + "[" * 50_000, "is nested too deeply"),
        ("x = " + "9" * 5_000, "is not TOML"),
        ("", "id is missing: write a string of 1 to 128 characters"),
        (HEAD.replace('"1"', '"2018 06"'), 'version = "2018 06" is not allowed: write a string of 1 to 64'),
        (HEAD.replace('"1"', "2018.06"), "version = 2018.06 is not allowed"),
        (HEAD.replace('"m"', '"a@b"'), 'id = "a@b" is not allowed'),
        (HEAD + "x = 1", "x is unknown; known here: billing, cancellation,"),
        (HEAD + '"a\\nb" = 1', '"a\\nb" is unknown'),
        (HEAD + "[cancelation]", "cancelation is unknown; did you mean cancellation?"),
        (HEAD + "[cancellation]\nmin_acepted = 3", "did you mean cancellation.min_accepted?"),
        (HEAD + "cancellation = 3", "cancellation = 3 is not allowed: write a table [cancellation]"),
        (
            HEAD + "[cancellation]\naverage = 0.04",
            'cancellation.average = 0.04 is not exact: write it as a string "0.04"',
        ),
        (HEAD + "[rating]\nminimum = 4.2", 'rating.minimum = 4.2 is not exact: write it as a string "4.2"'),
        (HEAD + "[rating]\nminimum = true", "rating.minimum = true is not allowed"),
        (
            HEAD + '[rating]\nminimum = "4,20"',
            'rating.minimum = "4,20" is not allowed: write a decimal string from "0" to "5"',
        ),
        (HEAD + '[rating]\nminimum = "5.01"', 'rating.minimum = "5.01" is not allowed'),
        (HEAD + '[rating]\nminimum = "٤"', "is not allowed"),
        (HEAD + '[rating]\nminimum = "1e0"', "is not allowed"),
        (HEAD + '[rating]\nminimum = "-1"', "is not allowed"),
        (HEAD + '[rating]\nminimum = "4.1234567"', "is not allowed"),
        (
            HEAD + "[rating]\nwindow = 50.0",
            "rating.window = 50.0 is not allowed: write a whole number from 1 to 1000000",
        ),
        (HEAD + '[rating]\nwindow = "50"', 'rating.window = "50" is not allowed'),
        (HEAD + "[rating]\nwindow = true", "rating.window = true is not allowed"),
        (HEAD + "[rating]\nwindow = 0", "rating.window = 0 is not allowed"),
        (HEAD + '[cancellation]\naverage = "1.01"', 'write a decimal string from "0" to "1"'),
        (HEAD + '[cancellation]\naverage = "0.07"', 'cancellation.average = "0.07" is above the maximum 0.06'),
        (
            HEAD + '[cancellation]\nwindow = { kind = "days" }',
            'cancellation.window.days is missing: kind = "days" needs it',
        ),
        (HEAD + '[cancellation]\nwindow = { kind = "all", n = 3 }', 'window.n = 3 does not go with kind = "all"'),
        (HEAD + '[cancellation]\nwindow = { kind = "weeks" }', 'write one of "all", "days", "last_accepted"'),
        (HEAD + '[cancellation]\ndenominator = "due"', 'write one of "accepted", "accepted_and_due"'),
        (HEAD + '[billing]\ncloses = "never"', 'write one of "end_of_next_local_day"'),
        (HEAD + '[billing]\nrounding = "down"', 'write one of "half_up", "half_even"'),
        (HEAD + 'decision = "robot\\nx"', 'decision = "robot\\nx" is not allowed: write one of "automatic", "human"'),
        (HEAD + '[no_show]\nconfirmation = "maybe"', 'write one of "none", "required"'),
        (HEAD + "[no_show]\nwarn_at = 3", "no_show.warn_at = 3 is above exclude_at 2"),
        (HEAD + "[billing]\ncommission_by_service = { a = 0.1 }", "commission_by_service.a = 0.1 is not exact"),
        (HEAD + '[billing]\ncommission_by_service = { a = "2" }', 'commission_by_service.a = "2" is not allowed'),
        (HEAD + '[client_absent]\nfee_percent = "101"', 'write a decimal string from "0" to "100"'),
        (HEAD + '[client_absent]\nfee_cap = "40"', 'write a table such as { amount = "40.00", currency = "EUR" }'),
        (HEAD + '[client_absent]\nfee_cap = { amount = "1" }', "client_absent.fee_cap.currency is missing"),
        (HEAD + '[client_absent]\nfee_cap = { amount = "1.005", currency = "EUR" }', "EUR has 2 decimals"),
        (HEAD + '[client_absent]\nfee_cap = { amount = "1.5", currency = "JPY" }', "JPY has 0 decimals"),
        (HEAD + '[client_absent]\nfee_cap = { amount = "1", currency = "eur" }', "ISO 4217"),
        (HEAD + '[client_absent]\ncheckin_replaces_wait = ["a", "a"]', "names a service twice"),
        (HEAD + '[client_absent]\ncheckin_replaces_wait = "a"', "write a list of services"),
        (HEAD + '[damage]\ndocuments = ["photo"]', 'damage.documents = ["photo"] is not allowed: write a list out of'),
        (HEAD.replace("2018-06-01T00:00:00Z", '"2018-06-31T00:00:00Z"'), "is not allowed: write an RFC 3339 instant"),
        (
            HEAD.replace("2018-06-01T00:00:00Z", "0001-01-01T00:00:00+23:00"),
            "is not allowed: write an RFC 3339 instant",
        ),
        (HEAD.replace("2018-06-01T00:00:00Z", "3"), "effective_from = 3 is not allowed"),
    ],
)
def test_a_fault_is_one_line_naming_the_value_and_what_is_allowed(text: str, says: str) -> None:
    refused = refusal(text)
    assert refused.code == "invalid_policy"
    assert says in refused.message


@pytest.mark.parametrize("instant", ["2018-06-01T00:00:00", "2018-06-01", '"2018-06-01T00:00:00"', '"2018-06-01"'])
def test_an_instant_without_offset_is_refused_by_its_own_code(instant: str) -> None:
    refused = refusal(HEAD.replace("2018-06-01T00:00:00Z", instant))
    assert refused.code == "naive_timestamp"
    assert "effective_from" in refused.message


def test_several_faults_are_counted_and_all_kept_in_the_details() -> None:
    refused = refusal(HEAD + "[rating]\nwindow = 0\nmin_ratings = 0")
    assert "(and 1 more: `mission-ledger policy lint` lists them)" in refused.message
    assert [each.split(" ")[0] for each in refused.details["problems"]] == ["rating.window", "rating.min_ratings"]


@pytest.mark.parametrize("document", [[], 3, None, {"city": 3}, {"city": {"a": 3}}])
def test_a_document_of_another_shape_is_refused(document: object) -> None:
    with pytest.raises(Refused) as caught:
        from_document(document)  # type: ignore[arg-type]
    assert "\n" not in caught.value.message


@settings(max_examples=60, deadline=None)
@given(documents())
def test_document_json_document_and_toml_round_trip(raw: dict[str, object]) -> None:
    # given any valid policy
    policy = from_document(raw)
    # when it travels as JSON, the way policy.published carries it
    again = from_document(orjson.loads(orjson.dumps(policy.document())))
    # then nothing is lost, and its hash is the same
    assert again.document() == policy.document()
    assert again.sha256 == policy.sha256
    assert again == policy
    # and the same holds for the TOML that people read
    assert from_toml(to_toml(policy), origin="p.toml").document() == policy.document()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["", HEAD, HEAD + "[rating]\n", HEAD + "[city.a]\n", HEAD + "window = "]))
def test_no_text_brings_anything_but_a_policy_or_one_line(text: str, head: str) -> None:
    policy_or_one_line(lambda: from_toml(head + text, origin="p.toml"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_value_at_any_place_brings_anything_but_a_policy_or_one_line(data: st.DataObject) -> None:
    # given the whole default document with one value, or one section, replaced by anything
    document = preset("mila-2018-06").document()
    document["city"] = {"geneva": {key: dict(each) for key, each in document.items() if isinstance(each, dict)}}
    place = data.draw(st.sampled_from([document, document["city"], document["city"]["geneva"]]))
    key = data.draw(st.sampled_from(sorted(place)))
    if isinstance(place[key], dict) and data.draw(st.booleans()):
        place, key = place[key], data.draw(st.sampled_from(sorted(place[key])))
    place[key] = data.draw(json_values)
    # then it is a policy or a refusal of one line
    policy_or_one_line(lambda: from_document(document))
