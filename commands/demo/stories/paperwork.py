"""What surrounds the missions: registrations, documents, a city's baseline, and damage files."""

from __future__ import annotations

from datetime import timedelta

from commands.demo import people
from commands.demo.writing import CITIES, DESK, Mission, Script, local


def pros_registered(script: Script) -> None:
    """Seventeen pros join with invented names; the documents of some of them are verified. Amina announces holidays."""
    for index, (pro, (name, cities)) in enumerate(people.PROS.items()):
        joined = local(cities[0], "2026-01-01 08:00") + timedelta(minutes=17 * index)
        app = CITIES[cities[0]].app
        script.write("pro.registered", pro, joined, sender=app, name=name, email=people.email(pro), cities=list(cities))
        for kind in ("identity", "background_check", "photo")[: (3, 1)[index % 2] if index < 6 else 0]:
            script.write("pro.document_verified", pro, joined + timedelta(hours=26), sender=DESK, kind=kind)
    script.write(
        "pro.unavailable",
        "pro-amina",
        local("paris", "2026-03-25 20:00"),
        sender="app/fr",
        starts_at="2026-04-06T00:00:00+02:00",
        ends_at="2026-04-12T00:00:00+02:00",
    )


def baseline_published(script: Script) -> None:
    """Lyon's averages of the last quarter of 2025: they, not the policy's defaults, bound what Bruno may cancel."""
    script.write(
        "city.baseline_published",
        "lyon",
        local("lyon", "2026-01-02 08:00"),
        sender=DESK,
        average_cancellation_rate="0.045",
        maximum_cancellation_rate="0.0675",
        minimum_rating="4.20",
        pros=38,
        period="2025-Q4",
    )


def damage_with_both_documents(script: Script) -> None:
    """Quentin breaks a vase, tells the client and declares it the same day; both documents follow. It never counts."""
    mission = Mission(script, "geneve", 501, "cleaning", "2026-03-05 09:00", 120).done("pro-quentin", stars=4)
    mission.say(
        "damage_declared",
        "2026-03-05 12:00",
        description="Un vase (imaginaire) tombé de l’étagère",
        estimate={"amount": "120.00", "currency": "CHF"},
        client_informed=True,
    )
    for day, kind in (("2026-03-06 10:00", "sworn_statement"), ("2026-03-09 16:30", "no_other_insurance")):
        mission.say("damage_document_added", day, kind=kind, reference=f"file-501-{kind}")


def damage_with_incomplete_file(script: Script) -> None:
    """A second accident, with a sworn statement only: the file stays incomplete."""
    mission = Mission(script, "geneve", 502, "cleaning", "2026-03-19 09:00", 120).done("pro-quentin", stars=5)
    mission.say(
        "damage_declared", "2026-03-20 08:00", description="Parquet rayé près de la fenêtre", client_informed=True
    )
    mission.say("damage_document_added", "2026-03-21 11:00", kind="sworn_statement", reference="file-502-statement")
