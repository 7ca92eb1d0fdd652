"""Compiled functions: the same as they are written, compiled once, and never run from what is damaged."""

from __future__ import annotations

import ctypes
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence import kernels
from backdesk.evidence.eventlog import _kernels, _rows
from backdesk.evidence.eventlog._standard_times import two_digits
from backdesk.evidence.kernels import making, running
from tests.evidence.small_kernels import chosen, emptied, weighed

TEXT = np.frombuffer(b"2024-02-01", np.uint8)


@settings(max_examples=30, deadline=None)
@given(text=st.binary(min_size=2, max_size=2))
def test_a_compiled_function_gives_what_it_gives_as_written(text: bytes) -> None:
    bytes_of_it = np.frombuffer(text, np.uint8)
    assert kernels.compiled(two_digits)(bytes_of_it, 0) == two_digits(bytes_of_it, 0)


@settings(max_examples=30, deadline=None)
@given(numbers=st.lists(st.integers(-(2**40), 2**40), max_size=40), which=st.integers(-2, 6))
def test_so_does_one_that_has_constants_and_tables_beside_its_code(numbers: list[int], which: int) -> None:
    given_ones = np.array(numbers, np.int64)
    assert kernels.compiled(weighed)(given_ones, len(numbers)) == weighed(given_ones, len(numbers))
    assert kernels.compiled(chosen)(which) == chosen(which)


def test_one_that_calls_the_system_is_left_to_the_loader_of_the_compiler(fresh: Path) -> None:
    for _ in range(2):  # made, then kept
        numbers = np.arange(50)
        assert kernels.compiled.__wrapped__(emptied)(numbers, 50) == 50
        assert not numbers.any()
    assert [file.suffix for file in fresh.iterdir()] == [running.OBJECT]


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="elsewhere the loader is asked"
)
def test_what_reads_work_histories_needs_no_loader_and_so_none_of_its_memory() -> None:
    code = (
        "import sys; from backdesk.evidence.kernels import compiled; "
        "from backdesk.evidence.eventlog import _kernels, _rows; "
        "compiled(_rows.cut), compiled(_kernels.scan); print('llvmlite' in sys.modules)"
    )
    kernels.compiled(_rows.cut), kernels.compiled(_kernels.scan)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_code_for_another_machine_is_not_put_together() -> None:
    code = making.made(two_digits)
    other = code[:18] + b"\xb7\x00" + code[20:]  # the number of 64-bit ARM
    assert making.whole(other) is None


def test_it_is_compiled_once_and_then_taken_from_where_it_is_kept(
    fresh: Path, made: list[str], two: Callable[[], int]
) -> None:
    assert [two(), two()] == [24, 24]
    assert made == ["two_digits"]
    assert len(list(fresh.iterdir())) == 1


def test_code_that_is_damaged_is_made_anew(fresh: Path, made: list[str], two: Callable[[], int]) -> None:
    two()
    (kept,) = fresh.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert two() == 24
    assert len(made) == 2
    assert two() == 24
    assert len(made) == 2


@pytest.mark.usefixtures("fresh")
def test_another_source_or_processor_has_code_of_its_own(
    made: list[str], two: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    two()
    monkeypatch.setattr(running, "_version", lambda _: b"another")
    two()
    assert len(made) == 2


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(
    fresh: Path, two: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (file := fresh / "file").touch()
    monkeypatch.setattr(running, "_folders", lambda _: [file / "below a file"])
    assert two() == 24
    assert list(fresh.iterdir()) == [file]


@pytest.mark.parametrize("array", [TEXT.astype(np.int64), TEXT[::2]], ids=["another type", "with gaps"])
def test_memory_that_is_not_as_the_function_sees_it_is_refused(
    array: np.ndarray[tuple[int], np.dtype[np.uint8]],
) -> None:
    with pytest.raises(ctypes.ArgumentError):
        kernels.compiled(two_digits)(array, 0)


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(running, "_folders", lambda _: [tmp_path])
    return tmp_path


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was compiled."""
    names: list[str] = []
    make = running._made

    def counted(function: kernels.Kernel) -> tuple[bytes, str]:
        names.append(function.__name__)
        return make(function)

    monkeypatch.setattr(running, "_made", counted)
    return names


@pytest.fixture
def two() -> Callable[[], int]:
    """The third and fourth digit, read as another process would."""
    return lambda: kernels.compiled.__wrapped__(two_digits)(TEXT, 2)
