"""Interaction: legal exactly as written; paired with its WorkItem."""

from itertools import product

from tests.domain.test_case import table

from polyphony.domain import interaction
from polyphony.domain.errors import Conflict, Forbidden
from polyphony.domain.interaction import InteractionMove, InteractionState, move, paired
from polyphony.domain.move import By, Moved
from polyphony.domain.work import WorkState

WORDS = """
new        greet      with_bot   Y
quiet      greet      with_bot   C
new        queue      waiting    Y B C T
with_bot   queue      waiting    Y B C T
quiet      queue      waiting    Y B C T
waiting    take       with_agent A Y
new        reach_out  with_agent A
quiet      reach_out  with_agent A
waiting    divert     with_bot   Y S
waiting    leave      ended      C
with_agent return     waiting    A S T Y
with_agent to_bot     with_bot   A
with_agent settle     quiet      A Y
with_bot   settle     quiet      A Y
with_agent end        ended      A C B P T
with_bot   end        ended      A C B P T
quiet      end        ended      T Y
"""


def test_every_state_move_and_actor_is_legal_exactly_as_written():
    words = table(WORDS)
    for state, what, by in product(InteractionState, InteractionMove, By):
        answer = move(state, what, by)
        to, allowed = words.get((state.value, what.value), (None, set()))
        if by in allowed:
            assert isinstance(answer, Moved)
            assert answer.state == to
        else:
            assert isinstance(answer, Conflict if to is None else Forbidden)
    assert len(words) == len(interaction.MOVES)


def test_what_has_ended_never_moves_again():
    assert not any(state is InteractionState.ENDED for state, _ in interaction.MOVES)


def test_the_pairing_with_work_is_as_written():
    allowed = {
        "waiting": {WorkState.WAITING, WorkState.OFFERED, WorkState.PARKED},
        "with_agent": {WorkState.IN_WORK, WorkState.SUSPENDED},
        "quiet": {None},
        "ended": {None, WorkState.WRAP_UP},
        "new": {None},
        "with_bot": {None},
    }
    for state, work in product(InteractionState, [None, *WorkState]):
        assert paired(state, work, "date") == (work in allowed[state.value]), (state, work)
    assert paired(InteractionState.QUIET, WorkState.PARKED, "customer")
    assert not paired(InteractionState.WAITING, WorkState.PARKED, "customer")
