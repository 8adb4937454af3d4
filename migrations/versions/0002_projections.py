"""Runs sql/0002_projections.sql. There is no way back: going back would mean losing what was recorded."""

from ledger.store.migration import apply

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    apply("0002_projections.sql")
