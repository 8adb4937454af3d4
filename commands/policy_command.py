"""`policy`: versions of the policy, listed, shown, linted and published."""

from __future__ import annotations

import click

from commands import output, sentences, tables
from commands.instants import INSTANT, resolved
from commands.lazy import Command, LazyGroup
from commands.session import Session
from commands.tables import Column
from commands.text import escaped
from commands.writing import event_options, record_one
from ledger.errors import Misused, Refused

policy = LazyGroup(
    name="policy",
    table={
        "list": ("commands.policy_command:list_", "Every published version, and which is in force."),
        "show": ("commands.policy_command:show", "A version, a preset or a file as TOML."),
        "lint": ("commands.policy_command:lint", "Every fault of a file, and what is probably not meant."),
        "diff": ("commands.policy_diff_command:diff", "What is different between two policies, in words."),
        "publish": ("commands.policy_command:publish", "Record a version, in force from its effective_from."),
        "simulate": ("commands.simulate_command:simulate", "Whom a policy would warn, suspend or reinstate."),
    },
    help="""The policy: every number that a rule or a bill reads, in versions.

    A policy is named by file, by preset (mila-2018-06, wecasa-ch, eu-2026) or by id@version. While none is published,
    mila@2018-06 applies. A new version never changes what was found or billed before it took effect.

    \b
    Example:
      mission-ledger policy show --preset eu-2026 > ours.toml
      mission-ledger policy lint ours.toml
      mission-ledger policy simulate ours.toml
      mission-ledger policy publish ours.toml --notified-at 2026-03-01
    """,
)

_COLUMNS = (
    Column(title="policy", style="bold"),
    Column(title="in force"),
    Column(title="effective from (UTC)"),
    Column(title="position", number=True),
    Column(title="forced"),
    Column(title="sha256", leave_out=1),
)


@click.command("list", cls=Command)
@click.pass_obj
def list_(session: Session) -> None:
    """List the published versions in order of effect, after the preset that applies before any of them.

    A version listed as forced was published with less notice than it asks for. One that was voided is never in force;
    what was judged by it until then goes on naming it.

    \b
    Example:
      mission-ledger policy list
    """
    with session.ledger() as ledger:
        versions = ledger.policies()
    if session.json:
        output.print_json({"policies": versions})
        return
    rows = [
        (
            each["policy"],
            f"voided by #{each['void']['position']}" if each["voided"] else "yes" if each["in_force"] else "",
            sentences.stamp(each["effective_from"]),
            f"#{each['position']}" if each["position"] else "preset",
            "forced" if each["forced"] else "",
            str(each["sha256"])[:16],
        )
        for each in versions
    ]
    tables.show(output.console(), _COLUMNS, rows)


@click.command("show", cls=Command)
@click.argument("name", required=False)
@click.option("--preset", help="A shipped policy, with the comments that cite the charters; needs no database.")
@click.pass_obj
def show(session: Session, name: str | None, preset: str | None) -> None:
    """Print a policy as a TOML file that can be edited and published. NAME is a file, a preset or id@version.

    Without NAME it is the version in force now. With --json: its name, its hash, and the document an event carries. A
    version that was voided is shown too, and says so.

    \b
    Examples:
      mission-ledger policy show
      mission-ledger policy show --preset wecasa-ch > ours.toml
    """
    from ledger.policies import shipped
    from ledger.policies.writing import to_toml

    if name is not None and preset is not None:
        raise Misused("usage", "give NAME or --preset, not both")
    void = None
    if preset is not None:
        found, text = shipped.preset(preset), shipped.preset_toml(preset)
    else:
        with session.ledger() as ledger:
            versions = ledger.policies()
            found = ledger.policy(name or next(str(each["policy"]) for each in versions if each["in_force"]))
        called = [each["void"] for each in versions if each["policy"] == name]
        void = called[-1] if called and all(called) else None
        text = to_toml(found)
        if void is not None:
            why = escaped(f"{void['by']}: {void['reason']}")
            text = f"# VOIDED by #{void['position']}, {why}\n{text}"
    if session.json:
        said = {"policy": found.name, "sha256": found.sha256, "document": found.document()}
        output.print_json({**said, "voided": void is not None, "void": void})
        return
    click.echo(text, nl=False)


@click.command("lint", cls=Command)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.pass_obj
def lint(session: Session, files: tuple[str, ...]) -> None:
    """Print everything wrong with each FILE, one line each: section, value, what is allowed; needs no database.

    Errors keep a policy from being published, exit 1. Warnings are allowed and probably not meant, exit 0.

    \b
    Example:
      mission-ledger policy lint ours.toml
    """
    from ledger.policies.linting import lint as linted
    from ledger.policies.shipped import read_file

    findings = [finding for name in files for finding in linted(read_file(name), name)]
    errors = sum(each.severity == "error" for each in findings)
    if session.json:
        listed = [
            {
                "severity": each.severity,
                "file": each.origin,
                "path": each.path,
                "code": each.code,
                "message": each.message,
            }
            for each in findings
        ]
        output.print_json({"ok": not errors, "findings": listed})
    else:
        screen = output.console()
        for finding in findings:
            output.line(screen, str(finding))
        if not findings:
            output.line(screen, f"{', '.join(files)}: nothing to say")
    if errors:
        such = "such a policy is not published" if len(files) == 1 else "policies with errors are not published"
        raise Refused("invalid_policy", f"{sentences.count(errors, 'error')} in {', '.join(files)}; {such}")


@click.command("publish", cls=Command)
@click.argument("file")
@click.option("--notified-at", type=INSTANT, help="When the pros were told. Default: the event's --time.")
@click.option("--force", is_flag=True, help="Publish with too short a notice; recorded as forced.")
@event_options
@click.pass_obj
def publish(
    session: Session,
    file: str,
    notified_at: str | None,
    force: bool,
    event_id: str | None,
    source: str | None,
    time: str | None,
) -> None:
    """Record the policy of FILE (or a preset) as a version, in force from its own effective_from.

    A version that takes effect too soon after its notice is refused (`notice_too_short`), unless --force is given.
    What happened before it takes effect is judged by the version of that time, also when it is recorded later.

    \b
    Example:
      mission-ledger policy publish ours.toml --notified-at 2026-03-01
    """
    from ledger.instants import to_text
    from ledger.policies.shipped import load

    version = load(file)
    with session.ledger() as ledger:
        stated = {
            "version": version.version,
            "effective_from": to_text(version.effective_from_us),
            "notified_at": resolved(ledger, notified_at),
            "forced": True if force else None,
            "document": version.document(),
        }
        data = {name: value for name, value in stated.items() if value is not None}
        record_one(session, ledger, "policy.published", version.id, data, event_id=event_id, source=source, time=time)
