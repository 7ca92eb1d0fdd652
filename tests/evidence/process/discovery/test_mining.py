"""Discovery of a model: known small logs, logs of known trees, and what holds for every log."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from backdesk.evidence.process.bpmn import problems
from backdesk.evidence.process.discovery import (
    NothingToDiscover,
    ProcessTree,
    TooManyActivities,
    Variants,
    as_model,
    counted,
    discover,
    discover_variants,
    parse,
    share_fitting,
)
from tests.evidence.process.discovery.made import clear_trees, ends, few, follows, normal, played, starts

logs = st.lists(st.lists(st.sampled_from("abcde"), max_size=6), min_size=1, max_size=8)


def found_in(*words: Sequence[str], noise: float = 0) -> str:
    return str(discover_variants(counted(words), noise=noise))


# -- Small logs whose model is known ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "tree"),
    [
        (["a"], "'a'"),
        (["ab"], "->( 'a', 'b' )"),
        (["a", "b"], "X( 'a', 'b' )"),
        (["ab", "ba"], "+( 'a', 'b' )"),
        (["a", "aba", "ababa"], "*( 'a', 'b' )"),
        (["a", "aba", "aca"], "*( 'a', 'b', 'c' )"),
        (["aa", "a"], "*( 'a', tau )"),
        (["abc", "ac"], "->( 'a', X( 'b', tau ), 'c' )"),
        (["abc", "c"], "->( X( ->( 'a', 'b' ), tau ), 'c' )"),
        (["abc", "a"], "->( 'a', X( ->( 'b', 'c' ), tau ) )"),
        (["abcd", "acbd", "aed"], "->( 'a', X( +( 'b', 'c' ), 'e' ), 'd' )"),
        (["abcbd", "abd"], "->( 'a', *( 'b', 'c' ), 'd' )"),
    ],
)
def test_a_small_log_gives_the_model_a_person_would_draw(words: list[str], tree: str) -> None:
    assert found_in(*words) == tree


@pytest.mark.parametrize(
    ("words", "tree"),
    [
        ("abcd acbd aed", "->( 'a', X( +( 'b', 'c' ), 'e' ), 'd' )"),
        ("abcdefbdceg abdceg abcdefbcdefbdceg", "->( 'a', *( ->( 'b', +( 'c', 'd' ), 'e' ), 'f' ), 'g' )"),
        ("acd bcd ace bce", "->( X( 'a', 'b' ), 'c', X( 'd', 'e' ) )"),
        ("abef abecdbf abcedbf abcdebf aebcdbf", "->( 'a', +( *( 'b', ->( 'c', 'd' ) ), 'e' ), 'f' )"),
        (
            "aceg aecg bdfg bfdg",
            "->( X( ->( 'a', +( 'c', 'e' ) ), ->( 'b', +( 'd', 'f' ) ) ), 'g' )",
        ),
    ],
)
def test_the_logs_of_the_textbook_give_the_models_of_the_textbook(words: str, tree: str) -> None:
    """L1, L3, L4, L5 and L6 of van der Aalst, Process Mining (2016), chapters 6 and 7."""
    assert normal(parse(found_in(*words.split()))) == normal(parse(tree))


def test_what_comes_once_in_each_case_is_beside_what_has_no_order() -> None:
    assert found_in("xab", "axba", "bax", "abxb") == "+( 'x', *( X( 'a', 'b' ), tau ) )"


def test_work_that_ends_and_begins_anew_is_a_loop() -> None:
    assert found_in("abab", "ab") == "*( ->( 'a', 'b' ), tau )"


def test_overlapping_steps_are_side_by_side_though_one_always_begins_first() -> None:
    apart, overlapping = (overlaid(minutes=minutes) for minutes in (10, 40))
    assert str(discover(apart, noise=0)) == "->( 'Enter', 'Scan', 'File' )"
    assert str(discover(overlapping, noise=0)) == "->( 'Enter', +( 'Scan', 'File' ) )"


def overlaid(*, minutes: int) -> pl.DataFrame:
    """Three cases of Enter, Scan, File, begun half an hour after each other, that take so long but for Enter."""
    rows = []
    for case in "xyz":
        for place, (name, lasts) in enumerate((("Enter", 10), ("Scan", minutes), ("File", minutes))):
            begun = place * 30
            rows.append((case, name, begun, begun + lasts, False, place))
    columns = ("case", "activity", "started_at", "ended_at", "start_estimated", "line")
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    minute = pl.col("started_at", "ended_at") * 60_000_000
    return frame.with_columns(minute.cast(pl.Datetime("us", "UTC")))


# -- Noise --------------------------------------------------------------------------------------------------------


def test_rare_behaviour_is_left_aside_where_it_hides_the_structure() -> None:
    log = counted({"abcd": 50, "acbd": 50, "abbcd": 1, "acd": 1, "dabc": 1})
    assert str(discover_variants(log, noise=0.2)) == "->( 'a', +( 'b', 'c' ), 'd' )"
    assert str(discover_variants(log, noise=0)) != "->( 'a', +( 'b', 'c' ), 'd' )"


def test_a_skip_rarer_than_the_noise_is_no_choice() -> None:
    log = counted({"abc": 90, "ac": 10})
    assert str(discover_variants(log, noise=0.2)) == "->( 'a', 'b', 'c' )"
    assert str(discover_variants(log, noise=0.05)) == "->( 'a', X( 'b', tau ), 'c' )"


@pytest.mark.parametrize("noise", [-0.1, 1.1, float("nan")])
def test_noise_is_a_share(noise: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        discover_variants(counted(["a"]), noise=noise)


def test_of_nothing_there_is_no_model() -> None:
    with pytest.raises(NothingToDiscover, match="No steps"):
        discover_variants(counted([[]]))


def test_of_more_activities_than_anybody_reads_there_is_no_model() -> None:
    with pytest.raises(TooManyActivities, match="151 activities"):
        discover_variants(counted([[str(number)] for number in range(151)]))


# -- What holds for every log -------------------------------------------------------------------------------------


@few
@given(logs)
@example(["aab", "abb", "ba"])
def test_without_noise_every_case_fits(words: list[list[str]]) -> None:
    log = counted(words)
    assume(log.names)
    assert share_fitting(discover_variants(log, noise=0), variants=log) == 1


@few
@given(logs, st.floats(0, 1))
def test_every_model_is_sound_and_has_each_activity_at_most_once(
    words: list[list[str]], noise: float
) -> None:
    log = counted(words)
    assume(log.names)
    tree = discover_variants(log, noise=noise)
    labels = list(tree.activities())
    assert len(set(labels)) == len(labels)
    assert set(labels) <= set(log.names)
    assert problems(as_model(tree)) == ()


@few
@given(logs, st.floats(0, 1), st.randoms(use_true_random=False))
def test_the_order_of_cases_does_not_matter(words: list[list[str]], noise: float, chance: Random) -> None:
    log, mixed = counted(words), counted(chance.sample(words, len(words)))
    assume(log.names)
    assert discover_variants(log, noise=noise) == discover_variants(mixed, noise=noise)


@settings(few, max_examples=60)
@given(clear_trees(), st.randoms(use_true_random=False))
@example(parse("*( ->( 'a', 'b' ), 'c' )"), Random(1))
def test_the_tree_that_wrote_a_log_is_found_again(tree: ProcessTree, chance: Random) -> None:
    log = counted([played(tree, chance) for _ in range(150)])
    assume(is_complete(log, tree))
    assert normal(discover_variants(log, noise=0)) == normal(tree)


def is_complete(log: Variants, tree: ProcessTree) -> bool:
    """Whether the log has all that can begin, end and directly follow in the tree."""
    words = log.words()
    seen = {pair for word in words for pair in pairwise(word)}
    begun, ended = {word[0] for word in words}, {word[-1] for word in words}
    return seen == follows(tree) and begun == starts(tree) and ended == ends(tree)


def test_a_log_without_some_order_does_not_give_the_tree_that_wrote_it() -> None:
    """The negative control of the property above: completeness is needed."""
    assert found_in("abc", "acb") == "->( 'a', +( 'b', 'c' ) )"
    assert found_in("abc") == "->( 'a', 'b', 'c' )"


def test_overlaps_alone_never_cost_fitness() -> None:
    log = counted(["abc", "acb", "cba", "aab"])
    for pairs in range(64):
        beside = np.zeros((3, 3), dtype=np.bool_)
        beside[np.triu_indices(3)] = [pairs >> bit & 1 for bit in range(6)]
        told = Variants(names=log.names, traces=log.traces, beside=beside | beside.T)
        assert share_fitting(discover_variants(told, noise=0), variants=log) == 1
