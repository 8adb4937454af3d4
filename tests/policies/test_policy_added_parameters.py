"""A parameter added later changes neither the document nor the hash of a policy that was recorded without it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson
import pytest

from ledger.policies.document import Policy, from_document, from_toml
from ledger.policies.linting import lint
from ledger.policies.parameters import parameters
from ledger.policies.shipped import preset, preset_toml, presets
from ledger.policies.writing import to_toml

from .made import HEAD

# As they were recorded, named in findings' accounts and printed before any parameter was added.
RECORDED = {
    "mila-2018-06": "4b99fc9c9ca5dd3fc9dc9172c72e5527d7105bd1dd2b0a8565c2cb3461d2fc1c",
    "wecasa-ch": "034d2bf487aed14c397961d68867c965c5c0fb9164ad771d9cedfddc4582fd34",
    "eu-2026": "2d1ca100602a4c70c01da65d0ba3dbfdf8fefd9ccacc532ef0af2b32f3bd1d5e",
}
DAY_SECONDS = 86_400


def policy(text: str) -> Policy:
    return from_toml(HEAD + text, origin="p.toml")


def test_every_preset_keeps_the_hash_under_which_it_was_recorded() -> None:
    assert {name: preset(name).sha256 for name in presets()} == RECORDED


@pytest.mark.parametrize("name", presets())
def test_a_document_recorded_before_is_the_same_policy_today(name: str) -> None:
    # given the document as it was stored, without the parameter
    stored: dict[str, Any] = preset(name).document()
    assert "grace_days" not in stored["due_process"]
    # then reading it gives the same hash, and the parameter at the value that changes nothing
    again = from_document(orjson.loads(orjson.dumps(stored)))
    assert again.sha256 == RECORDED[name] == sha256(orjson.dumps(stored, option=orjson.OPT_SORT_KEYS)).hexdigest()
    assert again == preset(name)
    assert again.terms.due_process.grace_days == parameters(again, "lyon").grace_seconds == 0


def test_given_otherwise_it_is_in_the_document_and_makes_another_policy() -> None:
    with_grace, without = policy("[due_process]\ngrace_days = 30\n"), policy("")
    assert with_grace.document()["due_process"]["grace_days"] == 30
    assert with_grace != without
    assert without == policy("[due_process]\ngrace_days = 0\n")
    assert from_document(with_grace.document()) == with_grace
    assert parameters(with_grace, "lyon").grace_seconds == 30 * DAY_SECONDS


def test_a_city_may_take_it_back_to_the_default() -> None:
    """What a city overrides is written as it is: left out, the city would get the policy's own value."""
    given = policy("[due_process]\ngrace_days = 30\n[city.lyon.due_process]\ngrace_days = 0\n")
    for each in (given, from_document(given.document()), from_toml(to_toml(given), origin="p.toml")):
        assert (each.for_city("lyon").due_process.grace_days, each.for_city("paris").due_process.grace_days) == (0, 30)
        assert each == given
    assert given.document()["city"] == {"lyon": {"due_process": {"grace_days": 0}}}


def test_a_file_shows_it_and_a_fault_is_told() -> None:
    assert "grace_days = 0 " in to_toml(preset("mila-2018-06"))
    assert all("grace_days = 0 " in preset_toml(name) for name in presets())
    (fault,) = lint(HEAD + "[due_process]\ngrace_days = -1\n", "p.toml")
    assert str(fault) == (
        "p.toml: error: due_process.grace_days = -1 is not allowed: write a whole number of days from 0 to 36500"
    )
    (typing,) = lint(HEAD + "[due_process]\ngrace_day = 3\n", "p.toml")
    assert "did you mean due_process.grace_days?" in typing.message
