"""Compiled functions, kept as object code: numba, which compiles them, takes longer to load than most logs to read.

A kernel is a plain function over integers and one-dimensional arrays, which it sees as bare memory: no bounds, no
objects, no exceptions. It holds no lock, so threads can run it side by side; and it runs as it is written, too.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import inspect
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Final, get_args, get_type_hints

import llvmlite.binding as llvm
import numpy as np

DIGEST: Final = hashlib.sha256().digest_size

Kernel = Callable[..., int]


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
    code = _kept(function)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    kinds = [_element(field) for hint in _arguments(function) for field in _fields(hint)]
    arguments = [np.ctypeslib.ndpointer(kind, flags="C") if kind else ctypes.c_int64 for kind in kinds]
    # As numba calls: a place for the result and one for an exception, which there is none of, stand first.
    prototype = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *arguments)
    run = prototype(engine.get_function_address(function.__name__))

    def called(*values: Any) -> int:
        result = ctypes.c_int64()
        flat = (part for value in values for part in (value if isinstance(value, tuple) else (value,)))
        run(ctypes.addressof(result), None, *flat)
        return result.value

    called.engine = engine  # type: ignore[attr-defined]  # the code lives as long as it does
    return called


def _kept(function: Kernel) -> bytes:
    """The object code from where it is kept, or made now; what is damaged there is made anew."""
    name = f"{function.__name__}-{_fingerprint(function)}.o"
    places = [folder / name for folder in _folders(function)]
    for place in places:
        with suppress(OSError):
            kept = place.read_bytes()
            if hashlib.sha256(kept[DIGEST:]).digest() == kept[:DIGEST]:
                return kept[DIGEST:]
    code = _made(function)
    for place in places:
        with suppress(OSError):
            _write(place, hashlib.sha256(code).digest() + code)
            break
    return code


def _fingerprint(function: Kernel) -> str:
    """What the code depends on: the source, the compilers, the processor, and this module."""
    told = [
        *(Path(file).read_bytes() for file in sorted({__file__, *map(_file, _parts(function).values())})),
        *(version(name).encode() for name in ("numba", "llvmlite")),
        llvm.get_default_triple().encode(),
        llvm.get_host_cpu_name().encode(),
        llvm.get_host_cpu_features().flatten().encode(),
    ]
    return hashlib.sha256(b"\0".join(told)).hexdigest()[:16]


def _folders(function: Kernel) -> Iterator[Path]:
    """Where Python keeps its own compiled files; else in the user's cache."""
    yield Path(_file(function)).parent / "__pycache__"
    with suppress(RuntimeError):  # a user without a home
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "backdesk"


def _file(function: Kernel) -> str:
    return inspect.getfile(function)


def _write(place: Path, content: bytes) -> None:
    """Whole or not at all, as another process may read it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
        file.write(content)
        Path(file.name).chmod(0o644)  # whoever runs Backdesk may be another than who installed it
    Path(file.name).replace(place)


def _made(function: Kernel) -> bytes:
    """Compile with numba; it is loaded here alone."""
    import numba

    types: Any = numba.types

    def typed(hint: Any) -> Any:
        if len(fields := _fields(hint)) > 1:
            return types.NamedTuple([typed(field) for field in fields], hint)
        kind = _element(hint)
        return types.CPointer(getattr(types, kind)) if kind else types.int64

    signature = numba.int64(*map(typed, _arguments(function)))
    jit = partial(numba.njit, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
    made = jit(signature)(_copied(function, jit).__dict__[function.__name__].py_func)
    parsed = llvm.parse_assembly(made.inspect_llvm(signature.args))
    defined = (one for one in parsed.functions if not one.is_declaration)
    (entry,) = (one for one in defined if one.linkage == llvm.Linkage.external)
    entry.name = function.__name__
    return bytes(_machine().emit_object(parsed))


def _copied(function: Kernel, jit: Callable[[Kernel], Any]) -> ModuleType:
    """The function's module once more: its functions become compiled ones there, and stay what they are here."""
    spec = importlib.util.spec_from_file_location(function.__module__, _file(function))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, part in _parts(function).items():
        own = part.__module__ == module.__name__
        setattr(
            module, name, jit(getattr(module, name)) if own else getattr(_copied(part, jit), part.__name__)
        )
    return module


def _parts(function: Kernel) -> dict[str, Kernel]:
    """The functions of its module, and those it takes from others of the package."""
    package = function.__module__.rpartition(".")[0]
    there = function.__globals__.items()
    return {
        name: value
        for name, value in there
        if isinstance(value, FunctionType) and value.__module__.rpartition(".")[0] == package
    }


def _arguments(function: Kernel) -> list[Any]:
    hints = get_type_hints(function)
    del hints["return"]
    return list(hints.values())


def _fields(hint: Any) -> list[Any]:
    """What a tuple consists of; anything else of itself."""
    return (
        list(get_type_hints(hint).values()) if isinstance(hint, type) and issubclass(hint, tuple) else [hint]
    )


def _element(hint: Any) -> str | None:
    """The type of an array's elements by its name; None of a number."""
    return None if hint is int else get_args(get_args(hint)[1])[0].__name__


def _machine() -> llvm.TargetMachine:
    """This machine; made anew each time, as an engine frees the one it was given."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        jit=True,
        codemodel="jitdefault",
    )
