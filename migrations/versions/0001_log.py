"""Runs sql/0001_log.sql. There is no way back: going back would mean losing what was recorded."""

from ledger.store.migration import apply

revision = "0001"
down_revision = None


def upgrade() -> None:
    apply("0001_log.sql")
