"""Batches hold every line that holds something, whatever the blocks they are cut from, and know what was read."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from projections import import_batches
from projections.import_batches import Batch, Block, batches

LINES = st.lists(st.sampled_from([b"", b" ", b"\t \r", b"a", b"bb", b"ccc"]), max_size=40)


def blocks(lines: list[bytes], cuts: list[int]) -> list[Block]:
    """The lines in blocks that end at these places."""
    ends = [*sorted(cut for cut in cuts if cut <= len(lines)), len(lines)]
    return [(lines[start:end], lines[start:end]) for start, end in zip([0, *ends], ends, strict=False)]


def digest(lines: list[bytes]) -> bytes:
    """What was read up to here."""
    return sha256(b"".join(line + b"\n" for line in lines)).digest()


def numbered(found: list[Batch]) -> list[tuple[int, bytes]]:
    """The lines of batches with their numbers."""
    return [pair for batch in found for pair in zip(batch.numbers, batch.raw, strict=True)]


@given(LINES, st.lists(st.integers(0, 40), max_size=6), st.integers(1, 7), st.integers(1, 12))
def test_every_line_that_holds_something_comes_once_and_the_digest_ends_with_the_last_of_a_batch(
    lines: list[bytes], cuts: list[int], size: int, most: int
) -> None:
    kept = import_batches.BATCH_BYTES
    import_batches.BATCH_BYTES = most
    try:
        found = list(batches(blocks(lines, cuts), size=size, skip=0))
    finally:
        import_batches.BATCH_BYTES = kept
    assert numbered(found) == [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    for batch in found:
        assert 0 < len(batch.raw) <= size
        assert batch.wires == batch.raw
        assert batch.digest == digest(lines[: batch.numbers[-1]])


@given(LINES, st.lists(st.integers(0, 40), max_size=6), st.integers(1, 7), st.data())
def test_a_rerun_goes_on_behind_a_batch_as_if_it_had_never_stopped(
    lines: list[bytes], cuts: list[int], size: int, data: st.DataObject
) -> None:
    whole = list(batches(blocks(lines, cuts), size=size, skip=0))
    if not whole:
        return
    stopped = data.draw(st.integers(0, len(whole) - 1))
    rest = list(batches(blocks(lines, cuts[:2]), size=size, skip=whole[stopped].numbers[-1]))
    assert numbered(rest) == numbered(whole[stopped + 1 :])
    assert [batch.digest for batch in rest][-1:] == [batch.digest for batch in whole[stopped + 1 :]][-1:]
