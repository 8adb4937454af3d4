"""Where an export goes: stdout, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ledger.errors import Misused

STDOUT = "-"


def target(output: str | None, name: str, *, piped: bool, as_json: bool) -> Path | None:
    """The file to write, None for stdout.

    `-o -` is stdout; a folder, made where it is missing, gets a file of the export's own `name`. Without `-o`, what is
    `piped` goes to stdout, anything else into the file of its own name here. Misused where `--json` and the export both
    want stdout.
    """
    if output == STDOUT:
        if as_json:
            raise Misused("usage", "-o - and --json both want stdout; name a file with -o")
        return None
    if output is None:
        return None if piped and not as_json else Path(name)
    given = Path(output).expanduser()
    if not is_folder(output):
        return given
    given.mkdir(parents=True, exist_ok=True)
    return given / name


def is_folder(output: str | None) -> bool:
    """Whether `-o` names a folder: one that is there, or a name with a slash at its end."""
    return output not in (None, STDOUT) and (str(output).endswith(os.sep) or Path(str(output)).expanduser().is_dir())


@contextmanager
def written(path: Path | None) -> Iterator[BinaryIO]:
    """Inside it, what is written goes to stdout (None), or to a file that takes its name at the end, if all went well.

    Until then it stands beside under another name, and a file that had the name stays as it was.
    """
    if path is None:
        # A file of its own on the same descriptor: a writer that fails closes what it was given, and stdout must stay.
        with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
            yield out
        return
    path = path.resolve()
    if path.exists() and not path.is_file():  # a device or a pipe is written into, never replaced
        with path.open("wb") as out:
            yield out
        return
    if not path.parent.is_dir():
        raise Misused("usage", f"{path.parent} is no folder: make it first, or end -o with a slash to have one made")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        if path.exists():
            shutil.copymode(path, partial)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
