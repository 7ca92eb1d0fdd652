"""How every command on a work history tells what it is doing, and what went wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer

from backdesk.cli.asking import BadOption

BAD_INPUT, FAULT = 2, 1

Progress = Callable[[float, str], None]


@contextmanager
def told_plainly(log: Path) -> Iterator[None]:
    """Turn what went wrong into one message on stderr and an exit code: 2 for input, 1 for a fault of ours."""
    try:
        yield
    except BrokenPipeError:
        _hang_up()
    except _log_errors() as error:
        _stop(str(error) if log.name in str(error) else f"{log.name}: {error}", BAD_INPUT)
    except _option_errors() as error:
        _stop(str(error), BAD_INPUT)
    except OSError as error:
        _stop(
            f"{error.filename or 'A file could not be read or written'}: {error.strerror or error}.",
            BAD_INPUT,
        )
    except Exception as error:
        place = _where(error)
        _stop(f"A fault of Backdesk, not of the log: {type(error).__name__}: {error} ({place}).", FAULT)


def _log_errors() -> tuple[type[Exception], ...]:
    """Give the errors that name a fault of the log; where there is one, its module is loaded already."""
    from backdesk.evidence.eventlog import LogError

    return (LogError,)


def _option_errors() -> tuple[type[Exception], ...]:
    from backdesk.evidence.assessment import RatesError
    from backdesk.evidence.calendars import CalendarError

    return (BadOption, CalendarError, RatesError)


def _stop(message: str, code: int) -> NoReturn:
    print(message, file=sys.stderr)  # noqa: T201
    raise typer.Exit(code)


def _hang_up() -> NoReturn:
    """Leave quietly when whoever reads the output has had enough, as `head` does."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(0)


def _where(error: Exception) -> str:
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    return f"{Path(frame.tb_frame.f_code.co_filename).name}, line {frame.tb_lineno}" if frame else "unknown"


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Show progress on stderr where a person looks at it; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda fraction, phase: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("reading", total=1.0)
        yield lambda fraction, phase: bars.update(task, completed=fraction, description=phase)
