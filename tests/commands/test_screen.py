"""Into a pipe pages are written without rich, as rich would write them."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from asking import ROOT
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from commands import output
from commands.screen import PIPE_WIDTH, Screen, wrapped
from commands.text import escaped

TEXTS = st.text(st.one_of(st.sampled_from("ab c  é«\u00a0»日🙂-"), st.characters()), max_size=80).map(escaped)


@given(TEXTS, st.integers(4, 30))
def test_lines_are_broken_where_rich_breaks_them(text: str, width: int) -> None:
    console = Console(file=io.StringIO(), width=width)
    assert wrapped(text, width) == [each.plain.rstrip() for each in Text(text).wrap(console, width)]


def page(screen: Screen) -> None:
    output.heading(screen, "A heading")
    output.paragraph(screen, "« Gardez votre taux d'annulation bas » " * 5, indent=4, style="dim")
    screen.print()
    output.line(screen, "a line\x1b[31m" + "x" * 300, style="bold red")


def test_without_a_terminal_a_page_has_no_styles() -> None:
    pipe, terminal = io.StringIO(), io.StringIO()
    page(Screen(pipe))
    page(Screen(terminal, Console(file=terminal, width=PIPE_WIDTH, force_terminal=True, color_system="standard")))
    assert "\x1b" not in pipe.getvalue()
    assert "\x1b[1mA heading\x1b[0m" in terminal.getvalue()
    # but the same text
    assert Text.from_ansi(terminal.getvalue()).plain.splitlines() == pipe.getvalue().splitlines()


@pytest.mark.parametrize(
    ("forced", "is_terminal"), [({}, False), ({"FORCE_COLOR": "1"}, True), ({"NO_COLOR": "1"}, False)]
)
def test_people_may_ask_for_styles_in_a_pipe(
    forced: dict[str, str], is_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in forced.items():
        monkeypatch.setenv(name, value)
    assert Screen(io.StringIO()).is_terminal is is_terminal


def test_a_page_without_a_table_imports_no_rich_into_a_pipe() -> None:
    program = """
import sys
from commands import output
screen = output.console()
output.heading(screen, "a"); output.paragraph(screen, "é", style="bold"); output.line(screen, "b"); screen.print()
sys.exit("rich.console" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
