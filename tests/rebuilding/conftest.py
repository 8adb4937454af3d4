"""A ledger with rows in every projection."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.store.database import Database
from tests.importing.histories import written
from tests.importing.ledgers import imported
from tests.verification.tampering import documents


@pytest.fixture
def honest(database: Database, tmp_path: Path) -> Database:
    """Of several pros, with warnings, a proposal, anomalies, late arrivals, voids and bills."""
    imported(database, written(tmp_path / "h.ndjson", documents()))
    return database
