"""What every benchmark stands on: processes measured as a whole, medians, the machine, tables.

It stays small on purpose: a process that is started begins with the peak memory of the one that starts it.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
VAR = REPOSITORY / "bench" / "var"


class Skipped(Exception):
    """What a measurement needs is absent; the message names it."""


class Failed(Exception):
    """What was to be measured did not do its work; the message says what it did instead."""


def told_plainly(measure: Callable[[], None]) -> int:
    """Run a benchmark; the exit code: what is absent is skipped by its name, what failed is said."""
    try:
        measure()
    except Skipped as absent:
        print(f"Skipped: {absent}.\n", flush=True)
    except Failed as reason:
        print(f"Failed: {reason}", file=sys.stderr)
        return 1
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process that ran: seconds of the clock and of all cores, its largest memory in MB, what it printed."""

    wall: float
    cpu: float
    peak: float
    printed: str


def run(arguments: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Process:
    """Run a process to its end. Raises `Failed` where it ends with a fault.

    Python keeps compiled modules, as it does where Backdesk is installed.
    """
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environment or {})}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(arguments, stdout=out, stderr=err, cwd=REPOSITORY, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        if process.returncode:
            last = err.read().decode(errors="replace").strip().rpartition("\n")[2]
            raise Failed(f"{Path(arguments[1]).name} ended with {process.returncode}: {last}")
        printed = out.read().decode(errors="replace")
    cpu = usage.ru_utime + usage.ru_stime
    return Process(wall=wall, cpu=cpu, peak=usage.ru_maxrss * _UNIT_OF_MAXRSS / 1e6, printed=printed)


def repeated(times: int, once: Callable[[], Process]) -> list[Process]:
    return [once() for _ in range(times)]


_UNIT_OF_MAXRSS = 1 if platform.system() == "Darwin" else 1024


def shared_data(*parts: str) -> Path:
    """Give the path of a data set kept beside the repository. Raises `Skipped`, by its name, where it is absent."""
    root = Path(os.environ.get("BACKDESK_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    path = root.joinpath(*parts)
    if not path.exists():
        raise Skipped(f"data set absent: {'/'.join(parts)}")
    return path


def environment_of_peers() -> str:
    """Install the peers into an environment of the bench alone."""
    place = VAR / "peers"
    python = place / "bin" / "python"
    wanted = (REPOSITORY / "bench" / "peers.txt").read_text()
    stamp = place / ".installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(place, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        installing = subprocess.run(
            [*pip, "-r", str(REPOSITORY / "bench" / "peers.txt")], capture_output=True, check=False
        )
        if installing.returncode:
            raise Skipped(f"cannot install {', '.join(wanted.split())} into bench/var/peers")
        stamp.write_text(wanted)
    return str(python)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Median, ends and 95th percentile of what was measured several times."""

    median: float
    least: float
    most: float
    p95: float

    def text(self, decimals: int = 2) -> str:
        return f"{self.median:,.{decimals}f} ({self.least:,.{decimals}f}-{self.most:,.{decimals}f})"


def spread(values: Sequence[float]) -> Spread:
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return Spread(median=statistics.median(ordered), least=ordered[0], most=ordered[-1], p95=p95)


def title(text: str) -> None:
    """Say what is measured, on what machine, and how busy that is with other things."""
    print(f"\n{text}\n{'=' * len(text)}\n{machine()}; {pace()}; {load()}\n", flush=True)


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}"


def pace() -> str:
    """How quick the machine is just now: virtual ones differ twofold from hour to hour."""
    began = time.process_time()
    sum(number * number for number in range(5_000_000))
    return f"5 million squares added up in {time.process_time() - began:.2f} s"


def load() -> str:
    with suppress(OSError):
        return "load {:.1f} {:.1f} {:.1f}".format(*os.getloadavg())
    return "load unknown"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, note: str = "") -> None:
    """Print rows under heads, the first column to the left, the others to the right."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        cells = [
            text.ljust(width) if place == 0 else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())
    print(f"{note}\n" if note else "", flush=True)
