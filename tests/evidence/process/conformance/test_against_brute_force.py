"""Every alignment is as cheap as the cheapest there is, and is an alignment."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.process.bpmn import ProcessModel
from backdesk.evidence.process.conformance import Aligner, Alignment, aligning
from tests.evidence.process.bpmn.made import of_blocks
from tests.evidence.process.conformance.naive import cases, cheapest, with_timers

some = settings(deadline=None, max_examples=30)


def either_way(model: ProcessModel) -> tuple[Aligner, Aligner]:
    """By table, as so small a process is, and by search."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aligning, "TABLED", 0)
        searching = Aligner(model)
    return Aligner(model), searching


def is_an_alignment(found: Alignment, aligner: Aligner) -> bool:
    """Its steps are those of the case in order, its tasks are a run of the process that comes to an end."""
    assert [pair.step for pair in found.pairs if pair.step is not None] == list(range(len(found.activities)))
    assert all(found.activities[pair.step] == pair.activity for pair in found.pairs if pair.step is not None)
    assert found.cost == sum(not pair.is_both for pair in found.pairs)
    markings = {aligner.net.begin}
    for pair in found.pairs:
        if pair.task:
            markings = {
                after for one in markings for _, task, after in aligner.doable(one) if task == pair.task
            }
    return any(aligner.net.can_end(marking) for marking in markings)


@some
@given(model=of_blocks, data=st.data())
def test_blocks_are_aligned_at_the_least_cost(model: ProcessModel, data: st.DataObject) -> None:
    activities = data.draw(cases(model))
    least, most = cheapest(model, activities), len(activities) + cheapest(model, [])
    for aligner in either_way(model):
        found = aligner.align(activities)
        assert found.settled
        assert (found.cost, found.most) == (least, most)
        assert is_an_alignment(found, aligner)
        assert 0 <= (found.fitness or 0) <= 1


@some
@given(model=with_timers(), data=st.data())
def test_so_are_processes_with_timers(model: ProcessModel, data: st.DataObject) -> None:
    activities = data.draw(cases(model, most=4))
    least = cheapest(model, activities)
    for aligner in either_way(model):
        found = aligner.align(activities)
        assert found.cost == least
        assert is_an_alignment(found, aligner)


@some
@given(model=of_blocks, data=st.data())
def test_what_was_learned_of_one_case_does_not_spoil_the_next(
    model: ProcessModel, data: st.DataObject
) -> None:
    several = data.draw(st.lists(cases(model), min_size=2, max_size=4))
    aligner = Aligner(model)
    assert [aligner.align(one).cost for one in several] == [Aligner(model).align(one).cost for one in several]


@settings(deadline=None, max_examples=10)
@given(model=of_blocks, data=st.data())
def test_long_cases_cost_the_same_by_table_and_by_search(model: ProcessModel, data: st.DataObject) -> None:
    activities = data.draw(cases(model, most=30))
    tabled, searching = (aligner.align(activities) for aligner in either_way(model))
    assert (tabled.looked_into, tabled.settled) == (0, True)
    assert tabled.cost == searching.cost if searching.settled else tabled.cost >= searching.cost
