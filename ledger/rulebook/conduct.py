"""The rules about conduct: one for each ground, from one table of the charters' sentences."""

from __future__ import annotations

from typing import NamedTuple

from ledger.policies.parameters import Parameters
from ledger.pros.pro import Pro
from ledger.pros.records import EXCLUDED, ProEvent, Report, conduct_rule
from ledger.rulebook.rule import MILA, WECASA, Citation, Rule
from ledger.rules.conduct import found, zero_tolerance
from ledger.rules.figures import ConductFigures

_CLOSED = "9 – Votre compte peut être suspendu (Articles 14.2 & 14.3 des CGU)"
_BEHAVE = "Comment agir et se comporter"
_FRAUD = "Fraude ou comportement illégitime"


class _Ground(NamedTuple):
    """What the charter says about a ground of conduct, and whether it leaves room for warnings."""

    ground: str
    tolerated: bool
    document: str
    place: str
    sentence: str
    gloss: str


_GROUNDS = (
    _Ground(
        "discrimination",
        False,
        MILA,
        "La discrimination est interdite",
        "Mila est synonyme d’ouverture et ne tolère aucune forme de discrimination. Cela signifie que vous perdrez "
        "l’accès à votre compte si vous avez eu une attitude discriminatoire […] Sur ce point nous serons toujours "
        "intransigeants.",
        "Mila tolerates no form of discrimination: you lose access to your account if you behaved in a discriminatory "
        "way towards clients, Mila's staff or other partners. On this we will always be uncompromising.",
    ),
    _Ground(
        "sexual_advance",
        False,
        MILA,
        _BEHAVE,
        "nous avons une politique de tolérance zéro en matière d'avances sexuelles",
        "we have a zero-tolerance policy on sexual advances",
    ),
    _Ground(
        "violence",
        False,
        MILA,
        _BEHAVE,
        "toutes autres formes de violences physiques sont également interdites",
        "every other form of physical violence is forbidden as well",
    ),
    _Ground(
        "lawbreaking",
        False,
        MILA,
        _BEHAVE,
        "Violation de la loi: bon, cela devrait aller de soi, nous appliquons évidemment une tolérance zero.",
        "Breaking the law: it should go without saying that we apply zero tolerance.",
    ),
    _Ground(
        "inappropriate_message",
        True,
        WECASA,
        _CLOSED,
        "Messages inappropriés adressés à l’équipe Wecasa",
        "Inappropriate messages to the Wecasa team.",
    ),
    _Ground(
        "disrespect",
        True,
        WECASA,
        _CLOSED,
        "Comportement irrespectueux ou agressif envers les client·es",
        "Disrespectful or aggressive behaviour towards clients.",
    ),
    _Ground(
        "profanity",
        True,
        MILA,
        _BEHAVE,
        "Gros mots: surveillez votre langage et contrôlez vos gestes.",
        "Swearing: watch your language and your gestures.",
    ),
    _Ground(
        "unwanted_contact",
        True,
        MILA,
        _BEHAVE,
        "Contact non-souhaité avec les clients: votre travail est fini dès lors que l'intervention est terminée.",
        "Unwanted contact with clients: your work is done once the mission is over.",
    ),
    _Ground(
        "wilful_damage",
        True,
        MILA,
        _BEHAVE,
        "Endommager les biens des clients: à titre d'exemple, vous ne pouvez pas utiliser les vases comme cendriers.",
        "Damaging the clients' belongings: for example, vases are not ashtrays.",
    ),
    _Ground(
        "privacy_breach",
        True,
        MILA,
        "Respectez la vie privée et les données personnelles des clients",
        "n'oubliez jamais de respecter la vie privée des clients et de ne rien divulguer à des tiers ! […] Il est "
        "strictement interdit de noter ces informations sur quelque support que ce soit",
        "never forget to respect the clients' privacy and to disclose nothing to others. Writing down their codes and "
        "passwords anywhere is strictly forbidden.",
    ),
    _Ground(
        "off_platform",
        True,
        MILA,
        _FRAUD,
        "Nous ne pouvons pas accepter que des partenaires de Mila travaillent pour des clients en contournant la "
        "plateforme […] une fraude si un partenaire annule une intervention sur la plateforme dans le but de "
        "l'effectuer par la suite sans en avertir Mila",
        "Partners may not work for clients around the platform; cancelling a mission in order to do it afterwards "
        "without telling Mila is fraud too.",
    ),
    _Ground(
        "undeclared_cash",
        True,
        MILA,
        _FRAUD,
        "ou en acceptent des paiements en espèces au noir",
        "or accept undeclared payments in cash",
    ),
    _Ground(
        "second_account",
        True,
        MILA,
        _FRAUD,
        "chaque partenaire n'est autorisé à utiliser qu'un seul compte",
        "every partner may use one account only",
    ),
    _Ground(
        "own_marketing",
        True,
        MILA,
        _FRAUD,
        "nous n'autorisons pas les partenaires à distribuer leurs propres cartes de visite ou flyers personnels",
        "partners may not hand out visiting cards or flyers of their own",
    ),
)

