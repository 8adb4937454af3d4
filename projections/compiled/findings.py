"""Findings of a telling: as rows that can be counted, and as `Found` where somebody wants to see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.entries import Entry
from ledger.findings import document
from ledger.instants import NEVER, parse_us, to_text
from ledger.rulebook import RULE, RULES
from ledger.rules.figures import Ladder
from projections.compiled.deriving import Told
from projections.compiled.records import DECIDED, DEFECTS, PROPOSED, WARNED
from projections.compiled.rules import NUMBER
from projections.replay.consequences import Found

Numbers = npt.NDArray[Any]
Row = tuple[Any, ...]

TYPES = {WARNED: "pro.warned", PROPOSED: "pro.suspension_proposed", DECIDED: "pro.suspended"}
_TYPE = {name: number for number, name in TYPES.items()}
_DEFECT = {name: number for number, name in DEFECTS.items()}
_KEY = ("type", "rule", "at", "city", "first", "second", "third", "unexpired", "last_at", "defect", "until")


def rows_by_pro(findings: Numbers) -> dict[int, list[Row]]:
    """Pro (a number) → what makes each of its findings that finding and no other, sorted."""
    keys = zip(*(findings[name].tolist() for name in _KEY), strict=True)
    found: dict[int, list[Row]] = {}
    for pro, key in zip(findings["pro"].tolist(), keys, strict=True):
        found.setdefault(pro, []).append(key if key[0] != DECIDED else (*key[:3], None, *key[4:]))
    for rows in found.values():
        rows.sort()
    return found


def recorded_row(entry: Entry, city_of: Mapping[str, int]) -> Row | None:
    """The row of an engine's event; None where it says anything that no row can say (an older program's)."""
    data = entry.data
    rule = RULE.get(data.get("rule") or "")
    if rule is None:
        return None
    figures = data.get("figures") or {}
    last = figures.get("last_warning_at")
    until = data.get("until")
    judged = entry.type != "pro.suspended"
    names = rule.figures_type._fields if judged else ()
    values: list[Any] = [figures.get(name) for name in names]
    if None in values:
        return None
    ladder = Ladder(figures.get("unexpired_warnings") or 0, parse_us(last) if last else NEVER)
    city = figures.get("city")
    shown = document(rule, rule.figures_type(*values), ladder, city or "") if judged else {}
    if figures.get("procedural_defect"):
        shown["procedural_defect"] = figures["procedural_defect"]
    defect = _DEFECT.get(figures.get("procedural_defect"))
    kind = data.get("ladder") if entry.type == "pro.warned" else data.get("kind")
    if shown != figures or defect is None or kind != (rule.ladder if entry.type == "pro.warned" else rule.removal):
        return None
    first, second, third = [*values, 0, 0, 0][:3]
    number = city_of.get(city, -2) if city else -1
    return (
        _TYPE[entry.type], NUMBER[rule.id], entry.at, number if judged else None, first, second, third,
        ladder.unexpired, ladder.last_at, defect, parse_us(until) if until else NEVER,
    )  # fmt: skip


class Showing:
    """Turns rows into what people are shown."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.cities = told.names["city"].list()
        self.pros = told.names["pro"].list()

    def found(self, finding: Any, evidence: Iterable[int] = (), cause: Entry | None = None) -> Found:
        """The finding of a row."""
        rule = RULES[finding["rule"]]
        kind = int(finding["type"])
        data: dict[str, Any] = {"rule": rule.id}
        if kind == DECIDED:
            data |= {"kind": rule.removal, "by": "engine"}
            if finding["until"] != NEVER:
                data["until"] = to_text(int(finding["until"]))
        else:
            data["policy"] = self.told.policies[finding["policy"]].name
            data["figures"] = self._figures(finding)
            data["ladder" if kind == WARNED else "kind"] = rule.ladder if kind == WARNED else rule.removal
        positions = tuple(sorted(set(map(int, evidence)))) if kind != DECIDED else ()
        pro = self.pros[finding["pro"]]
        return Found(TYPES[kind], pro, int(finding["at"]), data, positions, None, None, cause)

    def _figures(self, finding: Any) -> dict[str, Any]:
        rule = RULES[finding["rule"]]
        values = [int(finding[name]) for name in ("first", "second", "third")]
        figures = rule.figures_type(*values[: len(rule.figures_type._fields)])
        city = self.cities[finding["city"]] if finding["city"] >= 0 else ""
        shown = document(rule, figures, Ladder(int(finding["unexpired"]), int(finding["last_at"])), city)
        defect = DEFECTS[int(finding["defect"])]
        return shown if defect is None else shown | {"procedural_defect": defect}

    def all_of(self, pros: Sequence[int], cause_of: Callable[[list[int]], Mapping[int, Entry]]) -> list[Found]:
        """Every finding about these pros, with its evidence; `cause_of` gives the events at positions."""
        rows, positions = self.told.evidence(pros)
        causes = cause_of(sorted(set(rows["position"].tolist())))
        return [
            self.found(
                row, positions[row["evidence"] : row["evidence"] + row["positions"]], causes.get(int(row["position"]))
            )
            for row in rows
        ]


def of_pros(findings: Numbers, pros: Sequence[int]) -> Numbers:
    """The findings about some pros."""
    return findings[np.isin(findings["pro"], np.array(pros, np.int64))]
