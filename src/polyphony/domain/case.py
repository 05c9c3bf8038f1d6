"""Case: one matter of one Customer; its states and moves."""

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from polyphony.domain.errors import Conflict, Invalid, Refusal
from polyphony.domain.move import By, Moved, Table

REOPEN_FOR = timedelta(days=14)
"""How long a solved Case may be taken up again by the customer's answer."""


class CaseState(StrEnum):
    """Where a Case is."""

    OPEN = "open"
    WAIT_CUSTOMER = "wait_customer"
    WAIT_THIRD_PARTY = "wait_third_party"
    SOLVED = "solved"
    CLOSED = "closed"
    MERGED = "merged"
    DISCARDED = "discarded"


class CaseMove(StrEnum):
    """What can happen to a Case."""

    ASK = "ask"
    REFER = "refer"
    RESUME = "resume"
    SOLVE = "solve"
    REOPEN = "reopen"
    CLOSE = "close"
    MERGE_INTO = "merge_into"
    UNMERGE = "unmerge"
    SPLIT = "split"
    DISCARD = "discard"
    RESTORE = "restore"


OPENERS = frozenset({By.CUSTOMER, By.AGENT, By.COLLEAGUE, By.KEY, By.SYSTEM})
WAITING = frozenset({CaseState.WAIT_CUSTOMER, CaseState.WAIT_THIRD_PARTY})
LIVE = WAITING | {CaseState.OPEN}
"""States in which something is still to be done."""

_O, _WC, _WT = CaseState.OPEN, CaseState.WAIT_CUSTOMER, CaseState.WAIT_THIRD_PARTY
_S, _C, _M, _D = CaseState.SOLVED, CaseState.CLOSED, CaseState.MERGED, CaseState.DISCARDED
_PEOPLE = frozenset({By.AGENT, By.COLLEAGUE, By.SUPERVISOR})
_Row = tuple[tuple[CaseState, ...], CaseMove, CaseState, frozenset[By], tuple[str, ...]]

_ROWS: tuple[_Row, ...] = (
    ((_O,), CaseMove.ASK, _WC, frozenset({By.AGENT, By.BOT, By.SYSTEM}), ("pause_clocks",)),
    (
        (_O,),
        CaseMove.REFER,
        _WT,
        frozenset({By.AGENT, By.COLLEAGUE, By.SYSTEM}),
        ("pause_clocks",),
    ),
    (
        (_WC, _WT),
        CaseMove.RESUME,
        _O,
        _PEOPLE | {By.CUSTOMER, By.PROVIDER, By.TIMER},
        ("resume_clocks",),
    ),
    (
        (_O, _WC, _WT),
        CaseMove.SOLVE,
        _S,
        _PEOPLE | {By.BOT, By.SYSTEM},
        ("meet_clocks", "end_work", "allow_reopen"),
    ),
    ((_S,), CaseMove.REOPEN, _O, _PEOPLE | {By.CUSTOMER}, ("reopen_clocks",)),
    (
        (_S,),
        CaseMove.CLOSE,
        _C,
        frozenset({By.TIMER, By.AGENT, By.SUPERVISOR}),
        ("drop_drafts", "end_interactions", "end_work"),
    ),
    ((_C,), CaseMove.REOPEN, _O, frozenset({By.SUPERVISOR}), ("reopen_clocks",)),
    ((_O, _WC, _WT, _S), CaseMove.MERGE_INTO, _M, _PEOPLE, ("move_interactions",)),
    ((_M,), CaseMove.UNMERGE, _O, _PEOPLE, ("take_interactions_back",)),
    ((_D,), CaseMove.RESTORE, _O, _PEOPLE, ("reopen_clocks",)),
    ((_O,), CaseMove.DISCARD, _D, _PEOPLE, ("cancel_clocks", "end_work")),
)
_SPLITS = tuple(
    ((state,), CaseMove.SPLIT, state, _PEOPLE, ("move_interactions",)) for state in (_O, _WC, _WT)
)
_ALL = tuple((one, *row[1:]) for row in (*_ROWS, *_SPLITS) for one in row[0])

TABLE = Table(
    "case",
    {(state, move): to for state, move, to, _, _ in _ALL},
    {(state, move): who for state, move, _, who, _ in _ALL},
    {(state, move): effects for state, move, _, _, effects in _ALL},
)
MOVES, WHO = TABLE.moves, TABLE.who


def move(
    state: CaseState, what: CaseMove, by: By, was: CaseState | None = None
) -> Moved[CaseState] | Refusal:
    """Decide one move of a Case; ``was`` is the state before a merge, which unmerge restores."""
    moved = TABLE.decide(state, what, by)
    if isinstance(moved, Moved) and what is CaseMove.UNMERGE and was is not None:
        return replace(moved, state=was)
    return moved


def demand(what: CaseMove, *, has_due: bool, has_reason: bool, state: CaseState) -> Refusal | None:
    """Say what a move still needs: a date to wait for, a reason to open what was closed."""
    if what is CaseMove.REFER and not has_due:
        return Invalid("case.due_at_required", {"field": "due_at"})
    if what is CaseMove.REOPEN and state is CaseState.CLOSED and not has_reason:
        return Invalid("case.reason_required", {"field": "reason"})
    return None


def may_merge(source: CaseState, target: CaseState, *, same: bool, loops: bool) -> Refusal | None:
    """Refuse a merge into itself, into a merged or finished Case, or round in a circle."""
    if same or loops:
        return Invalid("case.merge_into_itself")
    if target not in LIVE | {CaseState.SOLVED}:
        return Conflict("case.merge_target", {"state": target.value, "from": source.value})
    return None
