"""The flat records of the compiled fold, as NumPy types: a mission, a move of a pro's figures, a finding, a bill.

Instants are microseconds, positions those of the log, names are the numbers of `projections.columns.reading`.
"""

from __future__ import annotations

import numpy as np

EVENT = np.dtype(
    [
        ("at", "i8"),
        ("when", "i8"),
        ("position", "i4"),
        ("register", "i4"),  # the policies known when it was recorded
        ("mission", "i4"),
        ("pro", "i4"),
        ("minutes", "i4"),
        ("detail", "i4"),
        ("kind", "u1"),  # GONE_EVENT: it never happened
        ("by", "i1"),
        ("flag", "i1"),
    ],
    align=True,
)
GONE_EVENT = 255

DETAIL = np.dtype(
    [
        ("amount", "i8"),
        ("client", "i4"),
        ("city", "i4"),
        ("service", "i4"),
        ("timezone", "i4"),
        ("currency", "i4"),
        ("series", "i4"),
        ("hourly", "i1"),
    ],
    align=True,
)

MISSION = np.dtype(
    [
        ("requested_at", "i8"),
        ("starts_at", "i8"),
        ("state_at", "i8"),  # when it ended; while it is under way, when its pro checked in
        ("latest_at", "i8"),
        ("accepted_at", "i8"),
        ("price", "i8"),
        ("city", "i4"),
        ("client", "i4"),
        ("service", "i4"),
        ("timezone", "i4"),
        ("currency", "i4"),
        ("series", "i4"),
        ("minutes", "i4"),
        ("asked_minutes", "i4"),
        ("pro", "i4"),  # who accepted it; -1: nobody
        ("ordinal", "i4"),  # which one of that pro's missions it is
        ("accepted_position", "i4"),
        ("rated_position", "i4"),
        ("register", "i4"),  # the policies known when its line was last touched
        ("later", "i4"),  # the number of its record in LATER; 0: none
        ("state", "i1"),
        ("known", "i1"),
        ("held", "i1"),
        ("odd", "i1"),  # told in plain Python instead
        ("hourly", "i1"),
        ("adverse", "i1"),
        ("stars", "i1"),
        ("rating_counts", "i1"),
        ("pro_rated", "i1"),
    ],
    align=True,
)

LATER = np.dtype(
    [
        ("judged_start", "i8"),  # the start that lateness is measured against
        ("asked_start", "i8"),  # of the request, whatever was moved since
        ("added", "i8"),
        ("adverse_at", "i8"),
        ("missed_at", "i8"),  # of the no-show that was reported, whether it counts or not
        ("adverse_position", "i4"),
        ("confirmed_position", "i4"),
        ("missed_position", "i4"),
        ("late", "i1"),
        ("by_cancellation", "i1"),
        ("of_series", "i1"),
        ("reporters", "i1"),  # bits: who reported the no-show; 0: nobody
        ("missed_by_cancelling", "i1"),
    ],
    align=True,
)
"""What became of a mission that did not simply take place; most have none, and number 0 is nobody's."""

MOVE = np.dtype(
    [
        ("at", "i8"),
        ("due_at", "i8"),
        ("ended_at", "i8"),  # of a mission whose rating counts, else NEVER
        ("position", "i4"),  # of the event that moved it
        ("ordinal", "i4"),  # which one of the pro's missions
        ("register", "i4"),
        ("city_or_rating", "i4"),
        ("client_or_beside", "i4"),
        ("kind", "i1"),
        ("stars", "i1"),
    ],
    align=True,
)
"""What an event makes of a mission's contribution to a pro's figures, or what was said of the pro itself."""

ACCEPTED, CHANGED, WHOLE, GONE, DOCUMENT, UNAVAILABLE = range(6)
"""Kinds of moves. ACCEPTED: a mission begins to contribute, in `city` and for `client`. CHANGED: `rating` is the

position of its rating, `beside` the number of its record in AGAINST. WHOLE: all of it is in record `beside` of
CONTRIBUTION, of a mission that plain Python told; GONE: it contributes nothing any more. DOCUMENT: `stars` is which,
`beside` whether it expired. UNAVAILABLE: from `ended_at` until `due_at`."""

AGAINST = np.dtype(
    [
        ("adverse_at", "i8"),
        ("requested_at", "i8"),
        ("asked_start", "i8"),
        ("asked_end", "i8"),
        ("adverse_position", "i4"),
        ("confirmed_position", "i4"),
        ("of_series", "i4"),  # that the pro ended with this mission; -1: none
        ("adverse", "i1"),
        ("late", "i1"),
        ("by_cancellation", "i1"),
    ],
    align=True,
)
"""What a mission has against its pro, and what was asked of the pro: an absence may excuse it. Number 0 is nothing."""

CONTRIBUTION = np.dtype(
    [
        ("accepted_at", "i8"),
        ("due_at", "i8"),
        ("adverse_at", "i8"),
        ("ended_at", "i8"),
        ("accepted_position", "i4"),
        ("adverse_position", "i4"),
        ("confirmed_position", "i4"),
        ("rated_position", "i4"),
        ("of_series", "i4"),
        ("against", "i4"),
        ("city", "i4"),
        ("client", "i4"),
        ("stars", "i1"),
        ("adverse", "i1"),
        ("late", "i1"),
        ("by_cancellation", "i1"),
    ],
    align=True,
)
"""What a mission contributes to a pro's figures: `ledger.missions.mission.Contribution`."""

FINDING = np.dtype(
    [
        ("at", "i8"),
        ("last_at", "i8"),  # of the last warning on the ladder
        ("until", "i8"),  # of a decision; NEVER: no end of its own
        ("evidence", "i8"),  # where its positions begin
        ("position", "i4"),  # of the event that caused it
        ("pro", "i4"),
        ("city", "i4"),
        ("policy", "i4"),
        ("first", "i4"),  # the figures, in the order of the rule's record
        ("second", "i4"),
        ("third", "i4"),
        ("unexpired", "i4"),
        ("positions", "i4"),  # how many are its evidence
        ("rule", "i1"),
        ("type", "i1"),
        ("defect", "i1"),
    ],
    align=True,
)

WARNED, PROPOSED, DECIDED = range(3)
NO_DEFECT, NEVER_WARNED, WARNED_TOO_LATE = range(3)
DEFECTS = {NO_DEFECT: None, NEVER_WARNED: "never_warned", WARNED_TOO_LATE: "warning_after_second_no_show"}
"""As proposals spell them."""

BILL = np.dtype(
    [
        ("gross", "i8"),
        ("commission", "i8"),
        ("vat", "i8"),
        ("ended_at", "i8"),
        ("closes_at", "i8"),
        ("minutes", "i4"),
        ("policy", "i4"),
        ("terms", "i4"),
        ("rate", "i4"),  # a number in the table of rates; 0: none
        ("month", "i4"),  # year × 12 + month − 1
        ("kind", "i1"),
    ],
    align=True,
)
NO_LINE, COMPLETED_LINE, ABSENT_LINE = range(3)
LINE_KINDS = ("", "completed", "client_absent")
"""As billing lines spell them."""
