"""Make machine code of a kernel. LLVM is loaded here alone, as it takes 50 MB before it does anything."""

from __future__ import annotations

import importlib.util
import struct
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType
from typing import Any, Final, NamedTuple

import llvmlite.binding as llvm

from backdesk.evidence.kernels.reflecting import Kernel, arguments, element, fields, file_of, parts

TEXT: Final = b".text"
CONSTANTS: Final = b".rodata"
MOVES: Final = b".rela"
ALIGNED: Final = 64

# What a file of ELF for x86-64 begins with; its symbols and what it wants to be told of them (System V ABI).
_ELF: Final = b"\x7fELF\x02\x01"
_MACHINE, _X86_64 = slice(18, 20), b"\x3e\x00"
_SYMBOL: Final = struct.Struct("<IBBHQQ")
_SORT, _SECTION, _VALUE = 1, 3, 4
_ENTRY: Final = 0x12  # a function for others
_MOVE: Final = struct.Struct("<QQq")
_KIND: Final = 0xFFFFFFFF
_RELATIVE: Final = {2, 4}  # PC32 and PLT32: how far from here it is


class _Move(NamedTuple):
    """A place in code and constants put together that is to be told where something is: how far into a section."""

    kind: int
    at: int
    section: int
    target: int


def made(function: Kernel) -> bytes:
    """Compile to an object file."""
    import numba

    types: Any = numba.types

    def typed(hint: Any) -> Any:
        if len(several := fields(hint)) > 1:
            return types.NamedTuple([typed(field) for field in several], hint)
        kind = element(hint)
        return types.CPointer(getattr(types, kind)) if kind else types.int64

    signature = numba.int64(*map(typed, arguments(function)))
    jit = partial(numba.njit, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
    compiled = jit(signature)(_copied(function, jit).__dict__[function.__name__].py_func)
    parsed = llvm.parse_assembly(compiled.inspect_llvm(signature.args))
    defined = [one for one in parsed.functions if not one.is_declaration]
    (entry,) = (one for one in defined if one.linkage == llvm.Linkage.external)
    entry.name = function.__name__
    for one in defined:
        if one.name != entry.name:
            one.linkage = llvm.Linkage.internal  # so that calls need nobody to tell where they go
    return bytes(_machine().emit_object(parsed))


def whole(code: bytes) -> bytes | None:
    """Put code and constants of an object file together, to begin and run wherever they stand; None of what needs more.

    That is what calls functions of others, as one that fills memory, and what is made for other machines.
    """
    if not code.startswith(_ELF) or code[_MACHINE] != _X86_64:
        return None
    sections = [
        (one.name() or b"", bytes(one.data())) for one in llvm.ObjectFileRef.from_data(code).sections()
    ]
    together, places = _together(sections)
    symbols = list(_SYMBOL.iter_unpack(dict(sections)[b".symtab"]))
    entries = [(places.get(one[_SECTION]), one[_VALUE]) for one in symbols if one[_SORT] == _ENTRY]
    moves = list(_moves(sections, places, symbols))
    known = all(move.kind in _RELATIVE and move.section in places for move in moves)
    if entries != [(0, 0)] or not known:
        return None
    for move in moves:
        target = places[move.section] + move.target
        struct.pack_into("<i", together, move.at, target - move.at)
    return bytes(together)


def _together(sections: list[tuple[bytes, bytes]]) -> tuple[bytearray, dict[int, int]]:
    """Code and constants one behind the other, and where each section of these, by its number, begins."""
    together, places = bytearray(), dict[int, int]()
    for number, (name, data) in enumerate(sections):
        if name.startswith((TEXT, CONSTANTS)):
            places[number] = len(together)
            together += data + bytes(-len(data) % ALIGNED)
    return together, places


def _moves(
    sections: list[tuple[bytes, bytes]], places: dict[int, int], symbols: list[tuple[int, ...]]
) -> Iterator[_Move]:
    contents = dict(sections)
    for number, begin in places.items():
        for offset, info, addend in _MOVE.iter_unpack(contents.get(MOVES + sections[number][0], b"")):
            symbol = symbols[info >> 32]
            yield _Move(info & _KIND, begin + offset, symbol[_SECTION], symbol[_VALUE] + addend)


def engaged(code: bytes, name: str) -> tuple[int, object]:
    """Let LLVM load an object file: where the function is, and what holds its code."""
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine.get_function_address(name), engine


def processor() -> bytes:
    """What LLVM calls this processor and what it can."""
    names = (llvm.get_default_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten())
    return " ".join(names).encode()


def _copied(function: Kernel, jit: Callable[[Kernel], Any]) -> ModuleType:
    """The function's module once more: its functions become compiled ones there, and stay what they are here."""
    spec = importlib.util.spec_from_file_location(function.__module__, file_of(function))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, part in parts(function).items():
        own = part.__module__ == module.__name__
        setattr(
            module, name, jit(getattr(module, name)) if own else getattr(_copied(part, jit), part.__name__)
        )
    return module


def _machine() -> llvm.TargetMachine:
    """This machine; made anew each time, as an engine frees the one it was given."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="pic",
        codemodel="small",
    )
