"""Ladders: several warnings before access is lost.

Mila: « Après plusieurs notifications, vous perdrez l'accès à votre compte ». The charter does not say how many, how far
apart, or for how long they count: `warnings.max`, `cooldown_days` and `expiry_days` of the policy do.
"""

from __future__ import annotations

from ledger.instants import NEVER, SECOND
from ledger.policies.parameters import Parameters
from ledger.rules.figures import NOTHING, REMOVE, WARN, Ladder


def step(ladder: Ladder, policy: Parameters, at: int, beyond: bool) -> int:
    """The next step for a pro in breach: wait for the cooldown, warn, or – beyond the bound of removal – remove.

    With `warnings.max` unexpired warnings the next step removes; in breach but not beyond that bound, warnings go on.
    """
    if ladder.last_at != NEVER and at - ladder.last_at < policy.warnings_cooldown_seconds * SECOND:
        return NOTHING
    if beyond and ladder.unexpired >= policy.warnings_max:
        return REMOVE
    return WARN
