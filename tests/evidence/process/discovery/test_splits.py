"""Splits of traces along a cut, against going through each trace by hand."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, groupby

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from backdesk.evidence.process.discovery.cuts import Cut
from backdesk.evidence.process.discovery.splits import split
from backdesk.evidence.process.discovery.trees import Operator
from backdesk.evidence.process.discovery.variants import Traces, Variants, counted
from tests.evidence.process.discovery.made import few

PART = {"a": 0, "b": 0, "c": 1, "d": 2, "e": 2}
logs = st.lists(st.text(alphabet="abcde", min_size=1, max_size=7), min_size=1, max_size=6)
Bag = Counter[str]


def parted(words: list[str], operator: Operator) -> tuple[list[Bag], list[str]]:
    """The parts of a log, each as words with their counts; and the activities of the log."""
    log = counted(words)
    part = np.array([PART[name] for name in log.names], dtype=np.int64)
    numbers = np.unique(part, return_inverse=True)[1].astype(np.int64)
    cut = Cut(operator, np.arange(len(log.names)), numbers)
    return [bag(log, traces) for traces in split(log.traces, cut)], list(log.names)


def bag(log: Variants, traces: Traces) -> Bag:
    named = Variants(names=log.names, traces=traces, beside=log.beside)
    found = Counter[str]()
    for word, count in zip(named.words(), traces.counts.tolist(), strict=True):
        assert "".join(word) not in found, "equal traces are one"
        found["".join(word)] = count
    return found


def numbered(words: list[str]) -> list[list[str]]:
    """The activities of each part that comes."""
    here = set("".join(words))
    kept = [sorted(name for name in here if PART[name] == part) for part in range(3)]
    return [names for names in kept if names]


def only(word: str, names: list[str]) -> str:
    return "".join(label for label in word if label in names)


@few
@given(logs)
def test_side_by_side_each_part_sees_every_case(words: list[str]) -> None:
    found, _ = parted(words, "parallel")
    assert found == [Counter(only(word, names) for word in words) for names in numbered(words)]


@few
@given(logs)
@example(["cab", "dca", "eabce"])
def test_in_a_sequence_as_much_is_kept_as_can_be(words: list[str]) -> None:
    """Which of several longest ways is kept is left open; no case is lost, and no step comes twice."""
    found, _ = parted(words, "sequence")
    assert all(part.total() == len(words) for part in found)
    kept = sum(len(word) * count for part in found for word, count in part.items())
    assert kept == sum(longest(word) for word in words)


def longest(word: str) -> int:
    """Most letters of a word that can stay so that their parts never go back: by trying all ways to."""
    for size in range(len(word), 0, -1):
        for stay in combinations(word, size):
            parts = [PART[label] for label in stay]
            if parts == sorted(parts):
                return size
    return 0


@few
@given(logs)
def test_of_a_choice_a_case_goes_where_most_of_its_steps_are(words: list[str]) -> None:
    found, _ = parted(words, "exclusive")
    expected = [Counter[str]() for _ in numbered(words)]
    for word in words:
        sizes = [len(only(word, names)) for names in numbered(words)]
        place = sizes.index(max(sizes))
        expected[place][only(word, numbered(words)[place])] += 1
    assert found == expected


@few
@given(logs)
@example(["acada", "cd", "d"])
def test_of_a_loop_each_run_is_a_case_and_the_first_part_comes_between(words: list[str]) -> None:
    found, _ = parted(words, "loop")
    kinds = numbered(words)
    expected = [Counter[str]() for _ in kinds]
    for word in words:
        runs = [
            (kind, "".join(run))
            for kind, run in groupby(
                word, key=lambda label: next(n for n, k in enumerate(kinds) if label in k)
            )
        ]
        before = None
        for kind, run in [*runs, (None, "")]:
            if kind != 0 and before != 0:
                expected[0][""] += 1
            if kind is not None:
                expected[kind][run] += 1
            before = kind
    assert found == expected
