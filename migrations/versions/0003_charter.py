"""Runs sql/0003_charter.sql. There is no way back: going back would mean losing what was recorded."""

from ledger.store.migration import apply

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    apply("0003_charter.sql")
