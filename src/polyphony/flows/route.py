"""Route: commit what the router decided, guarded by epoch and versions; say why work waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from polyphony.domain.event import Actor
from polyphony.domain.offer import ALL
from polyphony.domain.presence import Status
from polyphony.domain.routing import explain
from polyphony.domain.routing.decisions import (
    Decision,
    Expire,
    Hold,
    NotResponding,
    Offer,
    Relax,
    Release,
    Withdraw,
)
from polyphony.domain.routing.facts import Refused
from polyphony.domain.routing.match import load
from polyphony.domain.service_hours import to_datetime, to_ms
from polyphony.domain.work import WorkState
from polyphony.flows.announce import announce
from polyphony.flows.hand_back import Was, lost
from polyphony.store import agents, hands, keys, offers, presence, queues, shards, work
from polyphony.store.database import Session
from polyphony.store.offers import NewOffer, Settle, Stamp
from polyphony.store.presence import Change
from polyphony.store.work import Note

ROUTER = Actor("router")


@dataclass(slots=True)
class _Wave:
    """Decisions of which no two concern the same item: one statement per kind is enough."""

    offers: list[Offer] = field(default_factory=list)
    ends: list[Expire | Withdraw] = field(default_factory=list)
    silent: list[NotResponding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class Told:
    """What changed, to be told to everybody at the end of the transaction."""

    offers: list[UUID] = field(default_factory=list)
    items: list[UUID] = field(default_factory=list)
    types: dict[UUID | str, str] = field(default_factory=dict)
    agents: set[UUID] = field(default_factory=set)
    presences: set[UUID] = field(default_factory=set)
    was: dict[UUID, list[str]] = field(default_factory=dict)
    cases: set[UUID] = field(default_factory=set)

    def add(self, about: tuple[UUID, UUID, UUID], offer_type: str, item_type: str) -> None:
        """Note an Offer, its item and its agent."""
        offer, item, agent = about
        self.offers.append(offer)
        self.items.append(item)
        self.types[offer], self.types[item] = offer_type, item_type
        self.agents.add(agent)

    def lose(self, was: Was, cases: Iterable[UUID]) -> None:
        """Note whose sight ended with an Offer."""
        for one, tags in was.items():
            self.was.setdefault(one, []).extend(tags)
        self.cases.update(cases)


async def commit(session: Session, decisions: Sequence[Decision], stamp: Stamp) -> list[Refused]:
    """Carry out decisions in one transaction; return the pairs the database refused.

    Whatever is missing from the answers (epoch lost, versions moved on, no room any more) is
    refused; the state forgets it and decides again on fresh facts.
    """
    refused: list[Refused] = []
    told = Told()
    for wave in _waves(decisions):  # one by one: a wave is a whole batch
        await _silence(session, wave.silent, stamp, told)
        await _end(session, wave.ends, stamp, told, refused)
        await work.note(session, _merged(wave.notes), stamp.epoch or 0)
        await _make(session, wave.offers, stamp, told, refused)
    await announce(
        session,
        actor=ROUTER,
        types=told.types,
        was=told.was,
        offers=told.offers,
        work_items=list(dict.fromkeys(told.items)),
        loads=sorted(told.agents),
        presences=sorted(told.presences),
        cases=sorted(told.cases),
    )
    return refused


def _waves(decisions: Sequence[Decision]) -> Iterable[_Wave]:
    """Cut decisions, in order, so that no item is moved twice by one statement."""
    wave, seen = _Wave(), set[UUID]()
    for one in decisions:
        if isinstance(one, (Offer, Expire, Withdraw)):
            if one.item in seen:
                yield wave
                wave, seen = _Wave(), set()
            seen.add(one.item)
        if isinstance(one, Offer):
            wave.offers.append(one)
        elif isinstance(one, (Expire, Withdraw)):
            wave.ends.append(one)
        elif isinstance(one, NotResponding):
            wave.silent.append(one)
        else:
            wave.notes.append(_note(one))
    yield wave


def _note(one: Relax | Hold | Release) -> Note:
    if isinstance(one, Relax):
        return Note(one.item, step=one.step)
    until = to_datetime(one.until) if isinstance(one, Hold) else None
    return Note(one.item, hold_until=until, hold=True)


def _merged(notes: Sequence[Note]) -> list[Note]:
    """Make one note per item of several: a statement writes a row only once."""
    found: dict[UUID, Note] = {}
    for one in notes:
        old = found.get(one.item, one)
        last = one if one.hold else old
        step = old.step if one.step is None else one.step
        found[one.item] = Note(one.item, step, last.hold_until, last.hold)
    return list(found.values())


async def _make(
    session: Session,
    batch: Sequence[Offer],
    stamp: Stamp,
    told: Told,
    refused: list[Refused],
) -> None:
    ids = keys.keys(stamp.at, len(batch)) if batch else []
    made = await offers.make(
        session,
        [
            NewOffer(
                key,
                one.item,
                one.agent,
                one.item_version,
                one.presence_version,
                to_datetime(one.deadline),
                one.why(),
            )
            for key, one in zip(ids, batch, strict=True)
        ],
        stamp,
    )
    for key, one in zip(ids, batch, strict=True):
        if one.item in made:
            told.add((key, one.item, one.agent), "offer.made", "work_item.offered")
        else:
            refused.append(Refused(one.at, one.item, one.agent))


async def _end(
    session: Session,
    batch: Sequence[Expire | Withdraw],
    stamp: Stamp,
    told: Told,
    refused: list[Refused],
) -> None:
    done = await offers.settle(session, [_settle(one) for one in batch], stamp)
    kinds = {one.item: isinstance(one, Expire) for one in batch}
    for settled in done:
        missed = kinds[settled.item]
        what = "offer.missed" if missed else "offer.withdrawn"
        told.add((settled.id, settled.item, settled.agent), what, "work_item.returned")
    told.lose(*await lost(session, done))
    ended = {settled.item for settled in done}
    refused += [Refused(one.at, one.item, one.agent) for one in batch if one.item not in ended]


def _settle(one: Expire | Withdraw) -> Settle:
    if isinstance(one, Withdraw):
        return Settle(one.item, one.agent, "withdrawn", one.item_version, reason=one.reason)
    until = one.exclusion.until
    return Settle(
        one.item,
        one.agent,
        "missed",
        one.item_version,
        excluded=one.exclusion.reason,
        until=to_datetime(until) if until is not None else None,
        times=one.exclusion.times,
        misses=dict(one.misses),
    )


async def _silence(
    session: Session, batch: Sequence[NotResponding], stamp: Stamp, told: Told
) -> None:
    """Make agents not responding whose Presence is still the one it was decided about."""
    if not batch or await shards.epoch(session) != stamp.epoch:
        return
    found = await presence.lock(session, [one.agent for one in batch])
    changes = []
    for one in batch:
        row = found.get(one.agent)
        if row is None or row.version != one.presence_version:
            continue
        everywhere = one.scope == ALL
        status = Status.NOT_RESPONDING.value if everywhere else row.status
        silent = row.silent if everywhere else sorted({*row.silent, one.scope})
        previous = row.status if everywhere else row.previous
        changes.append(
            Change(
                one.agent,
                status,
                previous,
                dict(row.toggles),
                silent,
                "missed",
                row.planned_return,
                row.grace_until,
                misses=dict(one.misses),
            )
        )
    written = await presence.write(session, changes, stamp.at)
    told.presences.update(written)
    told.agents.update(written)


async def why(session: Session, item_id: UUID, at: datetime) -> dict[str, object]:
    """Say why a WorkItem waits, with counts, and how it was offered so far.

    Returns ``{code, count, blockers, next, why_queue?, offers}``; ``not_waiting`` for others.
    """
    found = await work.facts(session, [item_id])
    past = await hands.past_offers(session, item_id)
    if not found or found[0].state not in {WorkState.WAITING, WorkState.OFFERED}:
        return {"code": "not_waiting", "count": 0, "blockers": [], "next": None, "offers": past}
    others = [one for one in await work.facts_in_hand(session) if one.id != item_id]
    policy = await queues.policy(session, 1)
    state = load(policy, [*found, *others], await agents.facts(session), to_ms(at))
    answer = explain.waiting(state, item_id)
    ahead = await hands.ahead(session, item_id)
    if ahead:
        answer["blockers"] = [*answer["blockers"], {"code": "higher_scored_ahead", "count": ahead}]
    return {**answer, "offers": past}
