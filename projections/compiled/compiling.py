"""Which functions become machine code, and how Python calls them.

Numba is never imported here: what it makes of them is made once, in a process of its own (`building`), and kept
(`machine_code`). In every other process the functions that are compiled are what they look like, plain Python, which
nobody calls; only a `Kernel` is, and it goes to the machine code.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from projections.compiled import machine_code
from projections.compiled.calling import Native, native

Function = TypeVar("Function", bound=Callable[..., object])
Numbers = npt.NDArray[Any]
Examples = Callable[[], tuple[Any, ...]]
"""Gives an argument of each kind: an array, a tuple of such, a number."""

translate: Callable[[Any], Any] | None = None
"""What makes machine code of a function, in the process that does so; it is set before any kernel is imported."""

KERNELS: dict[str, Kernel] = {}


def compiled(function: Function) -> Function:
    """A function that becomes part of the machine code. Integers only: no bounds are checked, overflow wraps as it

    does in C, and no array may be made in it.
    """
    return translate(function) if translate is not None else function


def rows(record: npt.DTypeLike, dimensions: int = 1) -> Numbers:
    """An example of an array: of so many dimensions, and none of them with anything in it."""
    return np.empty((0,) * dimensions, record)


class Kernel:
    """A function that Python calls and that runs as machine code, with no lock held. Gives an integer, or nothing.

    Its arguments must be of the types of the examples; arrays are handed on as they are and must be in C order.
    """

    def __init__(self, function: Any, examples: Examples) -> None:
        self.function = function
        self.name = f"{function.__module__}.{function.__name__}"
        self.examples = examples
        self._native: Native | None = None
        KERNELS[self.name] = self

    def __call__(self, *arguments: Any) -> int:
        if self._native is None:
            self._native = native(self.name, machine_code.address(self.name), self.examples())
        return self._native(arguments)


def kernel(examples: Examples) -> Callable[[Callable[..., Any]], Kernel]:
    """Makes a function a kernel; `examples` has one of each of its arguments."""
    return lambda function: Kernel(compiled(function), examples)


_KNOWN: dict[FunctionType, Callable[..., object]] = {}


def compiled_rule(function: Function) -> Function:
    """A function of the ledger, unchanged, as part of the machine code, and with it those of the ledger it calls."""
    if translate is None:
        return function
    assert isinstance(function, FunctionType)
    if function not in _KNOWN:
        seen = {
            name: compiled_rule(called)
            for name in function.__code__.co_names
            for called in [function.__globals__.get(name)]
            if isinstance(called, FunctionType) and called.__module__.startswith("ledger.")
        }
        twin = FunctionType(function.__code__, {**function.__globals__, **seen}, function.__name__)
        twin.__module__, twin.__qualname__ = function.__module__, function.__qualname__
        _KNOWN[function] = compiled(twin)
    twin_code: Any = _KNOWN[function]
    return twin_code  # type: ignore[no-any-return]
