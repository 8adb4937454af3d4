"""A ledger with rows in every projection."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.store.database import Database
from tests.verification.tampering import recorded


@pytest.fixture
def honest(database: Database, tmp_path: Path) -> Database:
    """Of several pros, with warnings, a proposal, anomalies, late arrivals, voids, and a month closed and invoiced."""
    recorded(database, tmp_path)
    return database
