"""What a batch of events touched, so that each projection writes every row once per commit."""

from __future__ import annotations

from collections.abc import Callable

from ledger.entries import Entry


class Touched:
    """Rows to write. Pros and lines come with the position of the last event that touched them.

    What is written is judged by the policies known at that position, so that it does not depend on where a batch ends.
    Dicts rather than sets: the same events give the same statements.
    """

    __slots__ = (
        "cities",
        "complaining",
        "damages",
        "invoices",
        "lapsed",
        "lines",
        "missions",
        "proposals",
        "pros",
        "reconsidered",
        "refolded_missions",
        "refolded_pros",
        "reviewed",
        "warnings",
        "withdrawn",
    )

    def __init__(self) -> None:
        self.missions: dict[str, None] = {}
        self.pros: dict[str, int] = {}
        self.cities: dict[tuple[str, str], None] = {}  # (pro, city) whose figures changed
        self.lapsed: dict[tuple[str, str], None] = {}  # (pro, mission) of refused and expired proposals
        self.lines: dict[str, int] = {}
        self.damages: dict[str, None] = {}  # missions whose damage file, if they have one, may have changed
        self.warnings: list[Entry] = []
        self.invoices: list[Entry] = []
        self.proposals: dict[str, None] = {}
        self.refolded_missions: dict[str, None] = {}  # a void changed what had been written
        self.refolded_pros: dict[str, None] = {}
        self.complaining: dict[str, None] = {}  # pros whose complaints, or what they contest, may have changed
        self.reconsidered: dict[int, int] = {}  # fact → the event that changed whether it counts
        self.withdrawn: dict[int, None] = {}  # voided policies and baselines, by which pros may have been judged
        self.reviewed: dict[str, None] = {}  # pros whose findings, or what they rest on, may have changed


Handler = Callable[[Touched, Entry], None]


def ignore(touched: Touched, entry: Entry) -> None:
    """This event says nothing to this projection."""
