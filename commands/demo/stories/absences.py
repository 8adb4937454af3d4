"""Somebody was not there: pros who did not come, or were said not to, and clients who did not open."""

from __future__ import annotations

from commands.demo.writing import DESK, Mission, Script


def excluded_after_second_no_show(script: Script) -> None:
    """Chloé misses a mission on 10 March and is warned; she misses another on 24 March and is excluded.

    Client and platform both report the first one: still one missed mission. The mission she still held is taken back.
    """
    for index, starts in enumerate(("2026-03-03 09:00", "2026-03-05 14:00", "2026-03-17 09:00", "2026-03-19 16:00")):
        Mission(script, "paris", 201 + index, "wifi_repair", starts, 60).done("pro-chloe", stars=(5, 4, 0, 5)[index])
    first = Mission(script, "paris", 205, "wifi_repair", "2026-03-10 10:00", 60).accepted("pro-chloe")
    first.say("no_show", "2026-03-10 10:45", reported_by="client")
    first.say("no_show", "2026-03-10 11:30", sender=DESK, reported_by="platform")
    held = Mission(script, "paris", 207, "wifi_repair", "2026-03-27 10:00", 60, requested="2026-03-21 09:00")
    held.accepted("pro-chloe", "2026-03-21 09:40")
    second = Mission(script, "paris", 206, "wifi_repair", "2026-03-24 15:00", 60).accepted("pro-chloe")
    second.say("no_show", "2026-03-24 15:50", reported_by="client")
    held.say("cancelled", "2026-03-24 17:00", sender=DESK, by="platform", reason="the pro was excluded")


def disputed_no_show_rejected(script: Script) -> None:
    """A client reports Inès absent, but she had checked in on site: nobody is warned, a person decides.

    She waited in front of the wrong door, found the client and finished; two days later the report is rejected.
    """
    mission = Mission(script, "paris", 211, "cleaning", "2026-03-11 10:00", 120).accepted("pro-ines")
    mission.say("checked_in", "2026-03-11 09:56", verified=True)
    mission.say("no_show", "2026-03-11 10:25", reported_by="client")
    mission.say("completed", "2026-03-11 12:40", duration_minutes=120)
    mission.say("rated", "2026-03-11 20:00", by="client", stars=4, comment="Elle était devant l’autre entrée, désolé")
    mission.say(
        "no_show_rejected",
        "2026-03-13 09:30",
        sender=DESK,
        by="Théo Imaginé",
        reason="verified check-in at 09:56, session completed",
    )
    Mission(script, "paris", 212, "cleaning", "2026-03-18 10:00", 120).done("pro-ines", stars=5)


def client_absent_after_waiting(script: Script) -> None:
    """Léa's client does not open. At 12 minutes the app refuses; at exactly 20 it counts, and the fee is due.

    The mission costs 59.90 €, the fee is capped at 40.00 €, without commission. The client's angry star is refused.
    """
    mission = Mission(script, "paris", 221, "hairdressing", "2026-03-17 17:00", 60).accepted("pro-lea")
    arrived = mission.starts.replace(hour=16, minute=52)
    mission.say("client_absent", "2026-03-17 17:12", arrived_at=arrived.isoformat())
    mission.say("client_absent", "2026-03-17 17:20", arrived_at=arrived.isoformat())
    mission.say("rated", "2026-03-17 21:15", by="client", stars=1, comment="Personne n’est venu !!!")
    Mission(script, "paris", 222, "hairdressing", "2026-03-18 17:00", 60).done("pro-lea", stars=5)


def cleaning_client_absent_with_check_in(script: Script) -> None:
    """In cleaning a check-in replaces the wait: Malik checks in at 8:58 and declares the absence at 9:06."""
    mission = Mission(script, "lyon", 221, "cleaning", "2026-03-10 09:00", 75).accepted("pro-malik")
    mission.say("checked_in", "2026-03-10 08:58", verified=True)
    mission.say("client_absent", "2026-03-10 09:06")
    Mission(script, "lyon", 222, "cleaning", "2026-03-17 09:00", 75).done("pro-malik", stars=5)
