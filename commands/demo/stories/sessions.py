"""Sessions and their bills: durations changed, a start moved, a delay, a short night, and two currencies."""

from __future__ import annotations

from commands.demo.writing import Mission, Script, workdays


def durations_changed(script: Script) -> None:
    """Nour changes a duration the evening after (in time), another after midnight (refused), and adds a service.

    In time: 150 minutes at 29.90 €/h, 74.75 €. Too late: five minutes after the end of the next day, the bill stays at
    120 minutes. Added: a mask for 15.00 € on 59.90 €.
    """
    in_time = Mission(script, "paris", 301, "cleaning", "2026-03-09 14:00", 120).accepted("pro-nour")
    in_time.completed()
    in_time.say("duration_modified", "2026-03-10 23:40", duration_minutes=150, reason="longer")
    too_late = Mission(script, "paris", 302, "cleaning", "2026-03-16 14:00", 120).accepted("pro-nour")
    too_late.completed()
    too_late.say("duration_modified", "2026-03-18 00:05", duration_minutes=180, reason="longer")
    added = Mission(script, "paris", 303, "hairdressing", "2026-03-23 10:00", 60).accepted("pro-nour")
    added.completed()
    added.say(
        "duration_modified",
        "2026-03-23 11:30",
        duration_minutes=75,
        reason="service_added",
        added=[{"label": "Masque réparateur", "price": {"amount": "15.00", "currency": "EUR"}}],
    )
    added.say("rated", "2026-03-23 19:00", by="client", stars=5)


def rescheduled_and_delayed(script: Script) -> None:
    """Jonas moves a session by a day instead of cancelling, and announces a delay of 25 minutes on another."""
    moved = Mission(script, "geneve", 301, "wifi_repair", "2026-03-12 10:00", 60).accepted("pro-jonas")
    moved.say("rescheduled", "2026-03-10 18:20", by="pro", starts_at="2026-03-13T10:00:00+01:00")
    moved.say("completed", "2026-03-13 11:10", duration_minutes=70)
    moved.say("rated", "2026-03-13 20:00", by="client", stars=5)
    late = Mission(script, "geneve", 302, "wifi_repair", "2026-03-18 14:00", 60).accepted("pro-jonas")
    late.say("delayed", "2026-03-18 13:35", minutes=25)
    late.say("checked_in", "2026-03-18 14:24")
    late.say("completed", "2026-03-18 15:24", duration_minutes=60)
    late.say("rated", "2026-03-18 21:00", by="client", stars=4, comment="Prévenu à temps")


def night_of_the_time_change(script: Script) -> None:
    """Karim repairs an office's network from 23:00 on 28 March; at two the clocks go to three, and he ends at 4:00.

    The clock on the wall says five hours, the session had four: 240 minutes at 64.00 €/h. It ended on the 29th, so
    the bill is open until the end of the 30th, summer time: the change to 225 minutes at 23:30 on the 30th is in time.
    """
    mission = Mission(
        script, "paris", 311, "wifi_repair", "2026-03-28 23:00", 240, comment="Bureau fictif, entrée de service"
    ).accepted("pro-karim")
    mission.say("checked_in", "2026-03-28 22:55")
    mission.completed()
    mission.say("duration_modified", "2026-03-30 23:30", duration_minutes=225, reason="shorter")
    Mission(script, "paris", 312, "wifi_repair", "2026-03-26 09:00", 60).done("pro-karim", stars=4)


def two_cities_two_currencies(script: Script) -> None:
    """Félix works in Paris for euros and in Geneva for francs; figures are per city, totals per currency."""
    for index, starts in enumerate(workdays("2026-03-02", 4, 9)):
        Mission(script, "paris", 321 + index, "wifi_repair", starts, 45).done("pro-felix", stars=(5, 4, 5, 0)[index])
    for index, starts in enumerate(workdays("2026-03-09", 4, 9)):
        Mission(script, "geneve", 321 + index, "wifi_repair", starts, 50).done("pro-felix", stars=(4, 5, 0, 4)[index])
