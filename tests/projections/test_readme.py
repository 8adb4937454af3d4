"""The README's promises name tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_that_the_readme_names_exists() -> None:
    promises = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| ")]
    named = re.findall(r"(tests/[\w/]+\.py)(?:::(\w+))?", "\n".join(promises))
    assert len(named) > 8
    for path, test in named:
        source = (ROOT / path).read_text()
        assert not test or f"def {test}(" in source, f"{path}::{test}"
