"""Delivery: the fate of one outgoing Message; states, the ladder that never goes down, retries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from polyphony.domain.errors import Refusal
from polyphony.domain.failure import (
    AccountBroken,
    Permanent,
    SendFailure,
    Temporary,
    TooFast,
)
from polyphony.domain.move import By, Moved, Table


class DeliveryState(StrEnum):
    """Where a Delivery is."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class DeliveryMove(StrEnum):
    """What can happen to a Delivery; a confirmation names the rung it reaches."""

    RELEASE = "release"
    CARRY = "carry"  # release where our own log is the carrier: chat
    CLAIM = "claim"
    ACCEPT = "accept"
    RETRY = "retry"
    HOLD = "hold"
    REFUSE = "refuse"
    LOSE_TRACK = "lose_track"
    PROVE_SENT = "prove_sent"
    CONFIRM_DELIVERED = "confirm_delivered"
    CONFIRM_READ = "confirm_read"
    MARK_SENT = "mark_sent"  # a person found out that it left
    RESEND = "resend"
    GIVE_UP = "give_up"
    BOUNCE = "bounce"
    TRY_AGAIN = "try_again"
    CANCEL = "cancel"
    EXPIRE = "expire"


LEASE = timedelta(seconds=60)
UNDO_MAX = timedelta(seconds=60)
HEAD_OF_LINE = timedelta(seconds=120)
"""An uncertain Delivery younger than this holds back those after it to the same recipient."""
RESEND_AFTER = timedelta(minutes=5)
ASK_AFTER = timedelta(seconds=120)
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)
_STOP: dict[str, timedelta] = {"email": timedelta(days=5), "chat": timedelta(minutes=10)}
_STOP_ELSE = timedelta(hours=72)
_BROKEN_CHECK = timedelta(seconds=30)

_H, _Q, _G = DeliveryState.HELD, DeliveryState.QUEUED, DeliveryState.SENDING
_S, _D, _R = DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ
_U, _F = DeliveryState.UNCERTAIN, DeliveryState.FAILED
_C, _X = DeliveryState.CANCELLED, DeliveryState.EXPIRED
_Y, _P, _T = By.SYSTEM, By.PROVIDER, By.TIMER
_PEOPLE = frozenset({By.AGENT, By.SUPERVISOR})
_RELEASERS = frozenset({_T, By.SUPERVISOR, _Y})
_M = DeliveryMove
_Row = tuple[tuple[DeliveryState, ...], DeliveryMove, DeliveryState, frozenset[By]]

_ROWS: tuple[_Row, ...] = (
    ((_H,), _M.RELEASE, _Q, _RELEASERS | {By.AGENT}),
    ((_H,), _M.CARRY, _S, _RELEASERS | {By.AGENT}),
    ((_Q,), _M.CLAIM, _G, frozenset({_Y})),
    ((_G,), _M.ACCEPT, _S, frozenset({_P})),
    ((_G,), _M.RETRY, _Q, frozenset({_Y})),
    ((_G,), _M.HOLD, _H, frozenset({_Y})),
    ((_G,), _M.REFUSE, _F, frozenset({_P})),
    ((_G,), _M.LOSE_TRACK, _U, frozenset({_Y, _T})),
    ((_U,), _M.PROVE_SENT, _S, frozenset({_P, _Y})),
    ((_U,), _M.MARK_SENT, _S, _PEOPLE),
    ((_U,), _M.RESEND, _Q, _PEOPLE | {_Y}),
    ((_U,), _M.GIVE_UP, _F, _PEOPLE | {_Y}),
    ((_U, _S, _F), _M.CONFIRM_DELIVERED, _D, frozenset({_P})),
    ((_U, _S, _D, _F), _M.CONFIRM_READ, _R, frozenset({_P})),
    ((_F,), _M.PROVE_SENT, _S, frozenset({_P})),
    ((_S,), _M.BOUNCE, _F, frozenset({_P})),
    ((_U,), _M.BOUNCE, _F, frozenset({_P})),
    ((_F,), _M.TRY_AGAIN, _Q, _PEOPLE),
    ((_H, _Q), _M.CANCEL, _C, _PEOPLE | {_Y}),
    ((_H, _Q), _M.EXPIRE, _X, frozenset({_T})),
)
_ALL = tuple((one, *row[1:]) for row in _ROWS for one in row[0])

