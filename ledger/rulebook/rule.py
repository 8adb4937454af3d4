"""What a rule of the book consists of, and the charters it cites."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.policies.parameters import Parameters
from ledger.pros.figures import Movement
from ledger.pros.pro import Pro
from ledger.pros.records import SUSPENDED, ProEvent
from ledger.rules.figures import Figures, Ladder

MILA = "Mila, Charte de bonne conduite, juin 2018"
WECASA = "Wecasa, Les 9 choses essentielles à savoir en tant que pro"


@dataclass(frozen=True, kw_only=True)
class Citation:
    """Where a rule comes from: the charter, its place, its sentence in French, and an English gloss."""

    document: str
    place: str
    sentence: str
    gloss: str


def never_moved(movement: Movement, policy: Parameters) -> bool:
    """The rule does not react to missions."""
    return False


def never_heard(pro: Pro, event: ProEvent) -> bool:
    """The rule does not react to the pro's own events."""
    return False


def no_end(policy: Parameters) -> int:
    """A removal without an end of its own."""
    return 0


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of the charters.

    `ladder` is empty for a rule without warnings. `triggered` says which movement of the figures it reacts to, `heard`
    which event of the pro's own stream. `lasts` is how long its removal lasts in microseconds (0: no end of its own).
    `silent_at`: with this access or a stricter one it has nothing more to say.
    """

    id: str
    ladder: str
    removal: str
    text: str
    citations: tuple[Citation, ...]
    decided: tuple[str, ...]
    not_counted: tuple[str, ...]
    figures_type: type[Figures]
    evaluate: Callable[[Any, Ladder, Parameters, int], int]
    figures: Callable[[Pro, str, Parameters, int], Figures]
    evidence: Callable[[Pro, str, Parameters, int], list[int]]
    triggered: Callable[[Movement, Parameters], bool] = never_moved
    heard: Callable[[Pro, ProEvent], bool] = never_heard
    lasts: Callable[[Parameters], int] = no_end
    silent_at: int = SUSPENDED
