"""Help: there for every command, with an example, and quick because nothing heavy is imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from asking import ROOT, Ask

from commands.lazy import LazyGroup
from commands.main import COMMANDS, cli

HEAVY = ("pydantic", "psycopg", "rich", "numba", "alembic", "sqlalchemy", "ledger.events", "projections")


def _every_command() -> list[tuple[str, ...]]:
    names: list[tuple[str, ...]] = []
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        names.append((name,))
        if isinstance(command, LazyGroup):
            names += [(name, each) for each in command.list_commands(context)]
    return names


@pytest.mark.parametrize("path", _every_command(), ids=" ".join)
def test_every_command_has_help_with_an_example_and_the_shared_options(ask: Ask, path: tuple[str, ...]) -> None:
    said = ask(*path, "--help")
    assert said.code == 0
    assert f"  mission-ledger {path[0]}" in said.out
    assert "Example" in said.out
    assert "--json" in said.out
    assert "--database" in said.out


def test_the_table_names_every_command_of_the_contract(ask: Ask) -> None:
    said = ask("--help")
    for name in COMMANDS:
        assert f"\n  {name} " in said.out
    assert ask().out == said.out  # without a command


def test_the_help_of_billing_says_which_policy_gives_what(ask: Ask) -> None:
    said = " ".join(ask("billing", "--help").out.split())
    assert "Only completed missions bear a commission, at the rate of the policy in force at acceptance" in said
    assert "its share and its cap are those of the policy in force at the absence" in said


def test_help_imports_nothing_heavy() -> None:
    program = f"""
import sys
from commands.main import run
run(['--help'])
loaded = [name for name in {HEAVY!r} if name in sys.modules]
sys.exit(f'imported: {{loaded}}' if loaded else 0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


_MAIN = "from commands.main import main; main()"


def test_version(ask: Ask) -> None:
    said = ask("--version")
    assert said.code == 0
    assert said.out.startswith("mission-ledger ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion_has_a_script(shell: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _MAIN],
        capture_output=True,
        cwd=ROOT,
        env={"_MISSION_LEDGER_COMPLETE": f"{shell}_source", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        check=False,
    )
    assert b"_MISSION_LEDGER_COMPLETE" in done.stdout


def test_completion_offers_commands_and_event_types(tmp_path: Path) -> None:
    def offered(words: str, number: int) -> str:
        environment = {"_MISSION_LEDGER_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(number)}
        done = subprocess.run(
            [sys.executable, "-c", _MAIN], capture_output=True, cwd=ROOT, env=environment, check=False
        )
        return done.stdout.decode()

    assert "plain,standing" in offered("mission-ledger sta", 1)
    assert "plain,mission.accepted" in offered("mission-ledger record mission.acc", 2)
