"""Files of strangers are read in a process of its own, with bounds: one that unpacks to a hundred gigabytes, or takes a
library down, ends that process and nothing else.

The script knows nothing of Backdesk: it gets its arguments and no environment, writes lines, and ends with a sentence
on standard error and the status `SAID` where the file is at fault.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, Final

SAID: Final = 3
_LAUNCHER: Final = Path(__file__).with_name("_launch.py")
_OUT_OF_MEMORY: Final = (b"MemoryError", b"memory allocation", b"bad_alloc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """`memory` in bytes of address space, `seconds` of the clock and of the processor, `file` in bytes it may write."""

    memory: int
    seconds: int
    file: int = 50_000_000


class Contained(Exception):
    """The process did not end well."""


class FileAtFault(Contained):
    """What it was given cannot be read; the text says why."""


class TookTooMuch(Contained):
    """It ran into its bounds: more memory, or more time."""


def lines(script: Path, *arguments: str, bounds: Bounds) -> Iterator[str]:
    """What the script writes, line by line as it comes; raises at the end where that was no good one."""
    command = [
        sys.executable, "-I", str(_LAUNCHER), str(bounds.memory), str(bounds.seconds), str(bounds.file),
        str(script), *arguments,
    ]  # fmt: skip
    with TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env={}, encoding="utf-8"
        )
        timer = Timer(bounds.seconds, process.kill)
        timer.start()
        try:
            assert process.stdout is not None  # it is a pipe
            yield from process.stdout
            process.wait()
        finally:
            timer.cancel()
            process.kill()
            process.wait()
            process.stdout.close() if process.stdout else None
        _require_good_end(process.returncode, errors)


def run(script: Path, *arguments: str, bounds: Bounds) -> list[str]:
    return list(lines(script, *arguments, bounds=bounds))


def _require_good_end(status: int, errors: IO[bytes]) -> None:
    if status == 0:
        return
    errors.seek(0)
    said = errors.read(100_000)
    if status == SAID:
        raise FileAtFault(said.decode(errors="replace").strip())
    if status in (-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGXFSZ) or any(
        word in said for word in _OUT_OF_MEMORY
    ):
        raise TookTooMuch
    raise FileAtFault
