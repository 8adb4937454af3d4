"""Comparing what is recorded with what follows: findings, access, bills; a batch of pros at a time, then one answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ledger.billing import Line
from ledger.entries import Entry
from ledger.events.catalogue import PROPOSED, SUSPENDED, WARNED
from ledger.money import to_amount
from ledger.pros.records import ACCESS_NAMES
from projections.billing_reading import line_answer
from projections.billing_totals import total_answer
from projections.replay.consequences import Consequences, Found, LeftOut, named_event

TAKEN_AWAY, VOIDED, LEFT_OUT = "taken_away", "voided", "left_out"
"""Why a recorded fact is missing from what was told: a replay was asked without it, a void, or a refusal."""

EVIDENCE = "evidence"
"""What a fact that a finding rests on, or that triggered it, is to the finding."""

_AT_ONE_INSTANT = (PROPOSED, SUSPENDED, WARNED)
"""What the engine finds because of one fact, in the order in which it does."""

Answer = dict[str, Any]
Lost = Mapping[int, tuple[Entry, str]]
"""Position of a fact that was not told → the fact, and why."""


class Comparison:
    """Differences so far. A batch is added with both its sides; nothing is kept of what is the same on both."""

    def __init__(self, *, now: int) -> None:
        self._now = now
        self.recorded = self.derived = 0
        self.missing: list[Answer] = []
        self.extra: list[Answer] = []
        self.access: list[Answer] = []
        self.left_out: dict[int, LeftOut] = {}
        self.unfounded: list[Answer] = []
        self._bills: dict[str, list[Line | None]] = {}
        self._because: dict[str, list[Answer]] = {}
        self._totals: tuple[dict[str, list[int]], dict[str, list[int]]] = ({}, {})

    def add(self, recorded: Consequences, derived: Consequences, lost: Lost) -> None:
        """Compare what is recorded of some pros with what follows for them."""
        self.recorded += len(recorded.findings)
        self.derived += len(derived.findings)
        gone, new = differing(recorded.findings, derived.findings)
        self.missing += [{**each.document(), "why": _why(each, lost)} for each in gone]
        self.extra += [{**each.document(), "why": []} for each in new]
        self.access += [
            {"pro": pro, "access_recorded": ACCESS_NAMES[level], "access_derived": ACCESS_NAMES[derived.access[pro]]}
            for pro, level in sorted(recorded.access.items())
            if derived.access[pro] != level
        ]
        self.left_out.update((each.entry.position, each) for each in derived.left_out)
        self.unfounded += [
            {**named_event(each), "pro": each.subject, "proposal": each.data["proposal"]} for each in derived.unfounded
        ]
        self._add_lines(recorded.lines, derived.lines, lost)

    def add_alike(self, findings: int, sums: Mapping[str, Sequence[int]]) -> None:
        """So many findings, and lines with these sums (gross, commission, VAT), are the same on both sides."""
        self.recorded += findings
        self.derived += findings
        for side in self._totals:
            merge_sums(side, sums)

    def _add_lines(self, recorded: Mapping[str, Line], derived: Mapping[str, Line], lost: Lost) -> None:
        for sums, lines in zip(self._totals, (recorded, derived), strict=True):
            add_up(sums, lines.values())
        changed = {mission for mission, _, _ in changed_lines(recorded, derived)}
        for mission in sorted(changed):
            both = self._bills.setdefault(mission, [None, None])
            # The line of a mission may go from a pro of one batch to a pro of another.
            for side, lines in enumerate((recorded, derived)):
                both[side] = lines.get(mission) or both[side]
        for entry, reason in lost.values():
            if entry.subject in changed:
                self.note(entry.subject, entry, reason)

    def note(self, mission: str, entry: Entry, reason: str) -> None:
        """Should the line of a mission differ: an event that made the difference, and what became of it."""
        self._because.setdefault(mission, []).append({**named_event(entry), "because": reason})

    # -- the answer ---------------------------------------------------------------------------------------------

    def findings(self) -> Answer:
        """`findings` of `replay --json`."""
        return {
            "recorded": self.recorded,
            "derived": self.derived,
            "same": not self.missing and not self.extra,
            "missing": sorted(self.missing, key=_in_time),
            "extra": sorted(self.extra, key=_in_time),
        }

    def billing(self) -> Answer:
        """`billing` of `replay --json`."""
        bills = [
            self._changed(mission, recorded, derived)
            for mission, (recorded, derived) in sorted(self._bills.items())
            if recorded != derived
        ]
        return {
            "changed": bills,
            "totals_recorded": totals(self._totals[0]),
            "totals_derived": totals(self._totals[1]),
        }

    def _changed(self, mission: str, recorded: Line | None, derived: Line | None) -> Answer:
        line = derived or recorded
        assert line is not None
        because = {each["position"]: each for each in self._because.get(mission, ())}
        return {
            "mission": mission,
            "pro": line.pro,
            "currency": line.currency,
            "recorded": line_answer(recorded, now=self._now) if recorded else None,
            "derived": line_answer(derived, now=self._now) if derived else None,
            **{
                f"{name}_change": to_amount(amount(derived, name) - amount(recorded, name), line.currency)
                for name in ("gross", "commission", "vat", "net")
            },
            "why": [because[position] for position in sorted(because)],
        }


def differing(recorded: Sequence[Found], derived: Sequence[Found]) -> tuple[list[Found], list[Found]]:
    """(what is only recorded, what only follows); of several alike, as many as one side has more of."""
    surplus = Counter(each.key for each in recorded)
    surplus.subtract(each.key for each in derived)
    gone: list[Found] = []
    new: list[Found] = []
    for findings, sign, only in ((recorded, 1, gone), (derived, -1, new)):
        for each in reversed(findings):
            if surplus[each.key] * sign > 0:
                surplus[each.key] -= sign
                only.append(each)
    return gone[::-1], new[::-1]


def changed_lines(
    recorded: Mapping[str, Line], derived: Mapping[str, Line]
) -> list[tuple[str, Line | None, Line | None]]:
    """(mission, its line on either side) where they differ in anything but the name of the policy."""
    changed = []
    for mission in sorted(recorded.keys() | derived.keys()):
        was, now = recorded.get(mission), derived.get(mission)
        if was is None or now is None or was != now._replace(policy=was.policy):
            changed.append((mission, was, now))
    return changed


def amount(line: Line | None, name: str) -> int:
    """An amount of a line in minor units; 0 without a line."""
    if line is None:
        return 0
    amounts: dict[str, int] = {"gross": line.gross, "commission": line.commission, "vat": line.vat}
    amounts["net"] = line.gross - line.commission - line.vat
    return amounts[name]


def add_up(sums: dict[str, list[int]], lines: Iterable[Line]) -> None:
    """Add lines to the sums (gross, commission, VAT) of their currencies."""
    for line in lines:
        of_currency = sums.setdefault(line.currency, [0, 0, 0])
        of_currency[0] += line.gross
        of_currency[1] += line.commission
        of_currency[2] += line.vat


def merge_sums(sums: dict[str, list[int]], others: Mapping[str, Sequence[int]]) -> None:
    """Add other sums to the sums of their currencies."""
    for currency, amounts in others.items():
        known = sums.setdefault(currency, [0, 0, 0])
        known[:] = [before + more for before, more in zip(known, amounts, strict=True)]


def totals(sums: Mapping[str, Sequence[int]]) -> Answer:
    """Sums as `billing --json` shows totals."""
    return {currency: total_answer(currency, *of_currency) for currency, of_currency in sorted(sums.items())}


def _why(finding: Found, lost: Lost) -> list[Answer]:
    """The facts it rests on that were not told."""
    rests_on = {*finding.evidence, *([finding.cause.position] if finding.cause else [])}
    return [
        {**named_event(lost[position][0]), "role": EVIDENCE, "because": lost[position][1]}
        for position in sorted(rests_on)
        if position in lost
    ]


def _in_time(finding: Answer) -> tuple[str, str, int, int]:
    return finding["time"], finding["pro"], finding["position"] or 0, _AT_ONE_INSTANT.index(finding["type"])
