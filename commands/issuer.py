"""`--settings`: which file says who invoices and whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from ledger.settings import Settings
    from projections.live import LiveLedger

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def settings_option(command: Decorated) -> Decorated:
    """The option, given to the command as `settings_file`."""
    return click.option(
        "--settings",
        "settings_file",
        metavar="FILE",
        help="Issuer's settings (TOML). Default: $MISSION_LEDGER_SETTINGS, else billing.toml in the ledger's folder.",
    )(command)


def settings_of(ledger: LiveLedger, file: str | None) -> Settings:
    """The settings for a ledger. Misused (`unreadable_file`), Refused (`invalid_settings`)."""
    from ledger.settings import load

    return load(file, ledger.database.folder)
