"""Every sentence of both charters, and the test that holds it – or why it deliberately counts for nothing.

W1 to W29 are Wecasa's, M1 to M41 Mila's, in the order of the charters. A row is either in `HELD` with its tests, or
it is advice (`ledger.rulebook.advice`, which `rules --all` prints). The hard cases are in `test_hard_cases.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.rulebook import RULE, RULES
from ledger.rulebook.advice import ADVICE

from .named import (
    ABSENT,
    AWAY,
    BILLING,
    CANCELLING,
    CLOSING,
    CONDUCT,
    DECISIONS,
    DEFECT,
    DOCUMENTS,
    FINDINGS,
    INPUT,
    LADDER,
    LATE,
    LEDGER,
    LINKED,
    MEAN,
    MISSED,
    NEGATIVE,
    NEUTRAL,
    NO_SHOWS,
    RATE,
    RATINGS,
    SERIES,
    STEPS,
    TESTS,
    THRESHOLDS,
    WINDOWS,
    not_there,
)

HELD: dict[str, tuple[str, tuple[str, ...]]] = {
    "W3": (
        "Refuser ou rater une mission ne bloque pas votre compte",
        (
            f"{NEUTRAL}::test_refusals_and_lapsed_proposals_change_no_finding_and_no_figure",
            f"{RATE}::test_only_an_adverse_event_is_judged",
        ),
    ),
    "W4": (
        "C'est vous qui décidez d'accepter ou non",
        (
            f"{STEPS}::test_only_one_pro_holds_a_mission",
            f"{STEPS}::test_the_holder_cannot_refuse_any_more_but_others_can",
        ),
    ),
    "W5": (
        "Date et heure, Adresse, Type de service",
        (f"{INPUT}::test_a_request_says_what_is_to_be_weighed_before_accepting",),
    ),
    "W6": (
        "indiquer vos indisponibilités",
        (
            f"{AWAY}::test_declared_before_the_request_it_excuses",
            f"{AWAY}::test_any_overlap_with_the_slot_asked_for",
            f"{AWAY}::test_cancelled_after_the_start_it_is_no_no_show",
            f"{LEDGER}::test_unavailability_moves_the_standing_when_it_becomes_known",
        ),
    ),
    "W7": (
        "clients réguliers pourront vous recontacter",
        (
            f"{SERIES}::test_ten_weekly_missions_ended_are_one_cancellation",
            f"{SERIES}::test_with_another_reason_each_counts",
            f"{SERIES}::test_late_ones_of_a_series_count_once_too",
        ),
    ),
    "W8": (
        "Un changement d'horaire ou de jour ?",
        (
            f"{CANCELLING}::test_a_rescheduling_never_counts",
            f"{LATE}::test_the_start_before_the_pro_moved_it_inside_the_window_counts",
        ),
    ),
    "W9": (
        "Un imprévu ? Annulez directement depuis l'app",
        (
            f"{CANCELLING}::test_only_an_unexcused_cancellation_by_the_pro_counts",
            f"{CANCELLING}::test_after_a_cancellation_another_pro_may_accept_and_do_it",
        ),
    ),
    "W10": (
        "plus ou moins longtemps que prévu",
        (
            f"{BILLING}::test_services_added_are_part_of_gross",
            f"{CLOSING}::test_the_last_change_before_closing_is_billed",
        ),
    ),
    "W11": (
        "juste après la session – au plus tard le lendemain",
        (f"{CLOSING}::test_closing", f"{CLOSING}::test_from_the_end_of_the_session_on_not_before"),
    ),
    "W12": (
        "Passé ce délai, la facturation est clôturée",
        (
            f"{CLOSING}::test_closing",
            f"{CLOSING}::test_the_clock_judges_when_recording_live_and_the_events_time_when_importing",
        ),
    ),
    "W14": (
        "Client absent : cliquez … Attendez 20 minutes",
        (
            f"{ABSENT}::test_twenty_minutes_on_site",
            f"{ABSENT}::test_a_verified_check_in_replaces_the_wait_for_cleaning",
            "rules/test_client_absence.py::test_twenty_minutes_to_the_second",
        ),
    ),
    "W15": (
        "(implied) client absent is not the pro's fault",
        (
            "rules/test_client_absence.py::test_it_stays_below_the_line_and_never_gets_above_it",
            f"{BILLING}::test_a_clients_absence_bears_a_fee_and_no_commission",
        ),
    ),
    "W16": (
        "Une déclaration sur l'honneur",
        (
            "missions/test_damage.py::test_one_of_two_documents_is_missing",
            "missions/test_damage.py::test_documents_count_in_any_order_of_arrival_and_time",
        ),
    ),
    "W17": (
        "Wecasa a souscrit une assurance pour vous couvrir",
        (
            f"{NEUTRAL}::test_a_declared_damage_changes_no_finding_no_figure_and_no_bill",
            "missions/test_damage.py::test_a_damage_changes_no_figure_and_no_bill",
        ),
    ),
    "W19": (
        "Accepter une mission vous engage !",
        (
            f"{RATE}::test_only_an_adverse_event_is_judged",
            f"{STEPS}::test_the_holder_cannot_refuse_any_more_but_others_can",
        ),
    ),
    "W20": (
        "Une annulation ponctuelle, ce n'est pas grave",
        (
            f"{RATE}::test_above_the_average_and_enough_missions",
            f"{LATE}::test_the_third_within_thirty_days_restricts_for_48_hours_and_then_it_is_over",
        ),
    ),
    "W21": (
        "plusieurs annulations de dernière minute",
        (
            f"{LATE}::test_late_is_less_than_24_hours",
            f"{LATE}::test_hours_that_elapsed_not_the_wall_clock",
            f"{LATE}::test_the_window_is_exactly_thirty_days",
            f"{LATE}::test_a_fourth_while_restricted_finds_nothing_and_a_fifth_afterwards_restricts_again",
        ),
    ),
    "W22": ("essayez de reprogrammer au lieu d'annuler", (f"{CANCELLING}::test_a_rescheduling_never_counts",)),
    "W23": (
        "suspendu (Articles 14.2 & 14.3 des CGU) … restreint ou fermé",
        (f"{DECISIONS}::test_access_follows_the_decision", f"{DECISIONS}::test_two_decisions_the_stricter_holds"),
    ),
    "W24": (
        "Messages inappropriés adressés à l'équipe",
        (
            f"{CONDUCT}::test_a_report_alone_is_nothing_and_its_confirmation_warns",
            f"{CONDUCT}::test_three_warnings_without_a_cooldown_then_the_next_removes",
        ),
    ),
    "W25": (
        "Comportement irrespectueux ou agressif",
        (
            f"{CONDUCT}::test_a_report_alone_is_nothing_and_its_confirmation_warns",
            f"{CONDUCT}::test_each_ground_has_its_own_ladder",
        ),
    ),
    "W26": (
        "Plusieurs avis négatifs répétés",
        (
            f"{NEGATIVE}::test_three_clients_suspend",
            f"{NEGATIVE}::test_three_by_one_client_are_one",
            f"{NEGATIVE}::test_the_last_twenty_rated_missions",
        ),
    ),
    "W27": (
        "Absence à des rendez-vous sans annulation préalable",
        (f"{MISSED}::test_the_second_excludes_in_whatever_city", f"{NO_SHOWS}::test_counts_at_once"),
    ),
    "W28": (
        "Annulations répétées après acceptation",
        (f"{LADDER}::test_three_warnings_then_the_next_removes", f"{RATE}::test_above_the_average_and_enough_missions"),
    ),
    "M4": (
        "Si vous rencontrez des problèmes … dites-le-nous !",
        (
            f"{CANCELLING}::test_only_an_unexcused_cancellation_by_the_pro_counts",
            f"{NEUTRAL}::test_a_cancellation_by_client_or_platform_never_enters_a_numerator",
        ),
    ),
    "M6": (
        "signaler les annulations intempestives",
        (
            f"{NO_SHOWS}::test_evidence_of_presence_makes_it_disputed",
            f"{NO_SHOWS}::test_an_unverified_check_in_disputes_nothing",
            f"{NO_SHOWS}::test_the_policy_may_ask_for_a_confirmation_of_each",
            f"{NO_SHOWS}::test_two_reports_of_one_absence_are_one_no_show",
        ),
    ),
    "M8": (
        "se noter mutuellement … maximum cinq étoiles",
        (
            f"{RATINGS}::test_a_clients_rating_counts_and_the_pros_does_not",
            f"{RATINGS}::test_one_rating_in_each_direction",
            f"{RATINGS}::test_stars_are_whole_and_one_to_five",
        ),
    ),
    "M9": (
        "la note moyenne de vos 50 dernières interventions",
        (
            f"{MEAN}::test_the_last_fifty_count_and_the_fifty_first_leaves",
            f"{MEAN}::test_the_window_is_in_order_of_completion_not_of_arrival",
        ),
    ),
    "M10": ("nous n'affichons que", (f"{FINDINGS}::test_the_evidence_of_a_mean_is_the_ratings_of_the_window",)),
    "M11": (
        "les autres notations vous permettront de vous rattraper",
        (
            f"{MEAN}::test_the_last_fifty_count_and_the_fifty_first_leaves",
            f"{NEGATIVE}::test_a_voided_rating_is_none",
        ),
    ),
    "M12": (
        "une note moyenne minimale existe pour chaque ville",
        (f"{MEAN}::test_the_bounds_are_exact", f"{THRESHOLDS}::test_the_minimum_rating_is_the_citys"),
    ),
    "M13": (
        "Nous vous alerterons si votre note se rapproche",
        (f"{MEAN}::test_the_bounds_are_exact", f"{MEAN}::test_approaching_never_removes"),
    ),
    "M14": (
        "Après plusieurs notifications, vous perdrez l'accès (note)",
        (f"{MEAN}::test_approaching_and_minimum_share_one_ladder", f"{MEAN}::test_the_shared_cooldown"),
    ),
    "M16": (
        "possible de nous en informer en temps et en heure",
        (f"{CANCELLING}::test_a_cancellation_at_or_after_the_start_is_a_no_show",),
    ),
    "M17": (
        "nombre d'annulations et de rendez-vous non honorés",
        (
            f"{RATE}::test_a_no_show_is_judged_too_and_counts_above_the_line",
            f"{RATE}::test_a_mission_cancelled_twice_counts_once",
            "properties/test_windows.py::test_the_rate_of_every_window_is_the_plain_count",
            f"{WINDOWS}::test_the_last_days",
            f"{WINDOWS}::test_the_last_accepted",
        ),
    ),
    "M18": ("Deux annulations pour 50 missions", (f"{RATE}::test_above_the_average_and_enough_missions",)),
    "M19": (
        "si vous acceptez une intervention et que vous l'annulez",
        (f"{CANCELLING}::test_only_an_unexcused_cancellation_by_the_pro_counts",),
    ),
    "M20": (
        "missions acceptées",
        (
            f"{RATE}::test_missions_still_to_come_do_not_dilute_where_the_policy_says_due",
            f"{WINDOWS}::test_a_hundred_missions_to_come_dilute_only_where_the_policy_lets_them",
        ),
    ),
    "M21": (
        "Chaque ville a un taux d'annulation maximum",
        (
            f"{RATE}::test_the_average_is_the_citys_published_one",
            f"{WINDOWS}::test_a_baseline_of_one_city_moves_nothing_in_the_other",
            f"{THRESHOLDS}::test_a_baseline_counts_from_where_it_was_recorded",
        ),
    ),
    "M22": (
        "Nous vous alerterons si votre taux … est supérieur à la moyenne",
        (f"{RATE}::test_above_the_average_and_enough_missions",),
    ),
    "M23": (
        "Après plusieurs notifications, vous perdrez l'accès (annulations)",
        (
            f"{LADDER}::test_below_the_maximum_warnings_simply_go_on",
            f"{LADDER}::test_the_cooldown_is_exactly_fourteen_days",
            f"{LADDER}::test_a_warning_expires_after_exactly_180_days",
        ),
    ),
    "M24": (
        "rendez-vous manqué sans nous en avertir au préalable",
        (f"{NO_SHOWS}::test_counts_at_once", f"{CANCELLING}::test_a_cancellation_at_or_after_the_start_is_a_no_show"),
    ),
    "M25": (
        "Nous ne vous avertirons qu'une seule fois",
        (f"{MISSED}::test_the_same_mission_counts_once", f"{DEFECT}::test_warned_and_then_missed_again_is_in_order"),
    ),
    "M26": (
        "nous excluons les partenaires qui ne se sont pas présentés",
        (
            f"{MISSED}::test_the_second_excludes_in_whatever_city",
            f"{MISSED}::test_years_later_it_is_still_the_second",
            f"{DEFECT}::test_the_first_reported_only_after_the_second_was_missed",
        ),
    ),
    "M27": (
        "vérification des antécédents … confirmation d'identité",
        (
            f"{DOCUMENTS}::test_restricted_until_it_is_verified_again",
            f"{DOCUMENTS}::test_with_the_last_of_several_documents_it_ends",
            f"{DOCUMENTS}::test_it_is_no_fault",
        ),
    ),
    "M28": (
        "ne rien divulguer à des tiers",
        (
            f"{CONDUCT}::test_a_report_alone_is_nothing_and_its_confirmation_warns",
            "missions/test_erasure.py::test_no_plain_text_is_stored",
        ),
    ),
    "M29": (
        "La discrimination est interdite … toujours intransigeants",
        (
            f"{CONDUCT}::test_a_report_suspends_at_once_where_the_policy_decides",
            f"{CONDUCT}::test_a_report_is_a_proposal_where_a_person_decides",
            f"{CONDUCT}::test_a_persons_confirmation_excludes_in_that_persons_name",
        ),
    ),
    "M30": (
        "politique de tolérance zéro en matière d'avances sexuelles",
        (
            f"{CONDUCT}::test_a_report_suspends_at_once_where_the_policy_decides",
            f"{CONDUCT}::test_a_dismissal_lifts_what_the_report_caused",
        ),
    ),
    "M31": ("Gros mots", (f"{CONDUCT}::test_a_report_alone_is_nothing_and_its_confirmation_warns",)),
    "M32": ("Contact non-souhaité", (f"{CONDUCT}::test_a_report_alone_is_nothing_and_its_confirmation_warns",)),
    "M33": (
        "Endommager les biens",
        (
            f"{CONDUCT}::test_a_report_alone_is_nothing_and_its_confirmation_warns",
            f"{FINDINGS}::test_facts_that_change_nothing_find_nothing",
        ),
    ),
    "M34": (
        "Violation de la loi … tolérance zéro",
        (f"{CONDUCT}::test_a_report_suspends_at_once_where_the_policy_decides",),
    ),
    "M35": (
        "contournant la plateforme ou … paiements en espèces au noir",
        (f"{CONDUCT}::test_a_report_alone_is_nothing_and_its_confirmation_warns",),
    ),
    "M36": (
        "annule une intervention … dans le but de l'effectuer par la suite",
        (
            f"{CONDUCT}::test_a_report_alone_is_nothing_and_its_confirmation_warns",
            f"{CONDUCT}::test_conduct_moves_no_figure_of_missions",
        ),
    ),
    "M37": (
        "chaque partenaire n'est autorisé à utiliser qu'un seul compte",
        (
            f"{LINKED}::test_each_account_shows_the_union",
            f"{LINKED}::test_a_mission_that_both_accepted_counts_once_with_its_worst",
            f"{LINKED}::test_decisions_apply_to_the_person",
            f"{LEDGER}::test_links_within_a_batch_of_an_import_and_across_batches",
            "properties/test_persons.py::test_accounts_that_are_linked_count_like_one_account",
        ),
    ),
    "M38": (
        "propres cartes de visite ou flyers",
        (f"{CONDUCT}::test_a_report_alone_is_nothing_and_its_confirmation_warns",),
    ),
    "M39": (
        "action en justice … fermerons des comptes",
        (
            f"{DECISIONS}::test_a_termination_needs_thirty_days",
            f"{DECISIONS}::test_an_exception_to_the_notice_needs_evidence",
        ),
    ),
    "M41": (
        "Mila facture une commission par ordre de service négocié et complété",
        (f"{BILLING}::test_commission", f"{BILLING}::test_only_what_was_completed_costs"),
    ),
}

ROWS = [*(f"W{number}" for number in range(1, 30)), *(f"M{number}" for number in range(1, 42))]


def test_every_row_of_both_charters_has_its_one_place() -> None:
    advice = [each.row for each in ADVICE]

    assert sorted([*HELD, *advice]) == sorted(ROWS)
    assert len(set(advice)) == len(advice)


@pytest.mark.parametrize("row", HELD)
def test_the_tests_that_hold_a_row_exist(row: str) -> None:
    quote, named = HELD[row]

    assert quote
    assert named
    assert not_there(named) == []


@pytest.mark.parametrize("each", ADVICE, ids=lambda each: each.row)
def test_advice_says_why_it_counts_for_nothing(each: object) -> None:
    assert all(getattr(each, field).strip() for field in ("row", "document", "place", "sentence", "gloss", "why"))


def test_every_rule_has_a_file_of_tests_that_names_it() -> None:
    texts = [file.read_text() for file in sorted((TESTS / "rules").glob("test_*.py")) if file != Path(__file__)]
    for rule in RULES:
        named = f'"{rule.id}"' if not rule.id.startswith("conduct.") else rule.id.partition(".")[2]
        assert any(named in text or '"conduct.' in text for text in texts), rule.id
    assert len(RULE) == len(RULES)
