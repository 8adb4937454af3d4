"""The same told again: findings, access and bills derived under other assumptions. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ledger.instants import parse_us
from projections.columns import upkeep
from projections.known import last_position
from projections.live.opened import Opened
from projections.replay import speeds

if TYPE_CHECKING:
    from ledger.policies.policy import Policy
    from projections.replay.extent import Known


class Replays(Opened):
    """What follows from the facts, compared with what is recorded."""

    def replay(
        self,
        pros: Sequence[str] = (),
        *,
        known_at: str | int | None = None,
        as_of: str | None = None,
        order: str = "recorded",
        policy: Policy | None = None,
        without: Sequence[int] = (),
        speed: str = speeds.AUTOMATIC,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> dict[str, Any]:
        """Findings, access and bills derived again, and how they differ from the record.

        `known_at` is an instant (RFC 3339) or a position, `as_of` an instant; `without` are positions; `speed` is one
        of `speeds.SPEEDS`.
        """
        from projections.replay.replaying import Question, replay

        question = Question(
            pros=tuple(pros),
            known=self._known(known_at),
            as_of=parse_us(as_of) if as_of is not None else None,
            order=order,
            policy=policy,
            without=tuple(without),
            speed=speed,
        )
        if not pros:
            self._columns(speed, progress)
        return replay(self.connection, self.database, question, now=self.clock(), progress=progress)

    def simulate(
        self,
        policy: Policy,
        *,
        since: str | None = None,
        speed: str = speeds.AUTOMATIC,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> dict[str, Any]:
        """What a policy would have done to whom, in force from an instant (RFC 3339) or at any time.

        `speed` is one of `speeds.SPEEDS`.
        """
        from projections.replay.simulating import simulate

        self._columns(speed, progress)
        since_us = parse_us(since) if since is not None else None
        return simulate(self.connection, policy, since=since_us, now=self.clock(), progress=progress, speed=speed)

    def replay_period(
        self,
        period: str,
        *,
        policy: Policy | None = None,
        known_at: str | int | None = None,
        speed: str = speeds.AUTOMATIC,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> dict[str, Any]:
        """A closed month derived again from the facts, and what differs. `known_at` and `speed` as for `replay`."""
        from projections import period_replay

        question = period_replay.Question(period=period, policy=policy, known=self._known(known_at), speed=speed)
        entries = period_replay.closed_period(self.connection, period).data["lines"]
        if speeds.compiles_month(speed, last_position(self.connection), entries):
            self._pack(last_position(self.connection), progress)
        return period_replay.replay_period(self.connection, self.database, question, progress=progress)

    def _known(self, known_at: str | int | None) -> Known | None:
        from projections.replay import extent

        if isinstance(known_at, int):
            return extent.known_at(self.connection, known_at)
        return extent.known_by(self.connection, parse_us(known_at)) if known_at is not None else None

    def _columns(self, speed: str, progress: Callable[[int, int], None]) -> None:
        """Make the columns of a log that has none to speak of, before all of it is told by compiled code."""
        position = last_position(self.connection)
        if speeds.compiles(speed, position):
            self._pack(position, progress)

    def _pack(self, position: int, progress: Callable[[int, int], None]) -> None:
        """Pack what is not packed yet, while the rules are compiled if they never were."""
        from projections.compiled import machine_code

        machine_code.prepare()
        upkeep.pack_many(self.connection, position, progress)
