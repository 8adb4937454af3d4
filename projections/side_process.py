"""A child process that works beside this one: messages of plain values over two pipes, and no state in common.

It costs this process no turn of its interpreter's lock while it works. When this process dies the child's input ends,
and it ends too, once it has answered; when the child dies, whoever asks it is told so (`Ended`) and does without.
"""

from __future__ import annotations

import marshal
import struct
import subprocess
import sys
from collections.abc import Callable
from threading import Lock
from typing import IO, Any

PIPE_BYTES = 1 << 20  # where the system allows it: fewer turns for a message of some megabytes
_LENGTH = struct.Struct("<q")
_CHILD = "import sys; sys.path[:0] = {path!r}; from {module} import serve; serve()"


class Ended(Exception):
    """The child process is gone."""


class SideProcess:
    """A child that runs `serve` of a module."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHILD.format(path=sys.path, module=module)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pipesize=PIPE_BYTES,
        )
        self._asking = Lock()  # whoever has it uses the pipes

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def ask(self, message: Any) -> Any:
        """Send a message of plain values (as `marshal` knows them) and wait for the answer. Raises `Ended`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._asking:
            if self._process.stdin.closed:
                raise Ended
            try:
                _send(self._process.stdin, message)
                return _receive(self._process.stdout)
            except (OSError, EOFError) as error:
                raise Ended from error

    def close(self) -> None:
        """End it, also while another thread asks it: that one is told `Ended`, and only then the pipes are closed."""
        self._process.kill()
        assert self._process.stdin is not None
        with self._asking:
            if not self._process.stdin.closed:
                self._process.communicate()


def answer_all(answer: Callable[[Any], Any]) -> None:
    """The child's loop: answer messages until the input ends."""
    while True:
        try:
            _send(sys.stdout.buffer, answer(_receive(sys.stdin.buffer)))
        except (EOFError, BrokenPipeError, KeyboardInterrupt):
            return


def _send(pipe: IO[bytes], value: Any) -> None:
    text = marshal.dumps(value)
    pipe.write(_LENGTH.pack(len(text)))
    pipe.write(text)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    size = _LENGTH.unpack(head)[0]
    text = pipe.read(size)
    if len(text) < size:
        raise EOFError
    return marshal.loads(text)
