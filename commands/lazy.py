"""Groups that import a command only when it is used, and the options that every command takes.

`mission-ledger --help` must answer in a fifth of a second: the table holds each command's one-line help, so that
neither the store nor the event models are imported to print it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

Table = Mapping[str, tuple[str, str]]
"""name → (`module:attribute`, one line of help)."""


class Command(click.Command):
    """A command that also takes `--json` and `--database`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(_shared_options())


class LazyGroup(click.Group):
    """A group whose commands are named in a table and imported on use; without a command it prints its help."""

    command_class = Command

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **{"invoke_without_command": True, "callback": _help_without_command, **kwargs})
        self.table = table
        self.params.extend(_shared_options())

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in self.table:
            return None
        module, _, attribute = self.table[cmd_name][0].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with what was probably meant for a name that is not there."""
        if args[0] not in self.table and not args[0].startswith("-"):
            from difflib import get_close_matches

            meant = get_close_matches(args[0], list(self.table), n=1)
            hint = f"did you mean {meant[0]}?" if meant else f"{ctx.command_path} --help lists the commands"
            raise click.UsageError(f"{args[0]!r} is no command; {hint}", ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table as it stands; nothing is imported."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in self.table.items()])


@click.pass_context
def _help_without_command(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _shared_options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--json"],
            is_flag=True,
            expose_value=False,
            callback=_keep,
            help="Print one JSON document instead of a table; errors too, on stderr.",
        ),
        click.Option(
            ["--database"],
            metavar="URL|FOLDER",
            expose_value=False,
            callback=_keep,
            help="A postgresql://… URL, or a folder for the embedded server. "
            "Default: $MISSION_LEDGER_DATABASE, else a folder of this user.",
        ),
    ]


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Both options may stand before the command and after it; what was given stays."""
    if value and param.name:
        setattr(ctx.obj, param.name, value)
    return value
