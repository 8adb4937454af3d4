"""Runs sql/0004_billing.sql. There is no way back: going back would mean losing what was recorded."""

from ledger.store.migration import apply

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    apply("0004_billing.sql")
