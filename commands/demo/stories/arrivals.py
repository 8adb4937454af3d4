"""The network's part: events sent twice, sent changed, and sent hours after they happened."""

from __future__ import annotations

from commands.demo.writing import Mission, Script, local


def sent_twice(script: Script) -> None:
    """Oscar's phone sends a completion again after 30 seconds: a duplicate, nothing is written."""
    mission = Mission(script, "paris", 501, "wifi_repair", "2026-03-04 09:00", 60).accepted("pro-oscar")
    completed = mission.say("completed", "2026-03-04 10:02", duration_minutes=60)
    script.resend(completed, local("paris", "2026-03-04 10:02:30"))
    mission.say("rated", "2026-03-04 18:00", by="client", stars=5)


def sent_changed(script: Script) -> None:
    """A completion comes again under its id with 90 minutes instead of 60: refused, the first one stands."""
    mission = Mission(script, "paris", 502, "wifi_repair", "2026-03-06 09:00", 60).accepted("pro-oscar")
    completed = mission.say("completed", "2026-03-06 10:00", duration_minutes=60)
    script.resend(completed, local("paris", "2026-03-06 10:20"), duration_minutes=90)


def acceptance_arrives_late(script: Script) -> None:
    """Oscar accepts in the underground without a network; the session is over before the acceptance arrives.

    Until then the completion is an anomaly that belongs to nobody; then it heals, and the mission is his.
    """
    mission = Mission(script, "paris", 503, "wifi_repair", "2026-03-11 09:00", 60)
    mission.say("accepted", "2026-03-08 08:15", arrives="2026-03-11 12:00", pro="pro-oscar")
    mission.say("completed", "2026-03-11 10:05", duration_minutes=65)
    mission.say("rated", "2026-03-11 18:45", by="client", stars=4)


def rated_before_completion(script: Script) -> None:
    """The client rates at 11:30; the completion of 11:05 arrives only at 18:10. The rating is kept and then counts."""
    mission = Mission(script, "paris", 504, "wifi_repair", "2026-03-13 10:00", 60).accepted("pro-oscar")
    mission.say("rated", "2026-03-13 11:30", by="client", stars=5, comment="Rapide ⚡")
    mission.say("completed", "2026-03-13 11:05", arrives="2026-03-13 18:10", duration_minutes=60)
