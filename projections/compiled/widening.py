"""Numbers as 64 bits."""

from __future__ import annotations

import numpy as np

from projections.compiled.compiling import compiled


@compiled
def wide(number: int) -> int:
    """The number as 64 bits, so that nothing is compiled again for a narrower one, or for a constant."""
    return np.int64(number)  # type: ignore[return-value]
