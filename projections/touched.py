"""What a batch of events touched, so that each projection writes every row once per commit."""

from __future__ import annotations

from collections.abc import Callable

from ledger.entries import Entry


class Touched:
    """Rows to write. Dicts rather than sets where order matters: the same events give the same statements."""

    __slots__ = ("lapsed", "lines", "missions", "proposals", "pros", "refolded_missions", "refolded_pros", "warnings")

    def __init__(self) -> None:
        self.missions: dict[str, None] = {}
        self.pros: dict[str, None] = {}
        self.lapsed: dict[tuple[str, str], None] = {}  # (pro, mission) of refused and expired proposals
        self.lines: dict[str, None] = {}
        self.warnings: list[Entry] = []
        self.proposals: dict[str, None] = {}
        self.refolded_missions: dict[str, None] = {}  # a void changed what had been written
        self.refolded_pros: dict[str, None] = {}


Handler = Callable[[Touched, Entry], None]


def ignore(touched: Touched, entry: Entry) -> None:
    """This event says nothing to this projection."""
