"""Cancellations: those that count, one after the other up to the suspension, and those that never do."""

from __future__ import annotations

from commands.demo.writing import DESK, Mission, Script, local, workdays


def warned_three_times_then_suspended(script: Script) -> None:
    """Bruno cancels again and again, always in good time; three warnings at least 14 days apart, then suspension.

    Lyon published an average of 4.50 % and a maximum of 6.75 %. 22 January: 1 of 20 accepted (5.00 %), first warning.
    11 February: 2 of 30 (6.67 %), second. 2 March: 3 of 39 (7.69 %), third. 6 March: 4 of 40, within the cooldown,
    nothing follows. 20 March: 5 of 48 (10.42 %), above the maximum with three warnings: suspended. What others called
    off, and what was excused, refused or lapsed, is never above the line.
    """
    for index, starts in enumerate(workdays("2026-01-05", 19, 9, 14)):
        mission = Mission(
            script, "lyon", 101 + index, "cleaning", starts, 120, series="weekly-lyon-07" if index % 6 == 0 else None
        )
        if index == 6:
            mission.accepted("pro-bruno").say("cancelled", "2026-01-07 12:30", by="client", reason="ill at home")
        else:
            mission.done("pro-bruno", stars=(5, 0, 4, 0, 0, 5)[index % 6])
    _given_up(script, 120, "2026-01-26 09:00", accepted="2026-01-20 19:05", cancelled="2026-01-22 18:10")
    for index, starts in enumerate(workdays("2026-01-27", 9, 10)):
        mission = Mission(script, "lyon", 121 + index, "cleaning", starts, 150)
        if index == 3:
            mission.accepted("pro-bruno").say(
                "cancelled", "2026-01-29 07:15", by="pro", reason="bereavement, papers seen", excused=True
            )
        else:
            mission.done("pro-bruno")
    _given_up(script, 130, "2026-02-16 10:00", accepted="2026-02-09 12:20", cancelled="2026-02-11 19:30")
    for index, starts in enumerate(workdays("2026-02-17", 8, 10)):
        Mission(script, "lyon", 131 + index, "cleaning", starts, 120).done("pro-bruno", stars=4 if index == 5 else 0)
    _given_up(script, 139, "2026-03-05 15:00", accepted="2026-02-27 08:40", cancelled="2026-03-02 08:15")
    _given_up(script, 140, "2026-03-12 09:30", accepted="2026-03-04 21:10", cancelled="2026-03-06 06:50")
    for index, starts in enumerate(workdays("2026-03-10", 6, 10)):
        Mission(script, "lyon", 141 + index, "cleaning", starts, 180).done("pro-bruno", stars=5 if index == 0 else 0)
    upcoming = Mission(script, "lyon", 147, "cleaning", "2026-03-27 10:00", 120, requested="2026-03-16 11:00")
    upcoming.accepted("pro-bruno", "2026-03-17 08:00")
    Mission(script, "lyon", 149, "cleaning", "2026-03-18 08:00", 120).say(
        "refused", "2026-03-15 09:00", pro="pro-bruno", reason="too early in the day"
    )
    Mission(script, "lyon", 150, "cleaning", "2026-03-19 18:00", 90).say(
        "expired", "2026-03-16 18:00", pro="pro-bruno", reason="no_answer"
    )
    _given_up(script, 148, "2026-03-25 14:00", accepted="2026-03-16 17:45", cancelled="2026-03-20 07:40")
    upcoming.say("cancelled", "2026-03-20 09:30", sender=DESK, by="platform", reason="the pro was suspended")


def _given_up(script: Script, number: int, starts: str, *, accepted: str, cancelled: str) -> None:
    """A mission that Bruno accepts and cancels, more than a day before its start."""
    day = accepted[:10]
    mission = Mission(script, "lyon", number, "cleaning", starts, 120, requested=f"{day} 07:00")
    mission.accepted("pro-bruno", accepted).say("cancelled", cancelled, by="pro", reason="another job")


def cancellations_that_never_count(script: Script) -> None:
    """Amina accepts 20 missions, and three are called off: by a client, by the platform, and by herself, excused.

    Counted, 3 of 20 (15.00 %) would warn her; none of the three counts, so her rate is 0 of 20.
    """
    for index, starts in enumerate(workdays("2026-03-02", 17, 10)):
        stars = (5, 0, 0, 4, 0, 0, 5)[index % 7]
        Mission(script, "paris", 101 + index, "hairdressing", starts, 75).done("pro-amina", stars=stars)
    by_client = Mission(script, "paris", 122, "hairdressing", "2026-03-06 15:00", 60)
    by_client.accepted("pro-amina").say("cancelled", "2026-03-06 14:20", by="client", reason="no longer needed")
    by_platform = Mission(script, "paris", 123, "hairdressing", "2026-03-13 15:00", 60)
    by_platform.accepted("pro-amina").say(
        "cancelled", "2026-03-12 11:00", sender=DESK, by="platform", reason="address outside the area"
    )
    excused = Mission(script, "paris", 124, "hairdressing", "2026-03-20 15:00", 60).accepted("pro-amina")
    excused.say("cancelled", "2026-03-20 08:05", by="pro", reason="transport strike", excused=True)


def cancelled_then_accepted_by_another(script: Script) -> None:
    """Gaëlle accepts and cancels three days before; Hugo takes the mission over and does it.

    One mission, two pros: the cancellation is Gaëlle's (1 of 3), the session, the rating and the commission Hugo's.
    """
    handed_over = Mission(script, "lyon", 301, "wifi_repair", "2026-03-12 09:00", 90, requested="2026-03-07 10:00")
    handed_over.accepted("pro-gaelle", "2026-03-07 10:25").say(
        "cancelled", "2026-03-09 08:30", by="pro", reason="van broken down"
    )
    handed_over.accepted("pro-hugo", "2026-03-09 09:10")
    handed_over.completed(100)
    handed_over.say("rated", "2026-03-12 19:30", by="client", stars=5, comment="Dépannage « parfait » 👌")
    for number, starts in ((302, "2026-03-16 09:00"), (303, "2026-03-23 14:00")):
        Mission(script, "lyon", number, "wifi_repair", starts, 60).done("pro-gaelle", stars=5)


def wrongly_recorded_cancellation_voided(script: Script) -> None:
    """The desk records a cancellation as Pauline's although the client had called; the next day it is voided.

    The wrong event stays in the log and no longer counts; the client's cancellation takes its place: 0 of 2.
    """
    mission = Mission(script, "lyon", 311, "hairdressing", "2026-03-19 11:00", 60)
    wrong = mission.accepted("pro-pauline").say(
        "cancelled", "2026-03-18 16:40", sender=DESK, by="pro", reason="phone call"
    )
    script.write(
        "ledger.event_voided",
        wrong["id"],
        local("lyon", "2026-03-19 09:05"),
        sender=DESK,
        source=wrong["source"],
        by="Nadia Fictive",
        reason="the client called, not the pro: the wrong button",
    )
    mission.say(
        "cancelled", "2026-03-18 16:40", sender=DESK, arrives="2026-03-19 09:06", by="client", reason="phone call"
    )
    Mission(script, "lyon", 312, "hairdressing", "2026-03-24 11:00", 60).done("pro-pauline", stars=5)
