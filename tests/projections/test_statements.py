"""The SQL files as the driver reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from projections.statements import FOLDER

STATEMENTS = sorted(FOLDER.glob("*.sql"))


@pytest.mark.parametrize("file", STATEMENTS, ids=lambda file: file.stem)
def test_a_percent_sign_is_doubled_only_where_there_are_parameters(file: Path) -> None:
    """Without any, the driver sends the text as it is: a doubled sign then asks for something that no index has."""
    text = file.read_text()
    assert "%(" in text or "%%" not in text
