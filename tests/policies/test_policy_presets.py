"""The presets say what their sources say, and a policy is found under every name a person may give it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from fractions import Fraction
from pathlib import Path

import pytest

import ledger
from ledger.errors import Misused, Refused
from ledger.policies.linting import lint
from ledger.policies.shipped import load, preset, preset_toml, presets

ROOT = Path(ledger.__file__).parents[1]


def test_presets_of_the_contract_are_shipped_clean() -> None:
    assert presets() == ["mila-2018-06", "wecasa-ch", "eu-2026"]
    for name in presets():
        assert lint(preset_toml(name), name) == []
        assert preset(name) is preset(name)


@pytest.mark.parametrize("name", ["mila-2018-06", "wecasa-ch", "eu-2026"])
def test_a_preset_writes_out_every_value_with_its_source(name: str) -> None:
    # given the file as it is shipped: nothing is left to a default
    text = preset_toml(name)
    written = tomllib.loads(text)
    document = preset(name).values("")
    assert {key: set(each) for key, each in written.items() if isinstance(each, dict)} == {
        key: set(each) for key, each in document.items() if isinstance(each, dict)
    }
    assert text.count("#") > 20
    assert all(len(line) <= 120 for line in text.splitlines())


def test_mila() -> None:
    mila, terms = preset("mila-2018-06"), preset("mila-2018-06").terms
    assert mila.name == "mila@2018-06"
    assert (terms.decision, terms.no_show.confirmation, terms.cancellation.denominator) == (
        "automatic",
        "none",
        "accepted",
    )
    assert terms.rating.window == 50
    assert mila.commission_rate("cleaning", "paris") == Fraction(18, 100)


def test_wecasa_in_switzerland() -> None:
    wecasa, terms = preset("wecasa-ch"), preset("wecasa-ch").terms
    late = terms.late_cancellation
    assert (late.threshold_hours, late.count, late.window_days, late.restrict_hours) == (24, 3, 30, 48)
    assert terms.billing.closes == "end_of_next_local_day"
    assert terms.client_absent.wait_minutes == 20
    assert wecasa.checkin_replaces_wait("cleaning", "geneva")
    assert wecasa.fee_cap("geneva") == (4000, "CHF")
    assert Fraction(terms.billing.vat) == Fraction(81, 1000)


def test_europe() -> None:
    europe = preset("eu-2026").terms
    assert (europe.decision, europe.no_show.confirmation) == ("human", "required")
    assert europe.cancellation.denominator == "accepted_and_due"
    due = europe.due_process
    assert (due.policy_notice_days, due.termination_notice_days, due.complaint_months) == (15, 30, 6)


def test_a_policy_is_named_by_preset_version_or_file(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text("\ufeff" + preset_toml("eu-2026").replace("\n", "\r\n"), encoding="utf-8")
    assert load("eu-2026") == load("eu@2026") == load(str(file)) == preset("eu-2026")


@pytest.mark.parametrize("name", ["eu-2025", "", "mila@2019", "a\nb", "x" * 5000, "a\0b", "../presets"])
def test_an_unknown_name_is_one_line(name: str) -> None:
    with pytest.raises(Misused) as caught:
        load(name)
    assert caught.value.code == "unknown_policy"
    assert caught.value.message.isprintable()
    with pytest.raises(Misused):
        preset_toml(name)


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'id = "caf\xe9"')
    for name in (tmp_path / "none.toml", tmp_path / "latin.toml", "a\0.toml"):
        with pytest.raises(Misused) as caught:
            load(str(name))
        assert caught.value.code == "unreadable_file"
        assert caught.value.message.isprintable()


def test_a_file_that_is_no_policy_is_refused_under_its_name(tmp_path: Path) -> None:
    file = tmp_path / "bad\nname.toml"
    file.write_text("id = 3")
    with pytest.raises(Refused) as caught:
        load(str(file))
    assert "bad\\nname.toml: id = 3 is not allowed" in caught.value.message
    assert caught.value.message.isprintable()


def test_importing_the_register_stays_cheap() -> None:
    # policies, that in force among them, bring none of the libraries that make a command slow to start
    code = "import sys; from ledger.policies.register import Register; Register.empty(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    slow = {"pydantic", "numba", "numpy", "pyarrow", "psycopg", "eventsourcing", "rich", "click", "difflib"}
    assert not slow & set(done.stdout.split())
