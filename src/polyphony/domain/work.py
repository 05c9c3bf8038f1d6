"""WorkItem: what waits in a Queue and is offered; its states and moves."""

from enum import StrEnum

from polyphony.domain.errors import Refusal
from polyphony.domain.move import By, Moved, Table


class WorkState(StrEnum):
    """Where a WorkItem is; ``done`` and ``cancelled`` are final."""

    WAITING = "waiting"
    OFFERED = "offered"
    IN_WORK = "in_work"
    SUSPENDED = "suspended"
    WRAP_UP = "wrap_up"
    PARKED = "parked"
    DONE = "done"
    CANCELLED = "cancelled"


class WorkMove(StrEnum):
    """What can happen to a WorkItem."""

    OFFER = "offer"
    CLAIM = "claim"
    ACCEPT = "accept"
    GIVE_BACK = "give_back"
    SUSPEND = "suspend"
    RESUME = "resume"
    RETURN = "return"
    PARK = "park"
    WAKE = "wake"
    WRAP = "wrap"
    FINISH = "finish"
    CANCEL = "cancel"


class Tier(StrEnum):
    """How much a customer's time weighs."""

    STANDARD = "standard"
    PRIORITY = "priority"
    VIP = "vip"


class Urgency(StrEnum):
    """How much the matter itself presses."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


HELD = frozenset({WorkState.OFFERED, WorkState.IN_WORK, WorkState.WRAP_UP})
"""States in which an Agent's units are spent."""
WITH_AGENT = HELD | {WorkState.SUSPENDED}
FINAL = frozenset({WorkState.DONE, WorkState.CANCELLED})

_W, _O, _I = WorkState.WAITING, WorkState.OFFERED, WorkState.IN_WORK
_U, _R, _P = WorkState.SUSPENDED, WorkState.WRAP_UP, WorkState.PARKED
_DONE, _GONE = WorkState.DONE, WorkState.CANCELLED
_RETURNERS = frozenset({By.AGENT, By.SUPERVISOR, By.TIMER})
_CANCELLERS = frozenset({By.CUSTOMER, By.SYSTEM, By.TIMER, By.SUPERVISOR})
_FREE = ("free_units",)

_ROWS: tuple[tuple[WorkState, WorkMove, WorkState, frozenset[By], tuple[str, ...]], ...] = (
    (_W, WorkMove.OFFER, _O, frozenset({By.ROUTER}), ("make_offer", "reserve_units")),
    (
        _W,
        WorkMove.CLAIM,
        _I,
        frozenset({By.AGENT, By.SUPERVISOR}),
        ("reserve_units", "close_stay"),
    ),
    (
        _O,
        WorkMove.ACCEPT,
        _I,
        frozenset({By.AGENT, By.SYSTEM}),
        ("accept_offer", "close_stay", "reset_misses"),
    ),
    (
        _O,
        WorkMove.GIVE_BACK,
        _W,
        frozenset({By.AGENT, By.TIMER, By.SYSTEM}),
        ("settle_offer", "exclude_by_rule", *_FREE),
    ),
    (_I, WorkMove.SUSPEND, _U, frozenset({By.ROUTER, By.SYSTEM}), _FREE),
    (_U, WorkMove.RESUME, _I, frozenset({By.SYSTEM, By.AGENT}), ("reserve_units",)),
    (_U, WorkMove.RETURN, _W, _RETURNERS, ("open_stay",)),
    (_I, WorkMove.RETURN, _W, _RETURNERS, ("open_stay", *_FREE)),
    (_I, WorkMove.PARK, _P, frozenset({By.AGENT, By.COLLEAGUE}), ("arm_timer", *_FREE)),
    (
        _W,
        WorkMove.PARK,
        _P,
        frozenset({By.AGENT, By.COLLEAGUE, By.SUPERVISOR}),
        ("arm_timer", "close_stay"),
    ),
    (
        _P,
        WorkMove.WAKE,
        _W,
        frozenset({By.TIMER, By.CUSTOMER, By.AGENT, By.SUPERVISOR}),
        ("open_stay",),
    ),
    (
        _I,
        WorkMove.WRAP,
        _R,
        frozenset({By.AGENT, By.CUSTOMER, By.PROVIDER}),
        ("arm_timer",),
    ),
    (_I, WorkMove.FINISH, _DONE, frozenset({By.AGENT}), _FREE),
    (_R, WorkMove.FINISH, _DONE, frozenset({By.AGENT, By.TIMER}), _FREE),
    (_W, WorkMove.CANCEL, _GONE, _CANCELLERS, ("close_stay",)),
    (_O, WorkMove.CANCEL, _GONE, _CANCELLERS, ("withdraw_offer", "close_stay", *_FREE)),
    (_P, WorkMove.CANCEL, _GONE, _CANCELLERS, ()),
)

TABLE = Table(
    "work_item",
    {(state, move): to for state, move, to, _, _ in _ROWS},
    {(state, move): who for state, move, _, who, _ in _ROWS},
    {(state, move): effects for state, move, _, _, effects in _ROWS},
)
MOVES, WHO = TABLE.moves, TABLE.who


def move(state: WorkState, what: WorkMove, by: By) -> Moved[WorkState] | Refusal:
    """Decide one move of a WorkItem; the answer of an illegal one is the refusal itself."""
    return TABLE.decide(state, what, by)
