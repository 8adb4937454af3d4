"""A real ledger whose account of a pro is told as a page, as a statement, and as JSON."""

from __future__ import annotations

from typing import Any

from asking import AnsweringLedger, Ask

from ledger.instants import parse_us
from projections.live import LiveLedger


class Telling:
    """What `why` says about the pros of a ledger; `now` is its clock."""

    def __init__(self, ledger: LiveLedger, ask: Ask, answering: AnsweringLedger, now: str) -> None:
        self.ledger = ledger
        self.now = now
        self._ask = ask
        self._answering = answering
        ledger.clock = lambda: parse_us(self.now)

    def record(self, *documents: dict[str, Any]) -> list[int]:
        """Record them in one commit; their positions."""
        outcomes = self.ledger.record(list(documents), live=False)
        for each in outcomes:
            assert each.status == "recorded", each.error
        return [each.position for each in outcomes if each.position is not None]

    def json(self, pro: str = "p-1") -> dict[str, Any]:
        return self.ledger.why(pro)

    def page(self, pro: str = "p-1", *options: str) -> str:
        """The page as one line."""
        return " ".join(self.lines(pro, *options).split())

    def lines(self, pro: str = "p-1", *options: str) -> str:
        self._answering.answers["why"] = self.ledger.why(pro)
        said = self._ask("why", pro, *options)
        assert (said.code, said.err) == (0, "")
        return said.out

    def statement(self, pro: str = "p-1") -> str:
        return self.page(pro, "--statement")

    def sound(self) -> None:
        """Nothing that is stored differs from what is derived."""
        assert self.ledger.verify(progress=lambda done, of: None)["first_difference"] is None
