"""What follows from facts, whoever worked it out: the log, or a replay. Two of these can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from ledger.billing import Line
from ledger.entries import Entry
from ledger.instants import to_text

DISTINGUISHING = ("ladder", "kind", "until")
"""What, beside rule, time and figures, makes two findings about a pro different ones."""

Key = tuple[str, str, str, int, bytes]


@dataclass(frozen=True)
class Found:
    """One event of the engine. `position` and `event` are None where nothing of it is recorded.

    `evidence` are positions of the log; `cause` is the fact that triggered it, None where that is not known.
    """

    type: str
    pro: str
    at: int
    data: dict[str, Any]
    evidence: tuple[int, ...]
    position: int | None
    event: str | None
    cause: Entry | None

    @property
    def rule(self) -> str:
        """The rule that found it."""
        return str(self.data.get("rule") or "")

    @cached_property
    def key(self) -> Key:
        """Two findings with the same key are the same finding: subject, type, rule, time, kind or ladder, figures."""
        told = [self.data.get("figures"), *(self.data.get(name) for name in DISTINGUISHING)]
        return self.type, self.pro, self.rule, self.at, orjson.dumps(told, option=orjson.OPT_SORT_KEYS)

    def document(self) -> dict[str, Any]:
        """As `replay --json` lists it."""
        named = {name: self.data[name] for name in ("ladder", "kind", "until", "by", "policy") if self.data.get(name)}
        return {
            "type": self.type,
            "pro": self.pro,
            "rule": self.rule,
            "time": to_text(self.at),
            **named,
            "position": self.position,
            "event": self.event,
            "figures": dict(sorted((self.data.get("figures") or {}).items())),
            "evidence": list(self.evidence),
            "cause": named_event(self.cause) if self.cause else None,
        }


def found(entry: Entry, cause: Entry | None, *, recorded: bool, at_log: Callable[[int], int] = int) -> Found:
    """A finding from the engine's event; `at_log` turns the positions of its evidence into those of the log."""
    data = entry.data
    return Found(
        entry.type,
        entry.subject,
        entry.at,
        data,
        tuple(sorted(at_log(position) for position in data.get("evidence") or ())),
        entry.position if recorded else None,
        entry.id if recorded else None,
        cause,
    )


def named_event(entry: Entry) -> dict[str, Any]:
    """A recorded event in short."""
    mission = entry.subject if entry.type.startswith("mission.") else None
    return {
        "event": entry.id,
        "position": entry.position,
        "type": entry.type,
        "mission": mission,
        "time": to_text(entry.at),
    }


@dataclass(frozen=True)
class LeftOut:
    """A fact that would now be refused: `position` is the log's, `code` and `message` those of the refusal."""

    entry: Entry
    code: str
    message: str

    def document(self) -> dict[str, Any]:
        """As `replay --json` lists it."""
        return {
            "event": self.entry.id,
            "position": self.entry.position,
            "type": self.entry.type,
            "subject": self.entry.subject,
            "code": self.code,
            "message": self.message,
        }


@dataclass
class Consequences:
    """What follows for some pros: findings in order, access (a level) by pro, billing lines by mission.

    `unfounded` are people's decisions on a proposal that does not follow from the facts.
    """

    findings: list[Found] = field(default_factory=list)
    access: dict[str, int] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    unfounded: list[Entry] = field(default_factory=list)


def lines_by_mission(lines: Iterable[Line]) -> dict[str, Line]:
    """Lines by their mission; a mission has one at most."""
    return {line.mission: line for line in lines}
