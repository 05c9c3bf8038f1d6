"""Interaction: one stretch on one channel; its states and moves; pairing with its WorkItem."""

from enum import StrEnum

from polyphony.domain.errors import Refusal
from polyphony.domain.move import By, Moved, Table
from polyphony.domain.work import WorkState


class InteractionState(StrEnum):
    """Where an Interaction is; ``ended`` is final."""

    NEW = "new"
    WITH_BOT = "with_bot"
    WAITING = "waiting"
    WITH_AGENT = "with_agent"
    QUIET = "quiet"
    ENDED = "ended"


class InteractionMove(StrEnum):
    """What can happen to an Interaction."""

    GREET = "greet"
    QUEUE = "queue"
    TAKE = "take"
    REACH_OUT = "reach_out"
    DIVERT = "divert"
    LEAVE = "leave"
    RETURN = "return"
    TO_BOT = "to_bot"
    SETTLE = "settle"
    END = "end"


class Mode(StrEnum):
    """Whether the customer waits on the line."""

    LIVE = "live"
    ASYNC = "async"


BEGINNERS = frozenset({By.CUSTOMER, By.AGENT, By.SYSTEM, By.PROVIDER})

_N, _B, _W = InteractionState.NEW, InteractionState.WITH_BOT, InteractionState.WAITING
_A, _Q, _E = InteractionState.WITH_AGENT, InteractionState.QUIET, InteractionState.ENDED
_QUEUERS = frozenset({By.SYSTEM, By.BOT, By.CUSTOMER, By.TIMER})
_ENDERS = frozenset({By.AGENT, By.CUSTOMER, By.BOT, By.PROVIDER, By.TIMER})
_Row = tuple[
    tuple[InteractionState, ...],
    InteractionMove,
    InteractionState,
    frozenset[By],
    tuple[str, ...],
]

_ROWS: tuple[_Row, ...] = (
    ((_N,), InteractionMove.GREET, _B, frozenset({By.SYSTEM}), ()),
    ((_Q,), InteractionMove.GREET, _B, frozenset({By.CUSTOMER}), ()),
    ((_N, _B, _Q), InteractionMove.QUEUE, _W, _QUEUERS, ("add_work",)),
    ((_W,), InteractionMove.TAKE, _A, frozenset({By.AGENT, By.SYSTEM}), ()),
    ((_N, _Q), InteractionMove.REACH_OUT, _A, frozenset({By.AGENT}), ("claim_work",)),
    ((_W,), InteractionMove.DIVERT, _B, frozenset({By.SYSTEM, By.SUPERVISOR}), ("cancel_work",)),
    ((_W,), InteractionMove.LEAVE, _E, frozenset({By.CUSTOMER}), ("cancel_work",)),
    (
        (_A,),
        InteractionMove.RETURN,
        _W,
        frozenset({By.AGENT, By.SUPERVISOR, By.TIMER, By.SYSTEM}),
        ("return_work",),
    ),
    ((_A,), InteractionMove.TO_BOT, _B, frozenset({By.AGENT}), ("finish_work",)),
    ((_A, _B), InteractionMove.SETTLE, _Q, frozenset({By.AGENT, By.SYSTEM}), ("finish_work",)),
    ((_A, _B), InteractionMove.END, _E, _ENDERS, ("wrap_work",)),
    ((_Q,), InteractionMove.END, _E, frozenset({By.TIMER, By.SYSTEM}), ()),
)
_ALL = tuple((one, *row[1:]) for row in _ROWS for one in row[0])

TABLE = Table(
    "interaction",
    {(state, move): to for state, move, to, _, _ in _ALL},
    {(state, move): who for state, move, _, who, _ in _ALL},
    {(state, move): effects for state, move, _, _, effects in _ALL},
)
MOVES, WHO = TABLE.moves, TABLE.who


def move(
    state: InteractionState, what: InteractionMove, by: By
) -> Moved[InteractionState] | Refusal:
    """Decide one move of an Interaction."""
    return TABLE.decide(state, what, by)


def paired(state: InteractionState, work: WorkState | None, parked_for: str = "") -> bool:
    """Tell whether an Interaction and its newest WorkItem (None = none that lives) fit together.

    ``parked_for`` says what a parked WorkItem waits for: date, third_party or customer.
    """
    if state is InteractionState.WAITING:
        return work in {WorkState.WAITING, WorkState.OFFERED} or (
            work is WorkState.PARKED and parked_for != "customer"
        )
    if state is InteractionState.WITH_AGENT:
        return work in {WorkState.IN_WORK, WorkState.SUSPENDED}
    if state is InteractionState.QUIET:
        return work is None or (work is WorkState.PARKED and parked_for == "customer")
    if state is InteractionState.ENDED:
        return work in {None, WorkState.WRAP_UP}
    return work is None
