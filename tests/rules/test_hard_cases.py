"""The hard cases that touch the rules: every one of them, with the tests that hold it.

`HARD_CASES` are in the order of the list they come from, under its headings. Where the ledger decides otherwise than
that list suggests, `OTHERWISE` says how and why; the tests named beside it hold what it decides.
"""

from __future__ import annotations

import pytest

from .named import (
    ABSENCE,
    ABSENT,
    APPLICATION,
    ARRIVALS,
    BACK,
    BILLING,
    CANCELLING,
    CLOSING,
    CONDUCT,
    CRASHES,
    DAMAGE,
    DECISIONS,
    DEFECT,
    ERASURE,
    FINDINGS,
    INPUT,
    LADDER,
    LATE,
    LINES,
    LINKED,
    LOG,
    MEAN,
    MISSED,
    NEGATIVE,
    NEUTRAL,
    NO_SHOWS,
    OWN,
    RATE,
    RATINGS,
    RERUN,
    REVIEWS,
    SERIES,
    STEPS,
    WINDOWS,
    WRITERS,
    not_there,
)

HARD_CASES: dict[str, dict[str, tuple[str, ...]]] = {
    "ingestion and ordering": {
        "the same id with the same content: recorded once, a duplicate the second time": (
            f"{RERUN}::test_a_second_run_finds_only_duplicates_and_writes_nothing",
            f"{RERUN}::test_other_spellings_are_the_same_event",
        ),
        "the same id with another content: a conflict that shows both digests": (
            f"{RERUN}::test_other_contents_under_its_id_are_conflicts",
        ),
        "one action under two ids, a double tap within seconds: counted once": (
            f"{OWN}::test_a_double_tap_is_one_cancellation",
            f"{CANCELLING}::test_who_gave_a_mission_up_cannot_cancel_it_again",
        ),
        "a device clock three hours ahead": (
            f"{INPUT}::test_five_minutes_ahead_of_the_clock_is_no_future",
            f"{LINES}::test_a_refused_line_is_refused_alone",
        ),
        "something that happened before the mission was requested": (
            f"{STEPS}::test_nothing_happens_before_the_request",
        ),
        "a time without an offset, and the 30th of February": (
            f"{INPUT}::test_refused",
            f"{LINES}::test_a_refused_line_is_refused_alone",
        ),
        "two events of one microsecond keep their order": (
            f"{ARRIVALS}::test_events_of_one_instant_keep_the_order_of_arrival",
        ),
        "a leap second": (f"{LINES}::test_a_refused_line_is_refused_alone",),
        "10 MB, 100,000 levels, a number of 400 digits: refused alone, nothing of it stored": (
            f"{LINES}::test_a_refused_line_is_refused_alone",
            f"{LINES}::test_all_of_them_at_once_leave_the_rest",
        ),
        "ids are ASCII; odd characters are shown and never obeyed; a text never becomes a formula": (
            f"{LINES}::test_a_refused_line_is_refused_alone",
            "commands/test_tables.py::test_odd_text_is_shown_and_never_obeyed",
            "exports/test_tables.py::test_a_text_never_becomes_a_formula_and_a_number_stays_one",
        ),
        "a crash in the middle of an append": (
            f"{LOG}::test_what_was_acknowledged_survives_a_killed_server",
            f"{CRASHES}::test_an_import_killed_at_any_moment_and_run_again_ends_like_an_undisturbed_one",
        ),
        "two writers at once: no position twice, no number missing": (
            f"{LOG}::test_eight_writers_at_once_and_a_reader_that_never_skips",
            f"{WRITERS}::test_two_imports_at_once_keep_the_order_of_commits",
            "invoices/test_races.py::test_processes_that_issue_at_once_share_the_numbers",
        ),
        "an unknown type is refused, an older version of a known one is read": (
            f"{INPUT}::test_refused",
            f"{APPLICATION}::test_an_older_revision_is_upcast_and_stays_stored_as_it_was",
        ),
        "an event of version 1 read by a later program; what is stored never changes": (
            f"{APPLICATION}::test_an_older_revision_is_upcast_and_stays_stored_as_it_was",
            f"{APPLICATION}::test_the_table_of_upcasters_has_no_gap",
        ),
    },
    "life cycle": {
        "refused or expired a thousand times: nothing changes, no explanation cites it": (
            f"{OWN}::test_a_thousand_refusals_are_no_evidence",
            f"{NEUTRAL}::test_refusals_and_lapsed_proposals_change_no_finding_and_no_figure",
            "properties/test_persons.py::test_lapsed_proposals_change_nothing_about_persons_either",
        ),
        "an offer that another pro took": (
            f"{OWN}::test_a_thousand_refusals_are_no_evidence",
            f"{ARRIVALS}::test_a_lapsed_proposal_never_keeps_an_acceptance_out",
        ),
        "accepted after the offer had expired": (f"{ARRIVALS}::test_a_lapsed_proposal_never_keeps_an_acceptance_out",),
        "cancelled after the completion; what is owed goes by an adjustment": (
            f"{STEPS}::test_step_after",
            "billing/test_adjusting.py::test_an_adjustment_goes_into_the_next_month_as_credit_and_line",
        ),
        "exactly 24 hours before the start is not late": (f"{LATE}::test_late_is_less_than_24_hours",),
        "a reschedule agreed by the client: nothing above the line, once below": (
            f"{CANCELLING}::test_a_rescheduling_never_counts",
        ),
        "the client cancels: nothing above the line": (
            f"{NEUTRAL}::test_a_cancellation_by_client_or_platform_never_enters_a_numerator",
            f"{BILLING}::test_only_what_was_completed_costs",
        ),
        "the pro asked the client to cancel: a person puts it right": (
            f"{OWN}::test_a_cancellation_that_was_the_pros_after_all",
        ),
        "cancelled, then done off the platform: a ground of conduct, and one cancellation": (
            f"{OWN}::test_cancelled_and_done_off_the_platform",
            f"{CONDUCT}::test_a_report_alone_is_nothing_and_its_confirmation_warns",
        ),
        "the platform cancels or reassigns: neutral": (
            f"{NEUTRAL}::test_a_cancellation_by_client_or_platform_never_enters_a_numerator",
            f"{LATE}::test_what_is_not_the_pros_fault_does_not_count",
        ),
        "ten weekly sessions ended once: one cancellation": (
            f"{SERIES}::test_ten_weekly_missions_ended_are_one_cancellation",
        ),
        "client absent at 19:59 refused, at 20:00 taken": (
            f"{ABSENCE}::test_twenty_minutes_to_the_second",
            f"{ABSENT}::test_twenty_minutes_on_site",
        ),
        "client absent while cleaning, with a check-in": (
            f"{ABSENT}::test_a_verified_check_in_replaces_the_wait_for_cleaning",
            f"{OWN}::test_where_the_policy_says_so_cleaning_waits_too",
        ),
        "an unverified check-in: the wait applies, and nothing is disputed": (
            f"{ABSENT}::test_a_verified_check_in_replaces_the_wait_for_cleaning",
            f"{NO_SHOWS}::test_an_unverified_check_in_disputes_nothing",
        ),
        "a report against a check-in or a client-absent declaration: disputed, both claims kept": (
            f"{NO_SHOWS}::test_evidence_of_presence_makes_it_disputed",
            f"{ABSENT}::test_the_clients_claim_and_the_pros_are_both_kept",
        ),
        "neither has evidence: an allegation": (
            f"{NO_SHOWS}::test_counts_at_once",
            f"{NO_SHOWS}::test_the_policy_may_ask_for_a_confirmation_of_each",
        ),
        "two reports of one missed mission: one no-show": (
            f"{NO_SHOWS}::test_two_reports_of_one_absence_are_one_no_show",
        ),
        "two no-shows on one day, the warning not yet given: a procedural defect": (
            f"{DEFECT}::test_both_on_one_day",
            f"{DEFECT}::test_confirmations_that_come_late",
        ),
        "the first no-show years ago, the second today": (f"{MISSED}::test_years_later_it_is_still_the_second",),
    },
    "rating": {
        "a rating of a mission refused, only requested, or cancelled": (
            f"{RATINGS}::test_without_an_acceptance_nobody_is_rated",
            f"{RATINGS}::test_a_mission_cancelled_before_its_start_is_not_rated",
            f"{RATINGS}::test_one_cancelled_by_the_client_after_the_start_is_kept_and_does_not_count",
            f"{RATINGS}::test_after_a_no_show_the_rating_is_kept_and_does_not_count",
        ),
        "revenge of a client who was absent": (
            f"{ABSENCE}::test_neither_a_report_nor_a_rating_of_the_client_turns_it_round",
            f"{ABSENT}::test_a_rating_that_came_before_is_set_aside",
        ),
        "two ratings of one mission in one direction": (
            f"{RATINGS}::test_one_rating_in_each_direction",
            f"{OWN}::test_a_rating_is_revised_by_a_void_and_a_new_one",
        ),
        "0, 6, 4.5, text, null, NaN, true": (
            f"{RATINGS}::test_stars_are_whole_and_one_to_five",
            f"{LINES}::test_a_refused_line_is_refused_alone",
        ),
        "exactly the minimum is fine, one star less is not": (
            f"{OWN}::test_fifty_ratings_against_four_point_sixty",
            f"{MEAN}::test_the_bounds_are_exact",
        ),
        "sixty completed and ten rated: too few ratings are no breach": (
            f"{OWN}::test_sixty_done_and_ten_rated",
            f"{MEAN}::test_too_few_ratings_are_no_breach",
        ),
        "a rating after its client was erased": (
            f"{ERASURE}::test_facts_without_text_are_still_taken",
            f"{ERASURE}::test_figures_and_amounts_stay",
        ),
        "a rating voided after a suspension: the mean recovers, a review opens, nobody is reinstated by it": (
            f"{NEGATIVE}::test_a_voided_rating_is_none",
            f"{REVIEWS}::test_a_rating_that_no_longer_counts",
            f"{FINDINGS}::test_a_finding_is_not_rewritten_by_what_arrives_later",
        ),
        "a rating by the pro's own second account": (f"{NEGATIVE}::test_a_voided_rating_is_none",),
        "three negative ratings by one client": (f"{NEGATIVE}::test_three_by_one_client_are_one",),
    },
    "standing and policy": {
        "nothing accepted: no rate": (f"{OWN}::test_nothing_accepted_is_no_rate",),
        "2 of 50 is 4.00 % and no alert, 3 of 74 is one": (f"{RATE}::test_above_the_average_and_enough_missions",),
        "1 of 1 is below the minimum of missions": (f"{RATE}::test_above_the_average_and_enough_missions",),
        "a hundred future missions do not dilute": (
            f"{WINDOWS}::test_a_hundred_missions_to_come_dilute_only_where_the_policy_lets_them",
        ),
        "a city with two pros: the national figure, flagged": (
            "cities/test_computed_baselines.py::test_with_too_few_pros_the_national_figure_serves_and_says_so",
        ),
        "a policy with five days' notice": (
            f"{INPUT}::test_a_policy_needs_its_notice_unless_forced",
            "policies/test_policy_register.py::test_notice_of_a_change_is_fifteen_days_to_the_microsecond",
        ),
        "a threshold raised overnight: simulated before, and grace for those in breach only because of it": (
            "replay/test_simulate.py::test_who_would_be_warned_excluded_and_reinstated",
            "rules/test_grace.py::test_who_is_in_breach_only_since_the_change_is_not_warned_in_the_grace",
        ),
        "three evaluations in a minute, one warning": (f"{OWN}::test_three_in_a_minute_are_one_warning",),
        "a warning that did not reach the pro": (f"{LADDER}::test_a_voided_warning_is_a_step_back",),
        "a warning that expired is a step back": (f"{LADDER}::test_a_warning_expires_after_exactly_180_days",),
        "a suspension without a statement, or by the engine from outside": (
            f"{DECISIONS}::test_no_statement",
            f"{INPUT}::test_the_engine_is_nobody_outside",
        ),
        "a termination in ten days": (f"{DECISIONS}::test_a_termination_needs_thirty_days",),
        "reinstated, then one cancellation; no-shows stay": (
            f"{BACK}::test_late_cancellations_start_anew_but_stay_in_the_rate",
            f"{BACK}::test_no_shows_stay",
        ),
        "a complaint six months after 31 August": ("missions/test_complaints.py::test_the_deadline",),
        "one person, two accounts: the union, a shared mission once, and a void takes it back": (
            f"{LINKED}::test_each_account_shows_the_union",
            f"{LINKED}::test_a_mission_that_both_accepted_counts_once_with_its_worst",
            f"{LINKED}::test_a_void_restores_each_accounts_own_standing",
        ),
        "a pro who leaves and comes back: no fresh start": (f"{OWN}::test_registering_again_is_no_fresh_start",),
        "an erasure while a complaint is open or an invoice unpaid": (
            f"{ERASURE}::test_figures_and_amounts_stay",
            f"{OWN}::test_an_erasure_takes_no_complaint_away",
        ),
        "an explanation never names a client": (
            "commands/test_recourse.py::test_a_statement_of_reasons",
            "projections/test_timeline.py::test_no_personal_text_is_told",
        ),
    },
    "time": {
        "a local time that does not exist, and one that comes twice": (
            "importing/test_sources.py::test_csv_local_times_are_resolved_or_refused_never_guessed",
        ),
        "a mission in Geneva, a server in UTC, a phone in Lisbon: the zone is the mission's": (
            f"{OWN}::test_the_zone_is_that_of_the_mission",
            f"{CLOSING}::test_closing",
        ),
        "a zone database that changes after a bill closed": (
            "billing/test_closing_a_month.py::test_another_zone_database_moves_nothing_that_is_frozen",
            "billing/test_closing_a_month.py::test_a_ledger_whose_zone_database_was_corrected_is_still_sound",
        ),
    },
    "money, where it touches the rules": {
        "a damage file with one of two documents, or declared late": (
            f"{DAMAGE}::test_one_of_two_documents_is_missing",
            f"{DAMAGE}::test_a_late_declaration_is_marked_and_not_refused",
        ),
        "no commission on what was cancelled or on a client's absence": (
            f"{BILLING}::test_only_what_was_completed_costs",
            f"{BILLING}::test_a_clients_absence_bears_a_fee_and_no_commission",
        ),
        "a commission that changed between acceptance and completion": (f"{BILLING}::test_commission",),
    },
    "further ones of the same families": {
        "elapsed hours, not the wall clock, on the days of 23 and 25 hours": (
            f"{LATE}::test_hours_that_elapsed_not_the_wall_clock",
        ),
        "the worst outcome of a mission alone counts": (f"{CANCELLING}::test_the_worst_of_two_stints_counts_once",),
        "the fee for an absent client in another currency than the cap": (
            f"{ABSENCE}::test_each_currency_has_its_own_cap",
        ),
        "two reports of conduct under one id": (f"{CONDUCT}::test_two_sources_may_give_two_reports_one_id",),
        "a policy or a baseline voided after pros were judged by it": (
            f"{REVIEWS}::test_a_voided_baseline_shakes_what_was_judged_by_it_in_that_city",
            f"{REVIEWS}::test_a_voided_policy_shakes_what_it_said_otherwise",
        ),
    },
}

