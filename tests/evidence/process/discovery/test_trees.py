"""Process trees: their text, how they are kept short, and what they allow."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence.process.discovery import (
    TAU,
    NoTree,
    ProcessTree,
    Replay,
    activity,
    counted,
    exclusive,
    loop,
    parallel,
    parse,
    sequence,
    share_fitting,
)
from tests.evidence.process.discovery.made import any_trees, few, words_of


@few
@given(any_trees())
def test_a_tree_written_and_read_is_the_same(tree: ProcessTree) -> None:
    assert parse(str(tree)) == tree


@few
@given(st.text())
def test_any_name_can_be_written_and_read(name: str) -> None:
    assert parse(str(sequence(activity(name), activity("b")))).parts[0].label == name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Character 1: an operator"),
        ("->( 'a'", "Character 8: a comma or a closing bracket"),
        ("->( 'a', )", "Character 10: an operator"),
        ("'a' 'b'", "Character 4: something stands behind"),
        ("->( 'a' 'b' )", "Character 11: a comma or a closing bracket"),
        ("*( 'a' )", "Character 2: a loop has at least two parts"),
        ("O( 'a', 'b' )", "Character 1: an operator"),
        ("'a", "Character 1: an operator"),
        ("X(" * 500, "nested more than 400 deep"),
    ],
)
def test_what_is_no_tree_is_said_with_its_place(text: str, message: str) -> None:
    with pytest.raises(NoTree, match=message):
        parse(text)


@few
@given(st.text(alphabet="->X+*(),' \\taub", max_size=30))
def test_any_text_is_a_tree_or_said_not_to_be_one(text: str) -> None:
    try:
        tree = parse(text)
    except NoTree:
        return
    assert parse(str(tree)) == tree


@few
@given(st.lists(any_trees(labels="ab"), min_size=1, max_size=3))
def test_trees_kept_short_allow_the_same(parts: list[ProcessTree]) -> None:
    for make, operator in ((sequence, "sequence"), (parallel, "parallel"), (exclusive, "exclusive")):
        plain = ProcessTree(operator, tuple(parts))  # type: ignore[arg-type]
        assert words_of(make(*parts), 4) == words_of(plain, 4)
    plain = ProcessTree("loop", (parts[0], *parts))
    assert words_of(loop(parts[0], *parts), 4) == words_of(plain, 4)


@few
@given(any_trees(labels="ab"))
def test_replay_allows_what_the_definition_allows(tree: ProcessTree) -> None:
    replay, allowed = Replay(tree), words_of(tree, 4)
    every = [word for length in range(5) for word in product("ab", repeat=length)]
    assert {word for word in every if replay.allows(word)} == {word for word in allowed if len(word) <= 4} - {
        word for word in allowed if not set(word) <= set("ab")
    }


@few
@given(any_trees())
def test_a_tree_may_be_empty_where_the_empty_word_is_allowed(tree: ProcessTree) -> None:
    assert tree.may_be_empty == (() in words_of(tree, 0))


def test_the_share_that_fits_counts_cases() -> None:
    log = counted({("a", "b"): 6, ("b", "a"): 2})
    assert share_fitting(sequence(activity("a"), activity("b")), variants=log) == 0.75
    assert share_fitting(TAU, variants=counted([])) == 1
