"""Presence: status of an Agent and its mode per channel; states, grace, moves."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum

from polyphony.domain.errors import Refusal
from polyphony.domain.move import By, Moved, Table

GRACE_S = 60
"""Seconds a lost line may come back without a trace; a Queue may say otherwise."""
HEARTBEAT_S = 5
"""Seconds without a sign of life after which the line counts as lost."""
RETURN_LATE = timedelta(minutes=5)
"""So long after a planned return the leads hear of it; the Agent is reminded at once."""


class Status(StrEnum):
    """What an Agent is doing, as everybody sees it."""

    ONLINE = "online"
    BUSY = "busy"
    BREAK = "break"
    WRAP_UP = "wrap_up"
    NOT_RESPONDING = "not_responding"
    RECONNECTING = "reconnecting"
    OFFLINE = "offline"


class PresenceMove(StrEnum):
    """What can happen to a Presence; ``set_*`` choose a status by hand."""

    COME = "come"
    SET_ONLINE = "set_online"
    SET_BUSY = "set_busy"
    SET_BREAK = "set_break"
    CHANNEL_TOGGLE = "channel_toggle"
    WRAP = "wrap"
    READY = "ready"
    NOT_RESPONDING = "not_responding"
    HERE = "here"
    LOSE_LINE = "lose_line"
    BACK = "back"
    GIVE_UP = "give_up"
    LEAVE = "leave"


class Mode(StrEnum):
    """What an Agent takes on one channel; ``finish`` = keeps what he has, nothing new."""

    ON = "on"
    TRANSFER_ONLY = "transfer_only"
    FINISH = "finish"
    OFF = "off"


LIVE_CHANNELS = frozenset({"voice", "video", "visit", "callback"})
CHAT_CHANNELS = frozenset({"chat", "messenger", "sms", "social"})
LIVE, MESSAGING, ASYNC = "live", "messaging", "async"
CLASSES = (LIVE, MESSAGING, ASYNC)
"""Classes of channels: a matrix names them for all channels it does not name itself."""
IMPLIED = ("case_step", "callback")
"""Channels every Agent has a right for: work nobody wrote to us; his own switches are obeyed."""

Matrix = Mapping[str, Mode]
"""What a status means: mode by channel kind, else by class of channels, else off."""


def _matrix(live: Mode, messaging: Mode, rest: Mode) -> Matrix:
    return {LIVE: live, MESSAGING: messaging, ASYNC: rest}


_AWAY = _matrix(Mode.OFF, Mode.OFF, Mode.OFF)
MATRIX: Mapping[Status, Matrix] = {
    Status.ONLINE: _matrix(Mode.ON, Mode.ON, Mode.ON),
    Status.BUSY: _matrix(Mode.OFF, Mode.FINISH, Mode.FINISH),
    Status.BREAK: _AWAY,
    Status.WRAP_UP: _matrix(Mode.OFF, Mode.ON, Mode.ON),  # units decide
    Status.NOT_RESPONDING: _AWAY,
    Status.RECONNECTING: _AWAY,
    Status.OFFLINE: _AWAY,
}
"""The statuses of the system; a house adds its own, each with its matrix (``presence_status``)."""
CHOOSABLE = (Status.ONLINE, Status.BUSY, Status.BREAK, Status.OFFLINE)
"""Statuses of the system an Agent chooses himself; the others are set for him."""

_ON, _BUSY, _BREAK = Status.ONLINE, Status.BUSY, Status.BREAK
_WRAP, _SILENT = Status.WRAP_UP, Status.NOT_RESPONDING
_LOST, _OFF = Status.RECONNECTING, Status.OFFLINE
_BY_HAND = frozenset({By.AGENT, By.SUPERVISOR, By.ADMIN})
_CHOSEN = {
    PresenceMove.SET_ONLINE: _ON,
    PresenceMove.SET_BUSY: _BUSY,
    PresenceMove.SET_BREAK: _BREAK,
}
_LEAVERS = frozenset({By.AGENT, By.SUPERVISOR, By.ADMIN, By.PROVIDER})
_WITHDRAW = ("withdraw_unfit",)

_Row = tuple[Status, PresenceMove, Status, frozenset[By], tuple[str, ...]]


def _rows() -> list[_Row]:
    """Build the table of words §11; ``back``, ``here`` and ``ready`` lead to the status before."""
    rows: list[_Row] = [(_OFF, PresenceMove.COME, _ON, frozenset({By.AGENT}), ("check_devices",))]
    for state in (_ON, _BUSY, _BREAK):
        rows += [(state, how, to, _BY_HAND, _WITHDRAW) for how, to in _CHOSEN.items()]
    toggled = frozenset({By.AGENT, By.SUPERVISOR})
    for state in (_ON, _BUSY, _BREAK, _WRAP, _SILENT, _LOST):
        rows.append((state, PresenceMove.CHANNEL_TOGGLE, state, toggled, ("withdraw_channel",)))
    rows.append((_ON, PresenceMove.WRAP, _WRAP, frozenset({By.SYSTEM}), _WITHDRAW))
    ready = frozenset({By.AGENT, By.TIMER, By.SYSTEM})
    rows.append((_WRAP, PresenceMove.READY, _ON, ready, ("restore_previous",)))
    rows += [
        (state, PresenceMove.NOT_RESPONDING, _SILENT, frozenset({By.SYSTEM}), _WITHDRAW)
        for state in (_ON, _BUSY)
    ]
    here = frozenset({By.AGENT, By.SUPERVISOR})
    restore = ("restore_previous", "reset_misses")
    rows.append((_SILENT, PresenceMove.HERE, _ON, here, restore))
    rows += [
        (state, PresenceMove.LOSE_LINE, _LOST, frozenset({By.SYSTEM}), (*_WITHDRAW, "start_grace"))
        for state in (_ON, _BUSY, _BREAK, _WRAP, _SILENT)
    ]
    back = frozenset({By.AGENT})
    rows.append((_LOST, PresenceMove.BACK, _ON, back, ("restore_previous", "count_reconnect")))
    rows.append((_LOST, PresenceMove.GIVE_UP, _OFF, frozenset({By.TIMER}), ("return_live_work",)))
    rows += [
        (state, PresenceMove.LEAVE, _OFF, _LEAVERS, _WITHDRAW) for state in Status if state != _OFF
    ]
    return rows


_KNOWN = frozenset(one.value for one in Status)
_ROWS = _rows()
TABLE = Table(
    "presence",
    {(state, what): to for state, what, to, _, _ in _ROWS},
    {(state, what): who for state, what, _, who, _ in _ROWS},
    {(state, what): effects for state, what, _, _, effects in _ROWS},
)
MOVES, WHO = TABLE.moves, TABLE.who


def move(
    state: Status, what: PresenceMove, by: By, previous: Status | None = None
) -> Moved[Status] | Refusal:
    """Decide one move of a Presence; ``previous`` is the status to come back to, if any."""
    decided = TABLE.decide(state, what, by)
    if isinstance(decided, Moved) and "restore_previous" in decided.effects and previous:
        return Moved(previous, decided.effects)
    return decided


def system(key: str) -> Status:
    """Tell how a status moves: a status of the house moves like ``busy``."""
    return Status(key) if key in _KNOWN else Status.BUSY


def class_of(channel: str) -> str:
    """Tell to which class of channels a channel belongs."""
    if channel in LIVE_CHANNELS:
        return LIVE
    return MESSAGING if channel in CHAT_CHANNELS else ASYNC


def mode_of(matrix: Matrix, channel: str) -> Mode:
    """Look up what a status means on one channel."""
    return matrix.get(channel) or matrix.get(class_of(channel), Mode.OFF)


def takes(mode: Mode, *, by_hand: bool) -> bool:
    """Tell whether an Offer reaches an Agent: by the router, or chosen for him by a person."""
    return mode is Mode.ON or (by_hand and mode is Mode.TRANSFER_ONLY)


def matrix_of(raw: Mapping[str, str]) -> Matrix:
    """Read a matrix as it is kept."""
    return {key: Mode(mode) for key, mode in raw.items()}


def rights_of(channels: Collection[str]) -> frozenset[str]:
    """Channels an Agent takes: those he was given, and what every Agent takes."""
    return frozenset((*channels, *IMPLIED))


def effective(
    matrix: Matrix,
    rights: Collection[str],
    toggles: Mapping[str, bool],
    silent: Collection[str] = (),
) -> dict[str, Mode]:
    """Tell the mode per channel the Agent has a right for.

    ``toggles`` are his own switches (missing = on), ``silent`` the channels switched off by misses.
    """
    modes = {}
    for channel in sorted(rights):
        off = not toggles.get(channel, True) or channel in silent
        modes[channel] = Mode.OFF if off else mode_of(matrix, channel)
    return modes