OTHERWISE: dict[str, str] = {
    "a device clock three hours ahead": "refused (`future_event`) rather than kept under another time than it claims",
    "a leap second": "refused: Python, PostgreSQL and JSON Schema know none, and a guess would move the event",
    "accepted after the offer had expired": "taken: what lapsed never counts, so it keeps nobody out either",
    "the client cancels: nothing above the line": "no tiers of fees: only what was completed and an absence are billed",
    "the pro asked the client to cancel: a person puts it right": "by a void and the true event, as every "
    "correction of a fact is made, not by an event of its own kind",
    "client absent while cleaning, with a check-in": "both readings are values of the policy, per city",
    "neither has evidence: an allegation": "the policy says whether a report counts at once or waits for a person; "
    "no time that passes in silence confirms it",
    "the first no-show years ago, the second today": "no window: « plus d'une fois », whenever the first was",
    "two ratings of one mission in one direction": "refused; a person voids the first, then the new one is taken",
    "sixty completed and ten rated: too few ratings are no breach": "only the window of rated missions: « nous "
    "n'affichons que la note moyenne », and what is not rated has none",
    "a rating by the pro's own second account": "the ledger cannot know a client's identity: a person voids the rating",
    "a warning that did not reach the pro": "delivery is not recorded: a person voids the warning, and the "
    "ladder is a step lower",
    "reinstated, then one cancellation; no-shows stay": "no probation: ladders and late cancellations start "
    "anew, rates and no-shows stay",
    "a pro who leaves and comes back: no fresh start": "leaving is no event: what was recorded about an id stays",
    "an erasure while a complaint is open or an invoice unpaid": "taken: it destroys only the key of the personal "
    "text; complaints, figures, amounts and invoices stay",
    "a local time that does not exist, and one that comes twice": "refused, never shifted",
}
"""Case → what the ledger decides instead, and why; whatever is not here is decided as the list suggests."""

CASES = {case: tests for cases in HARD_CASES.values() for case, tests in cases.items()}


@pytest.mark.parametrize("case", CASES)
def test_the_tests_of_a_hard_case_exist(case: str) -> None:
    assert CASES[case]
    assert not_there(CASES[case]) == []


def test_every_case_of_the_list_is_here() -> None:
    assert [len(cases) for cases in HARD_CASES.values()][:5] == [14, 19, 10, 18, 3]
    assert len(CASES) == sum(len(cases) for cases in HARD_CASES.values())
    assert OTHERWISE.keys() <= CASES.keys()
