"""`conduct.<ground>`: how a pro behaves. A person judges each report; the engine counts what was reported and found."""

from __future__ import annotations

from ledger.policies.parameters import Parameters
from ledger.rules.figures import NOTHING, REMOVE, WARN, ConductFigures, Ladder


def zero_tolerance(pro: ConductFigures, ladder: Ladder, policy: Parameters, at: int) -> int:
    """Mila: « nous avons une politique de tolérance zéro »: a report calls for a suspension until a person has ruled.

    No ladder and no number: one report is enough. The confirmation by a person then excludes.
    """
    return REMOVE if pro.reports else NOTHING


def found(pro: ConductFigures, ladder: Ladder, policy: Parameters, at: int) -> int:
    """Wecasa 9: « Votre compte peut être restreint ou fermé dans les cas suivants ».

    A report that a person confirmed warns; with `warnings.max` unexpired warnings on its ladder the next one removes.
    A person has judged each of them, so there is no cooldown.
    """
    if not pro.confirmed:
        return NOTHING
    return REMOVE if ladder.unexpired >= policy.warnings_max else WARN
