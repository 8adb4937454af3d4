"""`migrate`: a server's database is brought to this program's version."""

from __future__ import annotations

import click

from commands import output, sentences
from commands.lazy import Command
from commands.session import FILLING, Session
from ledger.errors import Misused


@click.command("migrate", cls=Command)
@click.option("--sql", "only_sql", is_flag=True, help="Print the SQL for a database administrator; change nothing.")
@click.option("--from", "version", metavar="VERSION", help="With --sql: the version that is there. Default: none.")
@click.pass_obj
def migrate(session: Session, only_sql: bool, version: str | None) -> None:
    """Bring the database to this program's version; run it again at any time.

    The tables change in one transaction. Then, where this version counts in another way, every figure is written anew
    from the log, in a second one; recording waits for it. What is recorded does not change. Programs of the older
    version that are still running can no longer record: restart them.

    The embedded server migrates itself whenever it is opened; a server named by URL is changed by this command alone,
    and other commands refuse to work on an older or newer version. --sql connects to nothing; who has run it runs
    migrate as well, for the figures.

    \b
    Examples:
      mission-ledger migrate --database postgresql://owner@db.example/ledger
      mission-ledger migrate --sql --from 0001 > upgrade.sql
    """
    from commands.progress import progress
    from ledger.store import schema
    from ledger.store.database import connect, resolve
    from projections.filling import fill

    if version is not None and (not only_sql or version not in schema.VERSIONS):
        known = ", ".join(schema.VERSIONS)
        raise Misused("usage", f"--from takes a version and goes with --sql; known are {known}")
    if only_sql:
        text = schema.migration_sql(version)
        if session.json:
            output.print_json({"from": version, "to": schema.HEAD, "sql": text})
        else:
            click.echo(text, nl=False)
        return
    database = resolve(session.database)
    with connect(database, autocommit=True) as connection:
        before = schema.current(connection)
    schema.migrate(database)
    filled = fill(database, lambda: progress(FILLING))
    if session.json:
        changed = before != schema.HEAD
        output.print_json(
            {"database": database.label, "from": before, "to": schema.HEAD, "changed": changed, "filled": filled}
        )
        return
    done = f"is at version {schema.HEAD} already"
    if before != schema.HEAD:
        done = f"went from {f'version {before}' if before else 'an empty database'} to version {schema.HEAD}"
    if filled:
        done += f"; its figures were written anew from {sentences.count(filled, 'event')}"
    output.line(output.console(), f"{database.label} {done}")
