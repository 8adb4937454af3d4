"""`--speed`: by which of two ways of working all pros are told again; both give the same answer."""

from __future__ import annotations

import click

from projections.replay.speeds import AUTOMATIC, SPEEDS

SPEED = click.option(
    "--speed",
    type=click.Choice(SPEEDS),
    default=AUTOMATIC,
    show_default=True,
    help="Tell everything in plain Python or by compiled code; auto takes what is quicker. The answer is the same.",
)
