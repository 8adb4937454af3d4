"""How an error reaches a person: one line on stderr, or one JSON document, and an exit code. Never a traceback."""

from __future__ import annotations

import os
import sys
from typing import Any

import click
import orjson

from commands.text import escaped
from ledger.errors import LedgerError

DEBUG_VARIABLE = "MISSION_LEDGER_DEBUG"
INTERRUPTED = 130
USAGE = 2


def report(error: BaseException, *, as_json: bool) -> int:
    """Say what went wrong and return the exit code (contract, section 4)."""
    if os.environ.get(DEBUG_VARIABLE):
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return 0  # the reader has all it wanted
    known = _translated(error)
    if known is not None:
        _say(known.document(), as_json)
        return known.exit_code
    document, exit_code = _foreign(error)
    _say(document, as_json)
    return exit_code


def _translated(error: BaseException) -> LedgerError | None:
    """The error as one of the ledger's own, also where the database driver's slipped through."""
    if isinstance(error, LedgerError):
        return error
    psycopg = sys.modules.get("psycopg")
    if psycopg is not None and isinstance(error, psycopg.Error):
        from ledger.store.database import translated

        try:
            with translated():
                raise error
        except LedgerError as known:
            return known
        except psycopg.Error:
            return None
    return None


def _foreign(error: BaseException) -> tuple[dict[str, Any], int]:
    if isinstance(error, click.ClickException):
        return {"code": "usage", "message": _usage(error)}, USAGE
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return {"code": "input_output", "message": f"{where}{error.strerror}"}, 1
    kind = type(error).__name__
    text = (
        f"internal error, please report it: {kind}: {error}; the same command with {DEBUG_VARIABLE}=1 shows where it "
        "happened"
    )
    return {"code": "internal", "message": text}, 1


def _usage(error: click.ClickException) -> str:
    text = " ".join(error.format_message().split())
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None or "--help" in text:
        return text
    return f"{text.rstrip('.')}; see {context.command_path} --help"


def _say(document: dict[str, Any], as_json: bool) -> None:
    if as_json:
        line = orjson.dumps({"error": _encodable(document)}, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    else:
        line = f"mission-ledger: {escaped(document['message'])} ({document['code']})"
    try:
        click.echo(line, err=True)
    except OSError:
        return  # nobody is there to read it; the exit code remains


def _encodable(value: Any) -> Any:
    """Texts without lone surrogates, which JSON cannot carry."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(item) for item in value]
    return value
