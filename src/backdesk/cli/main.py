"""The `backdesk` command. Commands import what they need when they are called, so that `--help` is quick."""

from __future__ import annotations

import atexit
import gc
import importlib
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

# Python ends by looking through all modules for garbage, which takes a tenth of a second where polars is loaded.
atexit.register(gc.freeze)

#: Commands that stand in modules of their own: read only when they are called.
_ELSEWHERE = {
    "assess": (
        "backdesk.cli.assess:assess",
        "Say what to hand over, and why, from the history of the work in LOG (CSV, XES, OCEL or Parquet).",
    ),
    "convert": (
        "backdesk.cli.convert:convert",
        "Write the history of the work in LOG in another format (CSV, XES, OCEL or Parquet).",
    ),
    "discover": (
        "backdesk.cli.discover:discover",
        "Find a model of the work in LOG, as a process tree and as BPMN.",
    ),
    "conform": (
        "backdesk.cli.conform:conform",
        "Say where the cases of LOG depart from the process in MODEL (BPMN).",
    ),
    "drift": (
        "backdesk.cli.conform:drift",
        "Say when the process in LOG changed, and what changed in it.",
    ),
    "audit": (
        "backdesk.cli.audit:app",
        "Prove that nobody rewrote what happened: seal, verify, export.",
    ),
    "backup": (
        "backdesk.cli.backup:backup",
        "Write all of Backdesk into one file, while it runs.",
    ),
    "restore": (
        "backdesk.cli.backup:restore",
        "Bring back what a backup holds.",
    ),
    "record": (
        "backdesk.cli.record:app",
        "Live work as a history: take it along, keep its months.",
    ),
    "service": (
        "backdesk.cli.service:app",
        "Services as folders: check one, bring it in, write one out.",
    ),
    "mail": (
        "backdesk.cli.mail:app",
        "Take in answers to e-mails, handed over by a mail server.",
    ),
    "doctor": (
        "backdesk.cli.doctor:doctor",
        "Say what is wrong with this installation, and what to do about it.",
    ),
}


class Commands(TyperGroup):
    """Knows of the commands that stand elsewhere. (`Any`: typer carries a click of its own, under a private name.)"""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*_ELSEWHERE, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """For the list of commands a name and a line of help are enough."""
        if cmd_name in _ELSEWHERE:
            return TyperCommand(cmd_name, help=_ELSEWHERE[cmd_name][1])
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] in _ELSEWHERE:
            return args[0], _load(args[0]), args[1:]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=Commands,
    name="backdesk",
    help="Hand over back-office work on evidence: plan, hand over, work, supervise.",
    epilog="Settings come from the environment; docs/settings.md lists them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Threads = Annotated[int, typer.Option(min=1, help="Requests served at once by each web process.")]


@app.command()
def run(
    host: Host = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Port to listen on; else 8000 or the next that is free."),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show changed templates and styles at once, and faults in full.")
    ] = False,
) -> None:
    """Start everything on this machine: database, web server and job worker, with a demonstration company."""
    from backdesk.cli import starting

    starting.run(host=host, port=port, debug=debug)


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    processes: Annotated[int, typer.Option(min=1, help="Web processes.")] = 1,
    threads: Threads = 8,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Work on background jobs here, too.")
    ] = True,
) -> None:
    """Start Backdesk in production, behind a proxy that speaks https. Needs SECRET_KEY and ALLOWED_HOSTS."""
    from backdesk.cli import starting

    starting.serve(host=host, port=port, web_processes=processes, threads=threads, with_worker=worker)


@app.command()
def worker(
    concurrency: Annotated[int, typer.Option(min=1, help="Jobs done at once.")] = 2,
) -> None:
    """Work on background jobs until told to stop. Start as many as you like, on as many machines."""
    from backdesk.cli import starting

    starting.worker(concurrency=concurrency)


@app.command()
def found(
    company: Annotated[str, typer.Argument(help="The company's name.")],
    email: Annotated[str, typer.Option(help="E-mail of its first person, who signs in with it.")],
    name: Annotated[str, typer.Option(help="Name of its first person, who manages there.")],
    password: Annotated[
        str,
        typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for if not given."),
    ],
    zone: Annotated[str, typer.Option(help="Where the company is.")] = "UTC",
    provider: Annotated[
        bool, typer.Option("--provider", help="It takes work over; with --client too, it does both.")
    ] = False,
    client: Annotated[
        bool, typer.Option("--client", help="It hands work over, as without either of the two.")
    ] = False,
) -> None:
    """Found a company of your own with its first person, beside or instead of the demonstration."""
    from backdesk.cli import starting

    starting.found(
        company=company,
        zone=zone,
        name=name,
        email=email,
        password=password,
        client=client or not provider,
        provider=provider,
    )


@app.command()
def migrate() -> None:
    """Bring the database up to date with this version."""
    from backdesk.cli import starting

    starting.manage(["migrate", "--verbosity", "1"])


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def manage(ctx: typer.Context) -> None:
    """Run one of Django's own commands, such as `backdesk manage shell` or `backdesk manage changepassword`."""
    from backdesk.cli import starting

    starting.manage(ctx.args)


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed

    typer.echo(f"Backdesk {installed('backdesk')}")


def _load(name: str) -> Any:
    module, _, function = _ELSEWHERE[name][0].partition(":")
    command: Any = getattr(importlib.import_module(module), function)
    if isinstance(command, typer.Typer):
        return typer.main.get_command(command)
    alone = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    alone.command(name)(command)
    return typer.main.get_command(alone)
