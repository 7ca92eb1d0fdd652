"""`backdesk doctor`: what could be wrong here, and the one thing to do about each."""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from backdesk.cli import local, starting
from backdesk.config.environment import SettingInvalid, SettingMissing
from backdesk.platform import database
from backdesk.platform.database import DatabaseUnavailable

if TYPE_CHECKING:
    from backdesk.platform.operating.doctor import Examined

_COLOURS = {"ok": "green", "warning": "yellow", "broken": "bold red"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Read every stored file and compare its checksum.")
    ] = False,
    send_mail_to: Annotated[str, typer.Option(metavar="ADDRESS", help="Really send a mail there.")] = "",
) -> None:
    """Look at settings, database, privileges, jobs, mail, disk and clock. Ends with 1 where something is broken."""
    with ExitStack() as stack:
        try:
            use_settings_of_what_runs_here()
            at_rest = is_at_rest()
            stack.enter_context(starting.settings_and_database())
            found = look(deep=deep, send_mail_to=send_mail_to, at_rest=at_rest)
        except (SettingInvalid, SettingMissing, DatabaseUnavailable) as error:
            _say_that_nothing_can_start(error, as_json=as_json)
            sys.exit(1)
    _print_json(found) if as_json else show(found, at_rest=at_rest)
    sys.exit(exit_code(found))


def use_settings_of_what_runs_here() -> None:
    """Those of `backdesk serve` where it has its key from the environment; else those of `backdesk run`."""
    if os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE"):
        local.use_settings(BACKDESK_HTTPS="yes")
    else:
        local.use_settings(BACKDESK_HTTPS="no", ALLOWED_HOSTS="localhost,127.0.0.1,[::1]")


def is_at_rest() -> bool:
    """Does nobody run the embedded database? Then no worker is to be missed. A server of one's own runs always."""
    if not starting.is_embedded():
        return False
    try:
        database.wait_for(database.address(starting.data_directory()), patience=0.0)
    except DatabaseUnavailable:
        return True
    return False


def look(*, deep: bool = False, send_mail_to: str = "", at_rest: bool = False) -> list[Examined]:
    import django

    django.setup()
    from backdesk.platform.operating.doctor import Circumstances, examine

    return examine(
        Circumstances(clock=lambda: datetime.now(UTC), deep=deep, send_mail_to=send_mail_to, at_rest=at_rest)
    )


def show(found: list[Examined], *, at_rest: bool) -> None:
    console, wide = Console(highlight=False, soft_wrap=True), max(len(one.title) for one in found)
    for one in found:
        state, finding = one.finding.state, one.finding
        console.print(f"[{_COLOURS[state]}]{state:8}[/] {one.title:{wide}}  {_plain(finding.found)}")
        if finding.remedy:
            console.print(f"{'':8} {'':{wide}}  [bold]{_plain(finding.remedy)}[/]")
    if at_rest:
        console.print("\nBackdesk does not run here now, so its background work was not looked at.")
    counts = {state: sum(one.finding.state == state for one in found) for state in _COLOURS}
    warnings = "1 warning" if counts["warning"] == 1 else f"{counts['warning']} warnings"
    console.print(f"\n{counts['broken']} broken, {warnings}, {counts['ok']} ok")


def exit_code(found: list[Examined]) -> int:
    return 1 if any(one.finding.state == "broken" for one in found) else 0


def _print_json(found: list[Examined]) -> None:
    rows = [{"check": one.name, "title": one.title, **asdict(one.finding)} for one in found]
    typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))


def _say_that_nothing_can_start(error: Exception, *, as_json: bool) -> None:
    if as_json:
        row = {
            "check": "start",
            "title": "It can start",
            "state": "broken",
            "found": str(error),
            "remedy": "",
        }
        typer.echo(json.dumps([row], indent=2, ensure_ascii=False))
    else:
        Console(highlight=False).print(f"[bold red]broken[/]  It cannot start: {_plain(str(error))}")


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
