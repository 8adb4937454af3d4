"""`why`: the account of an access decision."""

from __future__ import annotations

import click

from commands import output
from commands.lazy import Command
from commands.session import Session
from commands.writing import now_text


@click.command("why", cls=Command)
@click.argument("pro")
@click.option("--all", "everything", is_flag=True, help="List every event behind the decision, and every warning.")
@click.option("--statement", is_flag=True, help="As a dated statement of reasons addressed to the pro.")
@click.pass_obj
def why(session: Session, pro: str, everything: bool, statement: bool) -> None:
    """Say why PRO has the access it has: what happened in numbers, by which sentence of the charter, on which events.

    The account is of the decision in force: its figures, thresholds and policy are those of the moment it was made, not
    of today; but of documents and of reports that call for a suspension at once, those that are expired and that wait
    today. Without a decision or a proposal it shows where the pro stands beside each bound. What was set aside
    (refusals, lapsed proposals, cancellations by the client …) is listed with its reason. Times are UTC; #N is the
    position in the log.

    With --statement it is the letter that regulation (EU) 2019/1150, article 4 asks for: the facts by id and date, the
    notice given or the ground for giving none, the sentence of the charter, the policy with its hash, and until when
    the pro may complain. It is about the decision in force; without one there is nothing to state (`no_decision`, exit
    1).

    What rests on facts that no longer stand is named (`reviews`); decisions that were voided or lifted stay listed.

    With --json, `evidence` is exactly the events that made the figures; without a decision or a proposal those of the
    figures in `checks`, each of which lists the positions it counts.

    \b
    Examples:
      mission-ledger why pro-7
      mission-ledger why pro-7 --all
      mission-ledger why pro-7 --statement > statement.txt
      mission-ledger why pro-7 --json | jq .figures
    """
    with session.ledger() as ledger:
        document = ledger.why(pro)
    if session.json:
        output.print_json(document)
        return
    if statement:
        from commands import statement_page

        statement_page.show(output.console(), document, today=now_text(session))
        return
    from commands import why_page
    from commands.main import COMMANDS

    why_page.show(output.console(), document, everything=everything, commands=COMMANDS)
