"""No amount is ever a float: the records say so to the type checker, and histories put only integers in them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from missions.kit import Story

from ledger.billing import Exact, Line, Workings, line_of, workings
from ledger.billing_entries import FrozenEntry
from ledger.invoicing import Item
from ledger.invoicing import Sums as DocumentSums
from ledger.missions.adjustments import Adjustment
from ledger.missions.facts import Request
from ledger.policies.document import Policy
from ledger.policies.parameters import Parameters
from projections.closing import Frozen
from projections.compiled.records import BILL, DETAIL, MISSION
from projections.exports.billed import Billed

from .histories import Plan, in_time, plans

RECORDS = (Request, Parameters, Exact, Workings, Line, FrozenEntry, Adjustment, Frozen, Billed, Item, DocumentSums)


def kinds(hint: Any) -> Iterator[Any]:
    """Every type that a type is made of."""
    yield hint
    for each in get_args(hint):
        yield from kinds(each)


@pytest.mark.parametrize("record", RECORDS, ids=lambda each: each.__name__)
def test_no_record_of_an_amount_holds_a_float(record: type) -> None:
    hints = get_type_hints(record)
    assert hints
    assert not [name for name, hint in hints.items() if float in kinds(hint) or Any in kinds(hint)]


def leaves(value: Any) -> Iterator[Any]:
    """The plain values inside records."""
    if isinstance(value, tuple | list):
        for each in value:
            yield from leaves(each)
    elif not isinstance(value, Policy):
        yield value


@given(plans(most=8))
@settings(max_examples=60, deadline=None)
def test_whatever_happens_amounts_are_integers_and_rates_fractions(missions: list[Plan]) -> None:
    story = Story(*in_time(missions))
    for plan in missions:
        mission, register = story.history(plan.mission).mission, story.book.chronicle.latest
        told = [*leaves(workings(mission, register) or ()), *leaves(line_of(mission, register) or ())]
        assert {type(each) for each in told} <= {int, str, Fraction, type(None)}


@pytest.mark.parametrize("record", [MISSION, BILL, DETAIL], ids=["mission", "bill", "detail"])
def test_columns_are_integers_and_amounts_have_64_bits(record: np.dtype[Any]) -> None:
    fields = record.fields
    assert fields
    assert {dtype.kind for dtype, *_ in fields.values()} == {"i"}
    amounts = {"price", "added", "amount", "gross", "commission", "vat"} & fields.keys()
    assert amounts
    assert {fields[name][0] for name in amounts} == {np.dtype(np.int64)}
