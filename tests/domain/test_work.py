"""Every state x move x actor of a WorkItem: legal exactly as listed, everything else refused."""

from itertools import product

import pytest

from polyphony.domain.errors import Conflict, Forbidden
from polyphony.domain.move import By, Moved
from polyphony.domain.work import FINAL, MOVES, WorkMove, WorkState, move

A, C, D, P = By.AGENT, By.CUSTOMER, By.COLLEAGUE, By.PROVIDER
R, S, T, Y = By.ROUTER, By.SUPERVISOR, By.TIMER, By.SYSTEM
LEGAL = """
waiting offer offered R
waiting claim in_work A S
offered accept in_work A Y
offered give_back waiting A T Y
in_work suspend suspended R Y
suspended resume in_work Y A
suspended return waiting A S T
in_work return waiting A S T
in_work park parked A D
waiting park parked A D S
parked wake waiting T C A S
in_work wrap wrap_up A C P
in_work finish done A
wrap_up finish done A T
waiting cancel cancelled C Y T S
offered cancel cancelled C Y T S
parked cancel cancelled C Y T S
"""


def listed():
    table = {}
    for line in LEGAL.strip().splitlines():
        state, what, to, *who = line.split()
        table[WorkState(state), WorkMove(what)] = (WorkState(to), {globals()[one] for one in who})
    return table


def test_the_table_of_moves_is_the_one_of_the_glossary():
    assert {key: to for key, (to, _) in listed().items()} == MOVES


@pytest.mark.parametrize(("state", "what"), list(product(WorkState, WorkMove)))
def test_every_state_answers_every_move_of_every_actor(state, what):
    for by in By:
        answer = move(state, what, by)
        if (state, what) not in listed():
            assert isinstance(answer, Conflict)
            assert answer.code == "work_item.move_not_possible"
            continue
        to, who = listed()[state, what]
        if by in who:
            assert isinstance(answer, Moved)
            assert answer.state is to
        else:
            assert isinstance(answer, Forbidden)


def test_final_states_have_no_way_out():
    assert not [key for key in MOVES if key[0] in FINAL]


def test_leaving_a_held_state_frees_the_units():
    for what, by in ((WorkMove.RETURN, A), (WorkMove.PARK, A), (WorkMove.FINISH, A)):
        assert "free_units" in move(WorkState.IN_WORK, what, by).effects
