"""Compiling with numba, and where the machine code is kept.

Numba's own cache looks at the file of a function alone: a changed rule would leave the kernels that call it as they
were. So the machine code lies in a folder named after the digest of everything that goes into it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

import numpy as np
import platformdirs

import ledger

# Measured: a fifth less time to compile, and the code is no slower; there is nothing in it that vectors would speed up.
for _name, _value in (("NUMBA_OPT", "1"), ("NUMBA_LOOP_VECTORIZE", "0"), ("NUMBA_SLP_VECTORIZE", "0")):
    os.environ.setdefault(_name, _value)

import numba  # noqa: E402  it reads them when it is imported

Function = TypeVar("Function", bound=Callable[..., object])

_numba: Any = numba  # it brings no types
_LEDGER = Path(ledger.__file__).parent
_HERE = Path(__file__).parent
_SOURCES = tuple(sorted(each for place in (_LEDGER, _HERE, _HERE.parent / "columns") for each in place.rglob("*.py")))
"""Rules, and everything that machine code holds a constant of."""


def _digest() -> str:
    seen = sha256(f"{numba.__version__} {sys.version}".encode())
    for source in _SOURCES:
        seen.update(source.read_bytes())
    return seen.hexdigest()[:16]


def _keep_machine_code() -> None:
    """Where it can be kept; without such a place everything is compiled anew each time, and works all the same."""
    folder = Path(platformdirs.user_cache_dir("mission-ledger", appauthor=False)) / "compiled" / _digest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    _numba.config.CACHE_DIR = str(folder)


_keep_machine_code()


def compiled(function: Function) -> Function:
    """The function as machine code. Integers only: no bounds are checked, overflow wraps as it does in C, and

    no array may be made in it.
    """
    # Nothing here makes an array; counting who refers to each took half of the time, as every count is atomic.
    machine_code: Function = _numba.njit(cache=bool(_numba.config.CACHE_DIR), nogil=True, _nrt=False)(function)
    return machine_code


@compiled
def wide(number: int) -> int:
    """The number as 64 bits, so that nothing is compiled again for a narrower one, or for a constant."""
    return np.int64(number)  # type: ignore[return-value]


_KNOWN: dict[FunctionType, Callable[..., object]] = {}


def compiled_rule(function: Function) -> Function:
    """A function of the ledger, unchanged, as machine code; those of the ledger that it calls are compiled with it."""
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
