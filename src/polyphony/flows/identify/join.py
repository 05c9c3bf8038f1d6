"""Join: two customers are one, are two for ever, or belong together; with a look ahead."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.component import Piece, Verdict
from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.profile import Shown, told
from polyphony.flows.identify.hold import Held, hold, told_of
from polyphony.flows.identify.retell import retell
from polyphony.store import lineage
from polyphony.store.database import Session
from polyphony.store.keys import key
from polyphony.store.links import LinkRow
from polyphony.store.records import RecordRow

REASON_MAX = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """A decision about two customers (any id that means them)."""

    a: UUID
    b: UUID
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Joined:
    """What was decided; ``customer`` is who ``a`` is now, ``change`` the line of the log."""

    link: UUID
    customer: UUID
    change: UUID | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a merge would do: who survives, and what would be shown of him, with what it beat."""

    customer: UUID
    other: UUID
    shown: list[Shown]
    records: dict[UUID, RecordRow]


async def join(session: Session, wish: Wish, actor: Actor, at: datetime) -> Joined:
    """Make two customers one; every record, Case and consent stays where it hangs.

    Raises NotFound for an unknown customer; Conflict ``match.one_customer`` when they are one
    already, ``match.different`` when that was ruled out, ``customer.moved_on`` in a race.
    """
    _check(wish)
    held, (a, b) = await _pair(session, wish, at)
    link = _decided(held, wish, (a, b), actor)
    done = await retell(session, held, actor, link.id)
    (live,) = done.customers
    return Joined(link.id, live, done.change)


async def look_ahead(session: Session, wish: Wish, actor: Actor, at: datetime) -> Ahead:
    """Say what a merge would do; nothing is written. Raises as ``join`` does."""
    held, (a, b) = await _pair(session, wish, at)
    _decided(held, wish, (a, b), actor)
    piece: Piece = held.pieces()[0]
    live = piece.id or a
    return Ahead(live, b if live == a else a, told(held.said(piece.records)), held.records)


async def tell_apart(session: Session, wish: Wish, actor: Actor, at: datetime) -> Joined:
    """Note that two customers are different people (they never become one) or relatives.

    Raises as ``join`` does; who is one customer is parted first.
    """
    _check(wish)
    held, (a, b) = await _pair(session, wish, at)
    link = _decided(held, wish, (a, b), actor)
    await retell(session, held, actor, None, also=(a, b))
    return Joined(link.id, a, None)


def _check(wish: Wish) -> None:
    if len(wish.reason) > REASON_MAX:
        raise Invalid("match.reason_long", {"max": REASON_MAX})


async def _pair(session: Session, wish: Wish, at: datetime) -> tuple[Held, tuple[UUID, UUID]]:
    """Hold both customers by the ids that mean them now."""
    known = await lineage.canonical(session, [wish.a, wish.b])
    if wish.a not in known or wish.b not in known:
        raise NotFound("customer")
    a, b = known[wish.a], known[wish.b]
    if a == b:
        raise Conflict("match.one_customer", {"id": str(a)})
    held = await hold(session, [a, b], at)
    if not held.of(a) or not held.of(b):  # an erased one: nothing is left to decide about
        raise NotFound("customer")
    return held, (a, b)


def _decided(held: Held, wish: Wish, pair: tuple[UUID, UUID], actor: Actor) -> LinkRow:
    """Add the decision, about the records the two ids stand for."""
    a, b = (held.founders[one] for one in pair)
    for one in held.links.values():
        if {one.a, one.b} == {a, b}:
            code = "match.different" if one.verdict == "different" else "match.decided"
            raise Conflict(code, told_of(one))
    made = LinkRow(
        key(held.at), a, b, wish.verdict.value, "human", actor.kind, actor.id,
        wish.reason.strip(), held.at,
    )  # fmt: skip
    held.decide(made)
    return made
