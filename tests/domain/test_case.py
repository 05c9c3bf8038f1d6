"""Case: legal exactly as the page of words says, for every state, move and actor."""

from itertools import product

import pytest

from polyphony.domain import case
from polyphony.domain.case import CaseMove, CaseState, demand, may_merge, move
from polyphony.domain.errors import Conflict, Forbidden, Invalid
from polyphony.domain.move import By, Moved

WORDS = """
open             ask         wait_customer     A B Y
open             refer       wait_third_party  A D Y
wait_customer    resume      open              C P T A D S
wait_third_party resume      open              C P T A D S
open             solve       solved            A D S B Y
wait_customer    solve       solved            A D S B Y
wait_third_party solve       solved            A D S B Y
solved           reopen      open              C A D S
solved           close       closed            T A S
closed           reopen      open              S
open             merge_into  merged            A D S
wait_customer    merge_into  merged            A D S
wait_third_party merge_into  merged            A D S
solved           merge_into  merged            A D S
merged           unmerge     open              A D S
open             split       open              A D S
wait_customer    split       wait_customer     A D S
wait_third_party split       wait_third_party  A D S
open             discard     discarded         A D S
discarded        restore     open              A D S
"""
ACTORS = {
    "C": By.CUSTOMER, "B": By.BOT, "A": By.AGENT, "D": By.COLLEAGUE, "S": By.SUPERVISOR,
    "M": By.ADMIN, "R": By.ROUTER, "T": By.TIMER, "P": By.PROVIDER, "K": By.KEY, "Y": By.SYSTEM,
}  # fmt: skip


def table(text):
    rows = [line.split() for line in text.split("\n") if line]
    return {
        (state, what): (to, {ACTORS[one] for one in actors}) for state, what, to, *actors in rows
    }


def test_every_state_move_and_actor_is_legal_exactly_as_written():
    words = table(WORDS)
    checked = 0
    for state, what, by in product(CaseState, CaseMove, By):
        answer = move(state, what, by)
        to, allowed = words.get((state.value, what.value), (None, set()))
        if by in allowed:
            assert isinstance(answer, Moved)
            assert answer.state == to
        elif to is None:
            assert isinstance(answer, Conflict)
        else:
            assert isinstance(answer, Forbidden)
        checked += 1
    assert checked == 7 * 11 * 11
    assert len(words) == len(case.MOVES)


def test_a_merge_taken_back_restores_the_state_before_it():
    for state in (CaseState.WAIT_CUSTOMER, CaseState.SOLVED, CaseState.OPEN):
        answer = move(CaseState.MERGED, CaseMove.UNMERGE, By.AGENT, state)
        assert isinstance(answer, Moved)
        assert answer.state is state


@pytest.mark.parametrize(
    ("what", "state", "due", "reason", "code"),
    [
        (CaseMove.REFER, CaseState.OPEN, False, True, "case.due_at_required"),
        (CaseMove.REFER, CaseState.OPEN, True, False, None),
        (CaseMove.REOPEN, CaseState.CLOSED, False, False, "case.reason_required"),
        (CaseMove.REOPEN, CaseState.CLOSED, False, True, None),
        (CaseMove.REOPEN, CaseState.SOLVED, False, False, None),
    ],
)
def test_some_moves_demand_a_date_or_a_reason(what, state, due, reason, code):
    missing = demand(what, has_due=due, has_reason=reason, state=state)
    assert (missing.code if missing else None) == code


def test_a_case_never_merges_into_itself_or_into_what_is_finished():
    good = may_merge(CaseState.OPEN, CaseState.SOLVED, same=False, loops=False)
    assert good is None
    assert isinstance(may_merge(CaseState.OPEN, CaseState.OPEN, same=True, loops=False), Invalid)
    assert isinstance(may_merge(CaseState.OPEN, CaseState.OPEN, same=False, loops=True), Invalid)
    for target in (CaseState.CLOSED, CaseState.MERGED, CaseState.DISCARDED):
        refused = may_merge(CaseState.OPEN, target, same=False, loops=False)
        assert isinstance(refused, Conflict)
