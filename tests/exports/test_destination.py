"""Where an export goes."""

from __future__ import annotations

from io import TextIOWrapper

import pytest

from commands.export_file import written


def test_a_writer_that_closes_what_it_was_given_leaves_stdout_open(capfd: pytest.CaptureFixture[str]) -> None:
    with written(None) as out:
        text = TextIOWrapper(out, encoding="utf-8")
        text.write("a row\n")
        text.close()  # as an abandoned wrapper does, when the reader of a pipe has gone

    print("more")  # noqa: T201
    assert capfd.readouterr().out == "a row\nmore\n"
