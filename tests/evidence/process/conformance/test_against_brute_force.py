"""Every alignment is as cheap as the cheapest there is, and is an alignment."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.process.bpmn import ProcessModel
from backdesk.evidence.process.conformance import Aligner, Alignment
from tests.evidence.process.bpmn.made import of_blocks
from tests.evidence.process.conformance.naive import cases, cheapest, with_timers

some = settings(deadline=None, max_examples=30)


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
    aligner = Aligner(model)
    found = aligner.align(activities)
    assert found.settled
    assert found.cost == cheapest(model, activities)
    assert is_an_alignment(found, aligner)
    assert found.most == len(activities) + cheapest(model, [])
    assert 0 <= (found.fitness or 0) <= 1


@some
@given(model=with_timers(), data=st.data())
def test_so_are_processes_with_timers(model: ProcessModel, data: st.DataObject) -> None:
    activities = data.draw(cases(model, most=4))
    aligner = Aligner(model)
    found = aligner.align(activities)
    assert found.cost == cheapest(model, activities)
    assert is_an_alignment(found, aligner)


@some
@given(model=of_blocks, data=st.data())
def test_what_was_learned_of_one_case_does_not_spoil_the_next(
    model: ProcessModel, data: st.DataObject
) -> None:
    several = data.draw(st.lists(cases(model), min_size=2, max_size=4))
    aligner = Aligner(model)
    assert [aligner.align(one).cost for one in several] == [Aligner(model).align(one).cost for one in several]
