"""Spans of arrays that are kept in order: of acceptances, of what is due, of ratings."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from projections.compiled.compiling import compiled

Numbers = npt.NDArray[Any]


@compiled
def place(ordered: Numbers, low: int, high: int, at: int, position: int) -> int:
    """Where (instant, position) stands or belongs in a span that is in this order; mostly that is its end."""
    if low == high or (ordered[high - 1].at, ordered[high - 1].position) < (at, position):
        return high
    while low < high:
        middle = (low + high) // 2
        if (ordered[middle].at, ordered[middle].position) < (at, position):
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def behind(ordered: Numbers, low: int, high: int, at: int) -> int:
    """Behind the last item that is not after an instant."""
    while low < high:
        middle = (low + high) // 2
        if ordered[middle].at <= at:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def open_up(span: Numbers, index: int, end: int) -> None:
    """Make room for an item in a span that ends at `end`."""
    for each in range(end, index, -1):
        span[each] = span[each - 1]


@compiled
def take(span: Numbers, index: int, end: int) -> None:
    """Remove from a span that ends at `end`."""
    for each in range(index, end - 1):
        span[each] = span[each + 1]
