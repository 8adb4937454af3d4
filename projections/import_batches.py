"""The lines of an input put together to batches, each with the digest of everything read up to its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from ledger.errors import LedgerError

BATCH_BYTES = 8 << 20

Wire = bytes | LedgerError
Block = tuple[Sequence[bytes], Sequence[Wire]]
"""Consecutive lines as they came, and of each its wire document, or why there is none."""


@dataclass(kw_only=True)
class Batch:
    """Lines that hold something: their numbers, their bytes as they came, and the wire documents (or why not)."""

    numbers: list[int] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    length: int = 0
    digest: bytes = b""
    """Of everything read so far, so that a rerun recognises the same input."""

    def add(self, before: int, raw: Sequence[bytes], wires: Sequence[Wire]) -> None:
        """Add consecutive lines, the first one the next after the number `before`. There are millions of lines: they

        are looked at one by one only where some are blank.
        """
        numbers = range(before + 1, before + len(raw) + 1)
        if all(map(bytes.strip, raw)):
            self.numbers += numbers
            self.raw += raw
            self.wires += wires
            self.length += sum(map(len, raw))
        else:
            for number, line, wire in zip(numbers, raw, wires, strict=True):
                if not _blank(line):
                    self.numbers.append(number)
                    self.raw.append(line)
                    self.wires.append(wire)
                    self.length += len(line)


def batches(blocks: Iterable[Block], *, size: int, skip: int) -> Iterator[Batch]:
    """Batches of so many lines, of fewer where they are long; so many lines are passed over at the beginning.

    Every batch, and its digest, ends with a line that holds something: a rerun goes on behind it.
    """
    seen, done, batch = sha256(), 0, Batch()
    held: Block = ([], [])  # blank lines that may be the last ones
    for block in blocks:
        raw, wires = ([*held[0], *block[0]], [*held[1], *block[1]]) if held[0] else block
        held = ([], [])
        at = 0
        while at < len(raw):
            end = min(len(raw), at + (skip - done if done < skip else size - len(batch.raw)))
            last = _without_blank_end(raw, at, end)
            if last == at and end == len(raw):
                held = raw[at:], wires[at:]
                break
            blank, last = last == at, last if last > at else end
            seen.update(b"\n".join([*raw[at:last], b""]))
            if done >= skip and not blank:
                batch.add(done, raw[at:last], wires[at:last])
                batch.digest = seen.digest()
            done += last - at
            at = last
            if len(batch.raw) == size or batch.length >= BATCH_BYTES:
                yield batch
                batch = Batch()
    if batch.raw:
        yield batch


def _without_blank_end(raw: Sequence[bytes], at: int, end: int) -> int:
    """The end of these lines without the blank ones there."""
    while end > at and _blank(raw[end - 1]):
        end -= 1
    return end


def _blank(line: bytes) -> bool:
    return not line or line.isspace()
