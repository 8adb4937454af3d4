"""`link`: accounts that belong to one person."""

from __future__ import annotations

import click

from commands.lazy import Command
from commands.session import Session
from commands.writing import event_options, record_one
from ledger.errors import Misused


@click.command("link", cls=Command)
@click.argument("pros", metavar="PRO PRO...", nargs=-1, required=True)
@click.option("--by", metavar="NAME", required=True, help="Who found that they are one person.")
@event_options
@click.pass_obj
def link(
    session: Session, pros: tuple[str, ...], by: str, event_id: str | None, source: str | None, time: str | None
) -> None:
    """Record that these accounts belong to one person (« un seul compte », says the charter).

    From then on each of them shows the standing of the union: figures over all their missions, where a mission that
    several of them accepted counts once, the warnings, proposals and decisions of all, and the strictest access. Links
    that share an account join. Bills stay with the account that did the mission. Linking by itself warns nobody and
    takes no access away; using a second account is a ground of its own (conduct.second_account).

    To unlink, void the event that linked them: each account then shows its own standing again.

    \b
    Example:
      mission-ledger link pro-7 pro-7b --by "A. Favre"
    """
    if len(set(pros)) < 2:
        raise Misused("usage", "name at least two different accounts")
    with session.ledger() as ledger:
        for pro in pros:
            ledger.standing(pro)  # an account that no event mentions is refused here: probably misspelt
        first, *others = dict.fromkeys(pros)
        data = {"accounts": others, "by": by}
        record_one(session, ledger, "pro.accounts_linked", first, data, event_id=event_id, source=source, time=time)
