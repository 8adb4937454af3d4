"""Runs sql/0005_columns.sql. There is no way back: going back would mean losing what was recorded."""

from ledger.store.migration import apply

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    apply("0005_columns.sql")
