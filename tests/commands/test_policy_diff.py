"""`policy diff`: sentences for people, a document for programs, and no database where none is needed."""

from __future__ import annotations

from pathlib import Path

import pytest
from asking import Ask

from ledger.policies.shipped import preset, preset_toml


@pytest.fixture
def ours(tmp_path: Path) -> str:
    """Mila's policy, stricter at one place, and milder in lyon at another."""
    file = tmp_path / "ours.toml"
    text = preset_toml("mila-2018-06").replace('version = "2018-06"', 'version = "2026-04"')
    text = text.replace('maximum = "0.06"', 'maximum = "0.05"')
    file.write_text(text + "\n[city.lyon.warnings]\nmax = 4\n")
    return str(file)


def test_each_difference_is_a_sentence(ask: Ask, ours: str) -> None:
    said = ask("policy", "diff", "mila-2018-06", ours)
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    sha = preset("mila-2018-06").sha256
    assert lines[0] == f"a  mila@2018-06, effective from 2018-06-01 00:00 UTC, sha256 {sha}"
    assert lines[1].startswith("b  mila@2026-04, effective from 2018-06-01 00:00 UTC, sha256 ")
    assert lines[2:] == [
        "everywhere",
        "  cancellation.maximum: 6.00 % → 5.00 %: the city's maximum cancellation rate; stricter",
        "in lyon",
        "  warnings.max: 3 warnings → 4 warnings: unexpired warnings after which removal is proposed; milder",
    ]
    assert "no difference in paris" not in ask("policy", "diff", "mila-2018-06", ours, "--city", "paris").out


def test_the_document_for_programs(ask: Ask, ours: str) -> None:
    said = ask("policy", "diff", "mila-2018-06", ours, "--json")
    document = said.json
    assert document["a"] == {
        "policy": "mila@2018-06",
        "sha256": preset("mila-2018-06").sha256,
        "effective_from": "2018-06-01T00:00:00Z",
    }
    assert document["b"]["policy"] == "mila@2026-04"
    assert document["differences"] == [
        {
            "path": "cancellation.maximum",
            "city": None,
            "a": "0.06",
            "b": "0.05",
            "text": "the city's maximum cancellation rate",
            "effect": "stricter",
            "not_in": [],
        },
        {
            "path": "warnings.max",
            "city": "lyon",
            "a": 3,
            "b": 4,
            "text": "unexpired warnings after which removal is proposed",
            "effect": "milder",
            "not_in": [],
        },
    ]
    in_lyon = ask("policy", "diff", "mila-2018-06", ours, "--city", "lyon", "--json").json["differences"]
    assert [(each["path"], each["city"]) for each in in_lyon] == [
        ("cancellation.maximum", "lyon"),
        ("warnings.max", "lyon"),
    ]


def test_no_difference(ask: Ask, ours: str) -> None:
    assert ask("policy", "diff", ours, ours).out.endswith("no difference\n")
    assert ask("policy", "diff", ours, ours, "--json").json["differences"] == []
    renamed = Path(ours).with_name("renamed.toml")
    renamed.write_text(Path(ours).read_text().replace('"2026-04"', '"2026-05"'))
    said = ask("policy", "diff", ours, str(renamed))
    assert said.out.endswith("no difference in what they say: only name, start or spelling differ\n")


def test_a_published_version_is_found_by_its_name(script: Ask, ours: str) -> None:
    assert script("policy", "publish", ours, "--force").code == 0
    said = script("policy", "diff", "mila@2018-06", "mila@2026-04", "--json")
    assert said.code == 0, said.err
    assert [each["path"] for each in said.json["differences"]] == ["cancellation.maximum", "warnings.max"]
    unknown = script("policy", "diff", "mila@2018-06", "mila@1999", "--json")
    assert (unknown.code, unknown.error["code"]) == (2, "unknown_policy")
    nofile = script("policy", "diff", "mila-2018-06", "none.toml", "--json")
    assert (nofile.code, nofile.error["code"]) == (2, "unreadable_file")
