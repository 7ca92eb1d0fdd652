"""Child processes that live and end together: when one ends, all end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Never, Self

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE = 15.0


class ToldToStop(BaseException):
    """Ctrl-C, or a signal to end. Not an `Exception`, so that nothing on the way mistakes it for a fault."""


class ChildEnded(Exception):
    """A child ended although nobody asked it to; the message says which and how."""


@dataclass(slots=True, kw_only=True)
class Child:
    title: str
    process: subprocess.Popen[bytes]

    def check(self) -> None:
        code = self.process.poll()
        if code is not None:
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise ChildEnded(f"The {self.title} ended by itself ({how}), so everything else stops too.")


@contextmanager
def stop_signals() -> Iterator[None]:
    """Within, the first signal to end raises `ToldToStop`; those after it do not disturb the tidying up."""

    def stop(number: int, frame: FrameType | None) -> None:
        for later in _STOP_SIGNALS:
            signal.signal(later, signal.SIG_IGN)
        raise ToldToStop

    before = {number: signal.signal(number, stop) for number in _STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Family:
    """Children that start one by one and end together."""

    def __init__(self) -> None:
        self.children: list[Child] = []

    def start(self, title: str, module: str, *arguments: object, handed: Sequence[int] = ()) -> Child:
        """`python -m module arguments`. In a group of its own, so that Ctrl-C reaches it only through us.

        `handed`: files of ours that it has open too, by their numbers.
        """
        command = [sys.executable, "-m", module, *(str(argument) for argument in arguments)]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0, pass_fds=handed)
        child = Child(title=title, process=process)
        self.children.append(child)
        return child

    def check(self) -> None:
        for child in self.children:
            child.check()

    def watch(self, *others: Child) -> Never:
        """Until one of them, or of the others, ends (`ChildEnded`), or somebody wants an end (`ToldToStop`)."""
        while True:
            self.check()
            for other in others:
                other.check()
            time.sleep(0.2)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        end([child.process for child in self.children])


def end(processes: Sequence[subprocess.Popen[bytes]], *, patience: float = _PATIENCE) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + patience
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(deadline - time.monotonic(), 0.1))
        # Whatever of its group is left, such as the workers of a web server that hangs.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def follow_parent() -> None:
    """End this process soon after the one that started it is gone, even where it was killed."""
    parent = os.getppid()

    def follow() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, name="follow-parent", daemon=True).start()
