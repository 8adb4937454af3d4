"""`mission-ledger`: the commands on one screen, and the one place where errors become exit codes.

Shell completion comes with click. For the README:

    bash (4.4 or later)   echo 'eval "$(_MISSION_LEDGER_COMPLETE=bash_source mission-ledger)"' >> ~/.bashrc
    zsh                   echo 'eval "$(_MISSION_LEDGER_COMPLETE=zsh_source mission-ledger)"' >> ~/.zshrc
    fish                  _MISSION_LEDGER_COMPLETE=fish_source mission-ledger \
                              > ~/.config/fish/completions/mission-ledger.fish
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import click

from commands.failing import DEBUG_VARIABLE, report
from commands.lazy import LazyGroup
from commands.session import Session
from ledger.errors import LedgerError

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("commands.demo_command:demo", "A sample month in a throw-away ledger: standing, a why, and the bills."),
    "import": ("commands.import_command:import_", "Record a history: NDJSON or CSV, also compressed, also stdin."),
    "record": ("commands.record_command:record", "Record one event."),
    "events": ("commands.events_command:events", "Print recorded events as NDJSON."),
    "standing": ("commands.standing_command:standing", "Figures, warnings and access of one pro, or of all."),
    "warnings": ("commands.warnings_command:warnings", "Every warning: rule, figures, evidence, expiry."),
    "why": ("commands.why_command:why", "Why a pro has the access it has: rule, numbers, events."),
    "timeline": ("commands.timeline_command:timeline", "Everything about a pro or a mission in order: before → after."),
    "proposals": (
        "commands.proposals_command:proposals",
        "What waits for a person: proposals, reports, disputed no-shows.",
    ),
    "decide": ("commands.decide_command:decide", "A person's decision: suspend, dismiss a proposal, reinstate."),
    "link": ("commands.link_command:link", "Accounts that belong to one person."),
    "complaint": ("commands.complaint_command:complaint", "The pro's recourse: open, decide, list, stats."),
    "reviews": ("commands.reviews_command:reviews", "What rests on facts that no longer stand; a person decides."),
    "billing": ("commands.billing_command:billing", "Lines and totals: gross, commission, VAT, net."),
    "damage": ("commands.damage_command:damage", "Damage files: documents present and missing, late declarations."),
    "adjust": ("commands.adjust_command:adjust", "After a bill closed: another duration or a refund, by a credit."),
    "city": ("commands.city_command:city", "A city's baseline: list, show, publish, compute from its pros' figures."),
    "replay": ("commands.replay_command:replay", "Findings, access and bills derived again, and what differs."),
    "invoice": ("commands.invoice_command:invoice", "Invoices of the commission, and credit notes: issue, list, show."),
    "export": (
        "commands.export_command:export",
        "Files for finance and the tax office: CSV, XLSX, FEC, DAC7 …",
    ),
    "policy": ("commands.policy_command:policy", "Policy versions: list, show, lint, publish, diff, simulate."),
    "rules": ("commands.rules_command:rules", "The rule book: sentence, citation, parameters in force."),
    "void": ("commands.void_command:void", "Declare a recorded event wrong, by a new event."),
    "rebuild": ("commands.rebuild_command:rebuild", "Build every projection anew, compare, and switch to it."),
    "verify": ("commands.verify_command:verify", "Prove the log, the projections and the findings."),
    "status": ("commands.status_command:status", "Database, versions, positions, counts."),
    "schema": ("commands.schema_command:schema", "JSON Schema of every event type."),
    "migrate": ("commands.migrate_command:migrate", "Bring a server's database to this version."),
    "stop": ("commands.stop_command:stop", "Stop the embedded server of a folder."),
}

BEGINNING = frozenset({"demo", "import", "record", "publish", "migrate"})
"""Commands that may well be the first on a ledger; any other finds nothing in one that was not there."""

PROGRAM = "mission-ledger"
COMPLETION_VARIABLE = "_MISSION_LEDGER_COMPLETE"
GARBAGE_AT = 200_000
"""So many new objects before Python looks for garbage the first time: more than a question makes."""
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("mission-ledger")
    except PackageNotFoundError:
        number = "(not installed: run from its source)"
    click.echo(f"mission-ledger {number}")
    ctx.exit()


cli = LazyGroup(
    name=PROGRAM,
    table=COMMANDS,
    context_settings=SETTINGS,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help="Print the version.",
        )
    ],
    help="""An immutable record of every mission action, from which standing, warnings, suspensions and commissions
    are rebuilt and explained.

    Without --database the ledger is an embedded PostgreSQL in a folder of this user; it stays up between commands
    until `mission-ledger stop`. Times are shown in UTC.

    \b
    Exit codes: 0 done, 1 refused by a rule of the ledger, 2 usage, 3 conflict, 4 integrity, 5 database unusable.

    \b
    Example:
      mission-ledger demo
      mission-ledger import history.ndjson.gz
      mission-ledger why pro-7

    \b
    Completion: eval "$(_MISSION_LEDGER_COMPLETE=bash_source mission-ledger)"     (or zsh_source, fish_source)
    """,
)


def run(arguments: Sequence[str], session: Session | None = None) -> int:
    """Run one command and return its exit code; nothing is raised and nothing is left half printed."""
    session = session or Session()
    try:
        for number, argument in enumerate(arguments, 1):
            if not argument.isascii() and any("\ud800" <= each <= "\udfff" for each in argument):
                raise click.UsageError(f"argument {number} is not UTF-8: {argument!r}")
        # Not click's own main(): it prints an empty line on Ctrl-C and decides itself about a broken pipe.
        with cli.make_context(PROGRAM, list(arguments), obj=session) as context:
            cli.invoke(context)
        sys.stdout.flush()
        if _misspelt(session, arguments):
            click.echo(f"mission-ledger: {_NEW.format(session.made)}", err=True)
    except click.exceptions.Exit as done:
        return done.exit_code
    except BaseException as error:
        if isinstance(error, LedgerError) and _misspelt(session, arguments):
            error.message += f"; {_NEW.format(session.made)}"
        return report(error, as_json=session.json or _asks_for_json(arguments))
    return 0


_NEW = "{} held no ledger, so a new, empty one was made there; check --database"


def _misspelt(session: Session, arguments: Sequence[str]) -> bool:
    """Whether a command that only makes sense on a ledger was sent to a folder that held none."""
    return bool(session.made) and not BEGINNING & set(arguments)


def _asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether `--json` was given, also on a line that could not be parsed as far as there."""
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in before


def main() -> None:
    """The console script."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115, PTH123  for as long as the process lives
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a name the terminal's encoding lacks is no error
    if not os.environ.get(DEBUG_VARIABLE):
        import warnings

        warnings.simplefilter("ignore")  # a library's warning to its programmers is not for these users
    # What is imported is no garbage: looking for some among it takes a tenth of a short command's time.
    gc.set_threshold(GARBAGE_AT, *gc.get_threshold()[1:])
    # No plugin that happens to be installed has a say in what is validated, and nothing is searched for one.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    if COMPLETION_VARIABLE in os.environ:
        cli.main(prog_name=PROGRAM, obj=Session())
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:
        # The reader left, or the disk is full: the interpreter must not try once more while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    gc.freeze()  # looking once more through all that the process was made of takes longer than many an answer
    sys.exit(code)
