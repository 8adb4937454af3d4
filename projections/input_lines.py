"""Lines of a history, from a file or standard input, plain or compressed, never more than a line in memory at once."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import zstandard

from ledger.errors import Misused
from ledger.events.reading import MAX_BYTES

CHUNK = 1 << 20
BOM = b"\xef\xbb\xbf"  # what some editors put at the beginning of a file
STDIN = "-"


@contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """The bytes of a file, decompressed by its name (`.gz`, `.zst`); `-` is standard input.

    Raises Misused `unreadable_file`.
    """
    if path == STDIN:
        yield sys.stdin.buffer
        return
    try:
        with Path(path).open("rb") as raw:
            if path.endswith(".gz"):
                with gzip.GzipFile(fileobj=raw) as stream:
                    yield cast("IO[bytes]", stream)
            elif path.endswith(".zst"):
                with zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True) as reader:
                    yield cast("IO[bytes]", reader)
            else:
                yield raw
    except OSError as error:
        raise Misused("unreadable_file", f"{path} cannot be read: {error.strerror or error}") from error
    except (EOFError, zlib.error, zstandard.ZstdError) as error:
        raise Misused(
            "unreadable_file", f"{path} is not whole: {' '.join(str(error).split())}; get it again"
        ) from error


def lines(stream: IO[bytes]) -> Iterator[list[bytes]]:
    """The lines of a stream without their end, block by block. Of a line that is too long only its beginning is kept.

    A line of more than MAX_BYTES comes cut to MAX_BYTES + 1 bytes, so that reading it refuses it for its size.
    """
    rest = b""
    skipping = False
    beginning = True
    while chunk := stream.read(CHUNK):
        if beginning:
            beginning, chunk = False, chunk.removeprefix(BOM)
        parts = chunk.split(b"\n")
        if skipping:
            if len(parts) == 1:
                continue
            parts.pop(0)
            skipping = False
            yield [rest]
            rest = b""
        parts[0] = rest + parts[0]
        rest = parts.pop()
        if parts and max(map(len, parts)) > MAX_BYTES:
            parts = [part[: MAX_BYTES + 1] for part in parts]
        yield parts
        if len(rest) > MAX_BYTES:
            rest, skipping = rest[: MAX_BYTES + 1], True
    if rest:
        yield [rest]
