"""Which parameters of the policy a rule depends on, found from its functions, so that no list of them can go stale."""

from __future__ import annotations

from collections.abc import Mapping
from types import CodeType, FunctionType

from ledger.policies.parameters import NAMES
from ledger.pros.figures import CityFigures
from ledger.pros.pro import Pro
from ledger.pros.records import LASTING_LADDERS
from ledger.rulebook.rule import Rule

_WHERE_FACTS_ARE_COUNTED: dict[str, tuple[str, ...]] = {
    "cancellation.late": ("late_threshold_seconds",),
    "no_show": ("no_show_needs_confirmation",),
}
"""What is read where a mission is folded, before any rule is asked (`ledger.missions`)."""


def parameters_of(rule: Rule) -> tuple[str, ...]:
    """The parameters that decide what a rule finds and what follows, in the order of the policy file."""
    named = {"decision_automatic", *_WHERE_FACTS_ARE_COUNTED.get(rule.id, ())}
    if rule.ladder and rule.ladder not in LASTING_LADDERS:
        named.add("warnings_expiry_seconds")
    seen: set[FunctionType] = set()
    _follow(rule.triggered, named, seen, methods={})
    for function in (rule.figures, rule.evidence, rule.evaluate, rule.lasts):
        _follow(function, named, seen, methods={**vars(Pro), **vars(CityFigures)})
    return tuple(name for name in NAMES if name in named)


def _follow(function: object, named: set[str], seen: set[FunctionType], *, methods: Mapping[str, object]) -> None:
    """Add every name a function reads, and those read by what it calls in the ledger: functions, and these methods."""
    if not isinstance(function, FunctionType) or function in seen or not function.__module__.startswith("ledger."):
        return
    seen.add(function)
    for name in _names(function.__code__):
        named.add(name)
        for called in (function.__globals__.get(name), methods.get(name)):
            _follow(called, named, seen, methods=methods)


def _names(code: CodeType) -> list[str]:
    """The global and attribute names in a function and in what is written inside it."""
    inner = [name for each in code.co_consts if isinstance(each, CodeType) for name in _names(each)]
    return [*code.co_names, *inner]