TABLE = Table(
    "delivery",
    {(state, move): to for state, move, to, _ in _ALL},
    {(state, move): who for state, move, _, who in _ALL},
    {},
)
MOVES, WHO = TABLE.moves, TABLE.who

_RECEIPTS: dict[str, DeliveryMove] = {
    "sent": _M.PROVE_SENT,
    "delivered": _M.CONFIRM_DELIVERED,
    "read": _M.CONFIRM_READ,
    "failed": _M.BOUNCE,
}
RANK = {
    _F: 0, _U: 1, _H: 2, _Q: 3, _G: 4, _C: 5, _X: 5, _S: 6, _D: 7, _R: 8,
}  # fmt: skip
"""How good a state is: a Message of several Deliveries shows the lowest."""


def move(state: DeliveryState, what: DeliveryMove, by: By) -> Moved[DeliveryState] | Refusal:
    """Decide one move of a Delivery."""
    return TABLE.decide(state, what, by)


def after_receipt(state: DeliveryState, said: str) -> DeliveryState | None:
    """Return the state a receipt (sent, delivered, read, failed) leads to; None = no change.

    Receipts come doubled, late and in any order: what would lower the ladder changes nothing.
    """
    if said == "sent" and state is DeliveryState.FAILED:
        return None  # "still under way" after a final refusal proves nothing
    moved = move(state, _RECEIPTS[said], By.PROVIDER) if said in _RECEIPTS else None
    return moved.state if isinstance(moved, Moved) else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a Delivery after a try: the move, why, when next, whether it was a try."""

    what: DeliveryMove
    why: str = ""
    not_before: datetime | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Tried:
    """What is known when a try failed; ``chance`` in [0, 1) spreads the waits."""

    channel: str
    tries: int
    first_at: datetime
    at: datetime
    chance: float
    expires_at: datetime | None = None


def after_failure(failure: SendFailure, tried: Tried) -> Verdict:
    """Decide by the class of the failure: retry, hold, refuse, or admit that nobody knows."""
    match failure:
        case TooFast():
            wait = timedelta(seconds=max(1.0, failure.after_s))
            return Verdict(_M.RETRY, failure.code, tried.at + wait, counts=False)
        case Temporary():
            return _again(failure, tried)
        case Permanent():
            return Verdict(_M.REFUSE, failure.code)
        case AccountBroken():
            return Verdict(_M.HOLD, "account_broken", tried.at + _BROKEN_CHECK, counts=False)
    return Verdict(_M.LOSE_TRACK, failure.code)


def _again(failure: SendFailure, tried: Tried) -> Verdict:
    end = tried.first_at + _STOP.get(tried.channel, _STOP_ELSE)
    if tried.expires_at is not None:
        end = min(end, tried.expires_at)
    longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(tried.tries, 10))
    next_at = tried.at + tried.chance * longest
    if next_at >= end:
        return Verdict(_M.REFUSE, "gave_up:" + failure.code)
    return Verdict(_M.RETRY, failure.code, next_at)


def when_uncertain(channel: str, tries: int, age: timedelta) -> DeliveryMove | None:
    """Decide what to do with a Delivery nobody knows about; None = wait, then a person decides.

    E-mail goes out once more after five minutes under the same Message-ID: a receiver drops the
    second copy. Everything else is never repeated without a person.
    """
    if channel == "email" and tries < 2 and age >= RESEND_AFTER:
        return _M.RESEND
    return None


def lines_up(age: timedelta) -> bool:
    """Tell whether an uncertain Delivery of this age still holds back the ones after it."""
    return age < HEAD_OF_LINE
