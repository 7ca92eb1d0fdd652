"""Run the machine code of a kernel: made once, kept, and then taken from where it is kept."""

from __future__ import annotations

import ctypes
import hashlib
import importlib.metadata
import importlib.util
import mmap
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from backdesk.evidence.kernels.reflecting import Kernel, arguments, element, fields, file_of, parts

DIGEST: Final = hashlib.sha256().digest_size
WHOLE, OBJECT = ".code", ".o"  # what runs as it is; what LLVM has to load
COMPILERS: Final = ("numba", "llvmlite")
PROCESSOR: Final = (b"cpu family", b"model", b"flags", b"CPU", b"Features")


@cache
def compiled(function: Kernel) -> Kernel:
    """Give a function compiled for this machine, with those of its module that it calls.

    Its arguments are annotated as `NDArray` of a type, `int`, or a named tuple of these; it returns an `int`. An array
    has to be contiguous and of that type (`ctypes.ArgumentError` otherwise); what lies behind its end is not guarded.

    >>> import numpy as np
    >>> from backdesk.evidence.eventlog import _standard_times
    >>> text = np.frombuffer(b"2024-02-01T09:30:00Z", np.uint8)
    >>> compiled(_standard_times.two_digits)(text, 8)
    1
    """
    address, holder = _placed(function)
    kinds = [element(field) for hint in arguments(function) for field in fields(hint)]
    given = [np.ctypeslib.ndpointer(kind, flags="C") if kind else ctypes.c_int64 for kind in kinds]
    # As numba calls: a place for the result and one for an exception, which there is none of, stand first.
    run = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *given)(address)

    def called(*values: Any) -> int:
        result = ctypes.c_int64()
        flat = (part for value in values for part in (value if isinstance(value, tuple) else (value,)))
        run(ctypes.addressof(result), None, *flat)
        return result.value

    called.holder = holder  # type: ignore[attr-defined]  # the code lives as long as it does
    return called


def _placed(function: Kernel) -> tuple[int, object]:
    """Where the code is, and what holds it there. What is damaged where it is kept is made anew."""
    name = f"{function.__name__}-{_fingerprint(function)}"
    folders = list(_folders(function))
    for place in (folder / (name + kind) for folder in folders for kind in (WHOLE, OBJECT)):
        with suppress(OSError):
            kept = place.read_bytes()
            if hashlib.sha256(kept[DIGEST:]).digest() == kept[:DIGEST]:
                return _loaded(kept[DIGEST:], place.suffix, function)
    code, kind = _made(function)
    for folder in folders:
        with suppress(OSError):
            _write(folder / (name + kind), hashlib.sha256(code).digest() + code)
            break
    return _loaded(code, kind, function)


def _made(function: Kernel) -> tuple[bytes, str]:
    from backdesk.evidence.kernels import making

    code = making.made(function)
    whole = making.whole(code)
    return (code, OBJECT) if whole is None else (whole, WHOLE)


def _loaded(code: bytes, kind: str, function: Kernel) -> tuple[int, object]:
    if kind == WHOLE:
        return _mapped(code)
    from backdesk.evidence.kernels import making

    return making.engaged(code, function.__name__)


def _mapped(code: bytes) -> tuple[int, object]:
    """Put code into memory of its own, which from then on is run and not written."""
    memory = mmap.mmap(-1, len(code), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    if protect(ctypes.c_void_p(address), ctypes.c_size_t(len(code)), mmap.PROT_READ | mmap.PROT_EXEC):
        raise OSError(ctypes.get_errno(), "This system lets no program run what it has made itself.")
    return address, memory


def _fingerprint(function: Kernel) -> str:
    """What the code depends on: the source, what makes it, the compilers, and the processor."""
    files = {*map(file_of, parts(function).values()), *map(str, Path(__file__).parent.glob("*.py"))}
    told = [
        *(Path(file).read_bytes() for file in sorted(files)),
        *map(_version, COMPILERS),
        _processor(),
    ]
    return hashlib.sha256(b"\0".join(told)).hexdigest()[:16]


@cache
def _version(compiler: str) -> bytes:
    """What tells versions apart: the file that says it is read sooner than asked for what it says."""
    spec = importlib.util.find_spec(compiler)
    with suppress(OSError):
        return Path(spec.origin).with_name("_version.py").read_bytes() if spec and spec.origin else b""
    return importlib.metadata.version(compiler).encode()


@cache
def _processor() -> bytes:
    """What tells processors apart: as the system says, which is sooner asked than LLVM."""
    with suppress(OSError), Path("/proc/cpuinfo").open("rb") as file:
        first, _, _ = file.read(1 << 14).partition(b"\n\n")
        if found := [line for line in first.splitlines() if line.startswith(PROCESSOR)]:
            return b"\n".join((platform.machine().encode(), *found))
    from backdesk.evidence.kernels import making

    return making.processor()


def _folders(function: Kernel) -> Iterator[Path]:
    """Where Python keeps its own compiled files; else in the user's cache."""
    yield Path(file_of(function)).parent / "__pycache__"
    with suppress(RuntimeError):  # a user without a home
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "backdesk"


def _write(place: Path, content: bytes) -> None:
    """Whole or not at all, as another process may read it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
        file.write(content)
        Path(file.name).chmod(0o644)  # whoever runs Backdesk may be another than who installed it
    Path(file.name).replace(place)
