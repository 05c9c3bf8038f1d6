"""Tune: change the house's rules of capacity and the weights of its score."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from polyphony.domain import capacity, listening
from polyphony.domain.errors import NotFound
from polyphony.domain.event import Actor, NewEvent, Op
from polyphony.domain.routing.score import read_weights, weights_json
from polyphony.flows.configure import MovedOn
from polyphony.store import changes, events, tuning, wake
from polyphony.store.database import Session

Json = dict[str, Any]
NOUN = "tuning"
_WHOLE: Mapping[str, Callable[[Json], Json]] = {
    tuning.CAPACITY: lambda value: capacity.as_json(capacity.read(value)),
    tuning.SCORE: lambda value: weights_json(read_weights(value)),
    tuning.LISTENING: lambda value: {"tell": listening.tells(value)},
}
_PLACE = {tuning.CAPACITY: UUID(int=1), tuning.SCORE: UUID(int=2), tuning.LISTENING: UUID(int=3)}
KEY = {place: key for key, place in _PLACE.items()}
"""Which rules stand under which id in the log and in the history."""


async def read(session: Session, key: str) -> Json:
    """Return the rules in full, what differs from the usual (``own``), and the version."""
    found = await tuning.kept(session, key)
    return {**_whole(key, found.value), "own": found.value, "version": found.version}


def _whole(key: str, value: Json) -> Json:
    whole = _WHOLE.get(key)
    if whole is None:
        raise NotFound("tuning")
    return whole(value)


async def write(
    session: Session, key: str, value: Json, seen: int | None, actor: Actor, *, how: str = "edit"
) -> Json:
    """Put rules in force; raise Invalid when they are none, MovedOn when the version is old."""
    _whole(key, value)
    before = await tuning.kept(session, key)
    version = await tuning.keep(session, key, value, before.version if seen is None else seen)
    if version is None:
        raise MovedOn(await read(session, key))
    states = ({"name": key, "own": before.value}, {"name": key, "own": value})
    await changes.record(session, NOUN, _PLACE[key], states, actor.id, how)
    told = NewEvent(
        "queue.changed", Op.TOUCH, "queue", _PLACE[key], version, ["all"],
        actor_kind=actor.kind, actor_id=actor.id, cid=actor.cid,
    )  # fmt: skip
    await events.append(session, [told])
    wake.mark(session, "config")
    return await read(session, key)
