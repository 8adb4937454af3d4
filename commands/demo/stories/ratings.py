"""Stars: a mean that slides below the city's minimum and comes back."""

from __future__ import annotations

from commands.demo.writing import Mission, Script, workdays

FIRST_TWENTY = (5, 4, 5, 4, 4, 5, 3, 4, 5, 4, 5, 4, 4, 5, 4, 3, 5, 4, 5, 4)
"""86 stars: exactly 4.30, which is not yet close to a minimum of 4.20."""

THEN = (
    ("2026-02-03 14:00", 3, "En retard, et pressé"),
    ("2026-02-06 14:00", 4, None),
    ("2026-02-24 14:00", 3, "Coupe inégale"),
    ("2026-03-03 14:00", 5, "Bien mieux qu’annoncé ⭐"),
    ("2026-03-06 14:00", 5, None),
    ("2026-03-11 14:00", 5, None),
    ("2026-03-16 14:00", 5, "Très à l’écoute"),
    ("2026-03-20 14:00", 5, None),
)


def rating_slid_and_recovered(script: Script) -> None:
    """Dário starts at 4.30, slides to 4.24 (warned: close to the minimum) and to 4.17 (warned: below it), and recovers.

    3 February: 89 stars of 21, `rating.approaching`. 6 February: 93 of 22, within the cooldown. 24 February: 96 of 23,
    below 4.20, `rating.minimum`. In March five clients give five stars: 121 of 28, 4.32. He never loses access.
    """
    for index, (starts, stars) in enumerate(zip(workdays("2026-01-05", 20, 14), FIRST_TWENTY, strict=True)):
        Mission(script, "geneve", 101 + index, "hairdressing", starts, 60).done("pro-dario", stars=stars)
    for index, (starts, stars, comment) in enumerate(THEN):
        mission = Mission(script, "geneve", 121 + index, "hairdressing", starts, 60)
        mission.done("pro-dario", stars=stars, comment=comment)
