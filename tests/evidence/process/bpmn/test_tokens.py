from collections.abc import Sequence

import pytest

from backdesk.evidence.process.bpmn import (
    Advance,
    Endless,
    NotHere,
    NoWayOut,
    Place,
    ProcessModel,
    Token,
    TokenError,
    advance,
    begin,
    read_bpmn,
)
from backdesk.evidence.process.bpmn.example import INVOICE
from tests.evidence.process.bpmn.drawn import drawn


def always(_: object) -> bool:
    return True


def never(_: object) -> bool:
    return False


def test_a_sequence_is_walked_step_by_step_to_its_end() -> None:
    model = drawn("begin > first > second > done")
    assert begin(model, decide=never).produced == (Place(node="first", via="begin_first"),)
    assert done_at(model, "first").produced == (Place(node="second", via="first_second"),)
    assert done_at(model, "second") == Advance(consumed=(0,), produced=(), passed=("done",), ended=True)


def test_a_decision_takes_the_first_flow_that_holds_else_the_default() -> None:
    model = read_bpmn(INVOICE)
    assert done_at(model, "Key", decide=always).produced[0].node == "Answer"
    assert done_at(model, "Key", decide=never).produced[0].node == "Check"


def test_only_conditions_are_asked_and_only_until_one_holds() -> None:
    model = drawn("begin > do > ?which", "?which > a > done", "?which > b > done", "?which =*> c > done")
    asked: list[str] = []

    def second(flow: object) -> bool:
        asked.append(getattr(flow, "id", ""))
        return len(asked) == 2

    assert done_at(model, "do", decide=second).produced[0].node == "b"
    assert asked == ["which_a", "which_b"]


def test_a_decision_without_a_way_names_its_gateway_and_changes_nothing() -> None:
    model = drawn("begin > do > ?which", "?which > a > done", "?which > b > done")
    with pytest.raises(NoWayOut, match=r"“which”.*no condition holds"):
        done_at(model, "do", decide=never)


def test_a_fork_gives_a_token_to_each_flow_and_its_join_waits_for_all() -> None:
    model = drawn("begin > +fork", "+fork > a > +join", "+fork > b > +join", "+join > last > done")
    assert [place.node for place in begin(model, decide=never).produced] == ["a", "b"]
    first = advance(model, tokens=at("a", "b"), completed=0, decide=never)
    assert first == Advance(
        consumed=(0,), produced=(Place(node="join", via="a_join"),), passed=(), ended=False
    )
    waiting = [Token(id=1, node="b"), Token(id=2, node="join", via="a_join")]
    second = advance(model, tokens=waiting, completed=1, decide=never)
    assert second.consumed == (1, 2)
    assert second.produced == (Place(node="last", via="join_last"),)
    assert second.passed == ("join",)


def test_a_join_counts_flows_not_tokens() -> None:
    model = drawn("begin > +fork", "+fork > a > +join", "+fork > b > +join", "+join > last > done")
    tokens = [Token(id=1, node="a"), Token(id=2, node="b"), Token(id=3, node="join", via="a_join")]
    again = advance(model, tokens=tokens, completed=1, decide=never)
    assert again.consumed == (1,)
    assert again.produced == (Place(node="join", via="a_join"),)


def test_a_join_takes_the_longest_waiting_token_of_each_flow() -> None:
    model = drawn("begin > +fork", "+fork > a > +join", "+fork > b > +join", "+join > last > done")
    waiting = [Token(id=number, node="join", via="a_join") for number in (5, 6)]
    fired = advance(model, tokens=[*waiting, Token(id=7, node="b")], completed=7, decide=never)
    assert fired.consumed == (7, 5)
    assert not fired.ended


def test_what_meets_within_one_move_never_rests_at_the_join() -> None:
    model = drawn(
        "begin > do > +fork", "+fork > +join", "+fork > ?merge", "?merge > +join", "+join > last > done"
    )
    move = done_at(model, "do")
    assert move.produced == (Place(node="last", via="join_last"),)
    assert move.passed == ("fork", "merge", "join")


def test_two_tokens_at_one_step_are_two_steps() -> None:
    model = drawn("begin > +fork", "+fork > a > ?merge", "+fork > b > ?merge", "?merge > last > done")
    move = advance(model, tokens=at("last", "last"), completed=1, decide=never)
    assert (move.consumed, move.ended) == ((1,), False)
    assert advance(model, tokens=at("last"), completed=0, decide=never).ended


def test_a_timer_on_the_border_takes_the_task_away_with_it() -> None:
    model = read_bpmn(INVOICE)
    move = done_at(model, "Answer", by="Late")
    assert move.consumed == (0,)
    assert move.produced == (Place(node="Check", via="Unanswered"),)
    assert move.passed == ("Late",)


def test_a_timer_that_does_not_interrupt_leaves_the_task_where_it_is() -> None:
    model = read_bpmn(
        INVOICE.replace(b'attachedToRef="Answer"', b'attachedToRef="Answer" cancelActivity="false"')
    )
    move = done_at(model, "Answer", by="Late")
    assert move.consumed == ()
    assert [place.node for place in move.produced] == ["Check"]
    assert not move.ended


@pytest.mark.parametrize(
    ("tokens", "completed", "by", "says"),
    [
        ([Token(id=1, node="Key")], 2, None, "not among those"),
        ([Token(id=1, node="Clear", via="Keyed")], 1, None, "nobody completes"),
        ([Token(id=1, node="gone")], 1, None, "nobody completes"),
        ([Token(id=1, node="Key")], 1, "Late", "no timer on the border of “Key”"),
        ([Token(id=1, node="Key")], 1, "nothing", "no timer on the border"),
    ],
)
def test_what_is_not_there_cannot_be_completed(
    tokens: list[Token], completed: int, by: str | None, says: str
) -> None:
    with pytest.raises(NotHere, match=says):
        advance(read_bpmn(INVOICE), tokens=tokens, completed=completed, decide=never, by=by)


def test_a_round_of_gateways_alone_is_refused_not_walked_for_ever() -> None:
    model = drawn("begin > do > ?round", "?round > ?back", "?back > ?round", "?round =*> done")
    with pytest.raises(Endless, match="goes round"):
        done_at(model, "do", decide=always)
    assert done_at(model, "do", decide=never).ended


def test_a_round_that_forks_each_time_is_refused_too() -> None:
    model = drawn("begin > do > ?round", "?round > +fork", "+fork > ?round", "+fork > done")
    with pytest.raises(Endless):
        done_at(model, "do")


def test_a_process_without_one_start_cannot_begin() -> None:
    with pytest.raises(TokenError, match="has 0 starts"):
        begin(ProcessModel.of("p", "", [], []), decide=never)


def done_at(model: ProcessModel, node: str, *, decide: object = never, by: str | None = None) -> Advance:
    return advance(model, tokens=at(node), completed=0, decide=decide, by=by)  # type: ignore[arg-type]


def at(*nodes: str) -> Sequence[Token]:
    return [Token(id=number, node=node) for number, node in enumerate(nodes)]
