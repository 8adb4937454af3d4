"""A policy that was checked before is taken as it stands, and is the one the models would read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given, settings

from ledger.policies import shipped
from ledger.policies.document import from_document, from_toml, plain
from ledger.policies.policy import Policy
from ledger.policies.sections import Terms
from ledger.policies.shipped import DEFAULT, preset, preset_toml, recorded
from ledger.policies.spelling import canonical

from .made import documents

WHOLE = preset(DEFAULT).checked


def as_text(policy: Policy) -> bytes:
    """The document with the order of its keys."""
    return orjson.dumps(policy.document())


def stored(policy: Policy) -> dict[str, Any]:
    """The document as the log holds it: its keys sorted."""
    read: dict[str, Any] = orjson.loads(orjson.dumps(policy.document(), option=orjson.OPT_SORT_KEYS))
    return read


def test_the_default_preset_is_read_without_models_as_with_them() -> None:
    assert as_text(preset(DEFAULT)) == as_text(from_toml(preset_toml(DEFAULT), origin="preset"))


@given(documents())
@settings(max_examples=200, deadline=None)
def test_what_was_recorded_is_taken_as_it_stands(document: dict[str, Any]) -> None:
    policy = from_document(document)
    assert canonical(stored(policy), WHOLE)
    assert recorded(stored(policy), origin="e-1") == policy
    assert as_text(recorded(stored(policy), origin="e-1")) == as_text(from_document(stored(policy)))


@given(documents())
@settings(max_examples=200, deadline=None)
def test_what_it_says_in_a_place_is_what_the_models_say(document: dict[str, Any]) -> None:
    policy = from_document(document)
    for city in ("", "nowhere", *policy.city):
        terms = policy.for_city(city)
        assert policy.values(city) == {key: plain(getattr(terms, key)) for key in Terms.model_fields}


def without(document: dict[str, Any]) -> None:
    del document["rating"]["window"]


def with_a_number(document: dict[str, Any]) -> None:
    document["billing"]["vat"] = 0


def with_a_number_by_service(document: dict[str, Any]) -> None:
    document["billing"]["commission_by_service"]["cleaning"] = 0


def not_in_utc(document: dict[str, Any]) -> None:
    document["effective_from"] = "2018-06-01T02:00:00+02:00"


def with_a_null(document: dict[str, Any]) -> None:
    document["cancellation"]["window"]["days"] = None


def with_a_later_default(document: dict[str, Any]) -> None:
    document["due_process"]["grace_days"] = 0


def with_no_city(document: dict[str, Any]) -> None:
    document["city"] = {}


def with_a_number_in_a_city(document: dict[str, Any]) -> None:
    document["city"] = {"lyon": {"rating": {"minimum": 4}}}


@pytest.mark.parametrize(
    "spelled",
    [
        without,
        with_a_number,
        with_a_number_by_service,
        not_in_utc,
        with_a_null,
        with_a_later_default,
        with_no_city,
        with_a_number_in_a_city,
    ],
)
def test_another_spelling_is_read_by_the_models(spelled: Callable[[dict[str, Any]], None]) -> None:
    # given an event of another program, whose document means a policy but is not spelled as ours
    document = preset(DEFAULT).document()
    spelled(document)
    assert not canonical(document, WHOLE)
    # then its hash and its values are those under which it was recorded
    assert as_text(recorded(document, origin="e-1")) == as_text(from_document(document))
    assert shipped.recorded(document, origin="e-1").document() != document
