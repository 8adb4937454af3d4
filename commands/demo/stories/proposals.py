"""What happens before anybody accepts: proposals refused and lapsed, which never count."""

from __future__ import annotations

from datetime import timedelta

from commands.demo.writing import Mission, Script, workdays

REASONS = ("too far", "fully booked", "stairs", None, "not my speciality")


def refusals_and_lapsed_proposals(script: Script) -> None:
    """Elif refuses eight proposals and lets six lapse, two of them taken by Hugo; she does five missions well.

    « Refuser ou rater une mission ne bloque pas votre compte »: 0 of 5, no warning, full access.
    """
    for index, starts in enumerate(workdays("2026-03-03", 8, 11)):
        refused = Mission(script, "paris", 401 + index, "hairdressing", starts, 45)
        refused.say("refused", refused.starts - timedelta(days=3, hours=2), pro="pro-elif", reason=REASONS[index % 5])
    for index, starts in enumerate(workdays("2026-03-09", 6, 16)):
        lapsed = Mission(script, "paris", 411 + index, "wifi_repair", starts, 60)
        asked = lapsed.starts - timedelta(days=3)
        if index % 3 == 0:
            lapsed.accepted("pro-hugo")
            lapsed.say("expired", asked, pro="pro-elif", reason="taken_by_other")
            lapsed.completed()
        else:
            lapsed.say("expired", asked, pro="pro-elif", reason="no_answer")
    for index, starts in enumerate(workdays("2026-03-16", 5, 13)):
        Mission(script, "paris", 421 + index, "hairdressing", starts, 60).done("pro-elif", stars=(5, 5, 4, 5, 5)[index])


def two_pros_tap_at_once(script: Script) -> None:
    """Jonas and Félix tap « accept » on the same mission; Jonas was 40 seconds faster, and Félix's tap is refused."""
    mission = Mission(script, "geneve", 421, "wifi_repair", "2026-03-20 09:00", 60)
    mission.accepted("pro-jonas", "2026-03-17 12:00:05")
    mission.accepted("pro-felix", "2026-03-17 12:00:45")
    mission.completed()
    mission.say("rated", "2026-03-20 18:00", by="client", stars=5)
    mission.say("rated", "2026-03-20 18:30", by="pro", stars=5, comment="Cliente très aimable 🙂")
