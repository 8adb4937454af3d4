"""What was known of policies and baselines at each position of the log.

A replay must judge an event by what was recorded when the event was, not by what was published since; so every state of
the register is kept with the position from which it was known.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from fractions import Fraction

from ledger.entries import Entry
from ledger.errors import Refused
from ledger.instants import NEVER, from_us, parse_us
from ledger.policies.parameters import Baseline
from ledger.policies.policy import Policy
from ledger.policies.register import Publication, Register, notice_refusal
from ledger.policies.shipped import recorded


class Chronicle:
    """The registers of policies and baselines, by the position from which each was known."""

    __slots__ = ("_positions", "_registers")

    def __init__(self, first: Register | None = None) -> None:
        self._positions: list[int] = [0]
        self._registers: list[Register] = [first or Register.empty()]

    def at(self, position: int) -> Register:
        """The register as it was known when the event at this position was recorded."""
        if position > self._positions[-1]:
            return self._registers[-1]
        return self._registers[max(0, bisect_left(self._positions, position) - 1)]

    def spans(self) -> list[tuple[int, Register]]:
        """Every register there was, with the position behind which it was known: 0, then those of what changed it."""
        return list(zip(self._positions, self._registers, strict=True))

    def policy(self, name: str, position: int) -> Policy:
        """The version called `id@version` as it was known before a position, also one that was withdrawn since.

        What was frozen by a version keeps naming it, whatever became of the version.
        """
        known = self._registers[: max(1, bisect_left(self._positions, position))]
        for register in reversed(known):
            for publication in register:
                if publication.policy.name == name:
                    return publication.policy
        policy = known[0].in_force(NEVER)
        assert policy.name == name, f"{name} was never known"
        return policy

    def published(self) -> list[Publication]:
        """Every version that was ever published, in order of recording, also those that were withdrawn since."""
        known = {each.position: each for register in self._registers for each in register}
        return [known[position] for position in sorted(known)]

    @property
    def latest(self) -> Register:
        """The register as it is known now."""
        return self._registers[-1]

    def publish(self, entry: Entry) -> None:
        """Learn a policy or a baseline from its event. `Refused` leaves the chronicle as it was."""
        from ledger.policies.document import from_document  # noqa: PLC0415  pydantic: only where something is recorded

        self._learn(entry, from_document)

    def restore(self, entry: Entry) -> None:
        """Learn again what `publish` learned when the event was recorded, which was checked then."""
        self._learn(entry, recorded)

    def _learn(self, entry: Entry, read: Callable[..., Policy]) -> None:
        if entry.type == "policy.published":
            self._record(entry.position, _with_policy(self.latest, entry, read))
        else:
            self._record(entry.position, _with_baseline(self.latest, entry))

    def withdraw(self, position: int, source: str, event_id: str) -> None:
        """From the void at this position on, what that event published is no longer known."""
        self._record(position, self.latest.without(_key(source, event_id)))

    def _record(self, position: int, register: Register) -> None:
        assert position > self._positions[-1]
        self._positions.append(position)
        self._registers.append(register)


def _key(source: str, event_id: str) -> str:
    """Source and id together name an event; neither holds a space."""
    return f"{source} {event_id}"


def _with_baseline(register: Register, entry: Entry) -> Register:
    data = entry.data
    baseline = Baseline(
        city=entry.subject,
        average=Fraction(data["average_cancellation_rate"]),
        maximum=Fraction(data["maximum_cancellation_rate"]),
        minimum_rating=Fraction(data["minimum_rating"]),
        position=entry.position,
        event_id=_key(entry.source, entry.id),
    )
    return register.with_baseline(baseline, entry.at, entry.position)


def _with_policy(register: Register, entry: Entry, read: Callable[..., Policy]) -> Register:
    data = entry.data
    policy = read(data["document"], origin=f"policy {entry.subject}")
    named = f"{entry.subject}@{data['version']}"
    if policy.name != named:
        raise Refused("invalid_event", f"the document is {policy.name}, the event says {named}")
    if policy.effective_from_us != parse_us(data["effective_from"]):
        raise Refused("invalid_event", "effective_from of the event and of the document differ")
    if any(each.policy.name == named for each in register):
        raise Refused("invalid_transition", f"{named} was published already; give the change a version of its own")
    if not data.get("forced"):
        notified = parse_us(data["notified_at"]) if data.get("notified_at") else entry.at
        refusal = notice_refusal(policy, from_us(notified))
        if refusal is not None:
            raise refusal
    return register.with_policy(policy, entry.position, _key(entry.source, entry.id), bool(data.get("forced")))
