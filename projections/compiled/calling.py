"""Calling a compiled function: its arguments as machine words, in the order in which numba's own callers give them.

An array is seven words and more: who owns it and who is its parent (nobody), how many items of which size, where they
are, and its shape and strides. A tuple is its members, one after the other.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np

_DONE = (0, -2)  # what a function gives back that ended well, and one that gave back nothing besides

Native = Callable[[tuple[Any, ...]], int]


def native(name: str, address: int, examples: tuple[Any, ...]) -> Native:
    """Calls the function at an address; refuses arguments that are not of the types of the examples."""
    count = sum(_count(each) for each in examples)
    call = ctypes.CFUNCTYPE(ctypes.c_int32, *[ctypes.c_int64] * (count + 2))(address)

    def called(arguments: tuple[Any, ...]) -> int:
        words: list[int] = []
        for argument, example in zip(arguments, examples, strict=True):
            _add(words, argument, example)
        given, error = ctypes.c_int64(0), ctypes.c_int64(0)
        status = call(ctypes.addressof(given), ctypes.addressof(error), *words)
        if status not in _DONE:
            raise RuntimeError(f"{name} ended with {status}")
        return given.value

    return called


def _count(example: Any) -> int:
    if isinstance(example, tuple):
        return sum(map(_count, example))
    return 5 + 2 * example.ndim if isinstance(example, np.ndarray) else 1


def _add(words: list[int], argument: Any, example: Any) -> None:
    """The words of an argument. What is not as the example is would be read as if it were."""
    if isinstance(example, tuple):
        for each, of_example in zip(argument, example, strict=True):
            _add(words, each, of_example)
    elif isinstance(example, np.ndarray):
        if argument.dtype is not example.dtype:  # comparing records is slow
            assert argument.dtype == example.dtype, (argument.dtype, example.dtype)
        assert argument.ndim == example.ndim
        assert argument.flags.c_contiguous
        shape = *argument.shape, *argument.strides
        words += (0, 0, argument.size, argument.itemsize, argument.ctypes.data, *shape)
    else:
        words.append(int(argument))