ZERO_TOLERANCE = frozenset(each.ground for each in _GROUNDS if not each.tolerated)
"""Grounds without a ladder: a person's confirmation of the report is the decision, and excludes."""


def _reports(pro: Pro, ground: str) -> list[Report]:
    return [each for each in pro.reports.values() if each.ground == ground]


def _rule(each: _Ground) -> Rule:
    ground, tolerated = each.ground, each.tolerated
    words = ground.replace("_", " ")

    def figures(pro: Pro, city: str, policy: Parameters, at: int) -> ConductFigures:
        reports = _reports(pro, ground)
        return ConductFigures(
            sum(report.ruling is None for report in reports), sum(report.confirmed for report in reports)
        )

    def reported(pro: Pro, city: str, policy: Parameters, at: int) -> list[int]:
        return [report.event.position for report in _reports(pro, ground) if report.ruling is None]

    def confirmed(pro: Pro, city: str, policy: Parameters, at: int) -> list[int]:
        rulings = [(report.event, report.ruling) for report in _reports(pro, ground) if report.confirmed]
        return [event.position for pair in rulings for event in pair if event is not None]

    def told(pro: Pro, event: ProEvent) -> bool:
        return event.type == "pro.conduct_reported" and event.data["ground"] == ground

    def ruled(pro: Pro, event: ProEvent) -> bool:
        report = pro.ruled_by(event) if event.type == "pro.conduct_confirmed" else None
        return report is not None and report.ground == ground

    id_ = conduct_rule(ground)
    return Rule(
        id=id_,
        ladder=id_ if tolerated else "",
        removal="suspension",
        text=f"A report of {words} that a person confirmed warns; after several warnings, suspends."
        if tolerated
        else f"A report of {words} suspends until a person has ruled; a confirmed one excludes.",
        citations=(Citation(document=each.document, place=each.place, sentence=each.sentence, gloss=each.gloss),),
        decided=(
            "A person judges every report; a report alone counts for nothing.",
            "Each ground has its own ladder, with the policy's number and expiry of warnings, without a cooldown.",
        )
        if tolerated
        else (
            "Zero tolerance: no ladder. The report calls for a suspension at once, whatever else is in force.",
            "The person's confirmation is the decision and excludes; a dismissal lifts what the report caused.",
        ),
        not_counted=("A report that a person dismissed.",)
        + (("A report that nobody has ruled on.", "Damage declared in good faith.") if tolerated else ()),
        figures_type=ConductFigures,
        evaluate=found if tolerated else zero_tolerance,
        figures=figures,
        evidence=confirmed if tolerated else reported,
        heard=ruled if tolerated else told,
        silent_at=EXCLUDED,
    )


CONDUCT: tuple[Rule, ...] = tuple(_rule(each) for each in _GROUNDS)
"""Grounds without a ladder first, in the order of the charters."""
