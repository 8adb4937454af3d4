"""`Traced`: parameters that remember what was read of them, so that `why` is written by the rule itself.

The idea is openfisca's: a thin wrapper forwards each read and notes its name. No rule holds a logging call, and what
`why` prints as thresholds is exactly what the rule looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.policies.parameters import Parameters

if TYPE_CHECKING:
    # Rules ask for `Parameters`; to the type checker a Traced is one. At run time it holds one and forwards.
    _Read = Parameters
else:
    _Read = object


class Traced(_Read):
    """Parameters that record each value read. Give it to a rule in place of `Parameters`."""

    __slots__ = ("_order", "_parameters")

    def __init__(self, parameters: Parameters) -> None:
        object.__setattr__(self, "_parameters", parameters)
        object.__setattr__(self, "_order", {})

    if not TYPE_CHECKING:  # hidden from the checker, so that a misspelt parameter is still an error to it

        def __getattr__(self, name: str) -> int:
            if name.startswith("_"):  # not ours, and `_parameters` itself while a copy is being made
                raise AttributeError(name)
            value = getattr(self._parameters, name)  # AttributeError for a name no parameter has
            if not callable(value):
                self._order.setdefault(name)
            return value

        def __setattr__(self, name: str, value: object) -> None:
            raise AttributeError(f"parameters are not changed by a rule: {name}")

    @property
    def parameters(self) -> Parameters:
        """What is wrapped; reading from it is not recorded."""
        wrapped: Parameters = object.__getattribute__(self, "_parameters")
        return wrapped

    @property
    def reads(self) -> tuple[str, ...]:
        """The names read so far, in the order of the first read, each once."""
        order: dict[str, None] = object.__getattribute__(self, "_order")
        return tuple(order)
