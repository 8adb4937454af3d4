"""Questions about the terms that events are judged by: policies and the bounds of cities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ledger.instants import parse_us, to_text
from projections.live.opened import Opened

if TYPE_CHECKING:
    from ledger.policies.policy import Policy


class Terms(Opened):
    """The policies and baselines that are known."""

    def policies(self) -> list[dict[str, Any]]:
        """Every version that was published, voided ones too, and the preset that applies before them."""
        from projections import policy_reading

        return policy_reading.policies(self.connection, now=self.clock())

    def policy(self, name: str) -> Policy:
        """A policy by file, preset or `id@version`, a voided one too."""
        from projections import policy_reading

        return policy_reading.policy(self.connection, name)

    def ends_at(self, rule: str, city: str, time: str) -> str | None:
        """When a removal under a rule that starts at this time ends by itself; None: it does not."""
        from ledger.rulebook import RULE

        lasts = RULE[rule].lasts(self.register().parameters(parse_us(time), city))
        return to_text(parse_us(time) + lasts) if lasts else None

    def baselines(self) -> dict[str, Any]:
        """The bounds in force in every city."""
        from projections import city_baselines

        return city_baselines.baselines(self.connection, self.register(), now=self.clock())

    def baselines_of(self, city: str) -> dict[str, Any]:
        """One city's bounds, and every baseline published for it."""
        from projections import city_baselines

        return city_baselines.history(self.connection, self.register(), city, now=self.clock())

    def computed_baselines(self, cities: Sequence[str], *, at: int) -> dict[str, Any]:
        """What the figures up to an instant make of the bounds of these cities, or of all; records nothing."""
        from projections import city_baselines

        return city_baselines.computed(self.connection, self.register(), cities, at=at)
