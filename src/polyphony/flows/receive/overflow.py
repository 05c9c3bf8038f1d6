"""Overflow before queueing: new work goes on to another Queue, or its customer hears something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from polyphony.domain import overflow
from polyphony.domain.channel import ChannelKind
from polyphony.domain.chat_words import closed_until
from polyphony.domain.expected_wait import expected_ms
from polyphony.domain.overflow import CALLBACK, FORM, MOVES_MAX, Action, Line
from polyphony.domain.queue import needs, takes
from polyphony.domain.service_hours import to_datetime, to_ms
from polyphony.domain.skill import Requirement, RequirementKind, requirement
from polyphony.flows.promise import hours_of
from polyphony.flows.receive.world import Need, World
from polyphony.store import clocks, levers, lines, messages
from polyphony.store.clocks import CalendarRow
from polyphony.store.database import Session
from polyphony.store.lines import Standing
from polyphony.store.messages import MessageRow

SAID = "queue.message"
"""Code of the line that tells a customer what his Queue has to say before it answers."""
_OFFERED = {"callback": CALLBACK, "form": FORM}


@dataclass(frozen=True, slots=True)
class Entry:
    """Where work goes in: the Queue, what was left out on the way, what is said on it."""

    queue: CalendarRow
    visited: tuple[UUID, ...] = ()
    blocker: str | None = None
    said: Action | None = None
    refused: str | None = None
    full: bool = False


@dataclass(slots=True)
class Gates:
    """The Queues of a batch whose rules ask something of new work; empty where there are none."""

    at: int
    known: dict[UUID, CalendarRow]
    standing: Mapping[UUID, Standing] = field(default_factory=dict)
    coming: dict[UUID, int] = field(default_factory=dict)
    crowded: set[UUID] = field(default_factory=set)  # full, and yet it went in
    # what a lever keeps open (True) or closed, and until when
    by_hand: Mapping[UUID, tuple[bool, datetime]] = field(default_factory=dict)

    def enter(self, first: CalendarRow, need: Need, asked: Sequence[Requirement]) -> Entry:
        """Follow the rules from one Queue to the next; ``asked`` is what the work itself needs."""
        entry = Entry(first)
        while self.standing:
            went = self._on(entry, need, asked)
            if went is None:
                break
            entry = went
        here = entry.queue.queue_id
        self.coming[here] = self.coming.get(here, 0) + 1
        return entry

    def _on(self, entry: Entry, need: Need, asked: Sequence[Requirement]) -> Entry | None:
        """Return what the rules of the present Queue make of it; None = it waits here."""
        queue = entry.queue
        here = self.standing.get(queue.queue_id)
        if here is None:
            return None
        rules = overflow.read(queue.overflow_before, waits=False)
        action = overflow.before(rules, self._line(queue, here, asked))
        if action is None:
            return self._full(entry, need, here)
        if action.do != "queue" or action.queue is None:
            if entry.said is not None:
                return self._full(entry, need, here)
            return replace(entry, said=action, blocker=_OFFERED.get(action.do))
        return self._move(entry, need, action.queue)

    def _move(self, entry: Entry, need: Need, to: UUID) -> Entry | None:
        here = entry.queue.queue_id
        target = self.known.get(to)
        refused = overflow.may_move((*entry.visited, here), len(entry.visited), to, allowed=True)
        if refused is None and target is not None and takes(target.channels, need.account.kind):
            return replace(entry, queue=target, visited=(*entry.visited, here), full=False)
        if entry.refused is not None:
            return None
        code = refused.code.removeprefix("overflow.") if refused else "refused"
        return replace(entry, refused=code)

    def _full(self, entry: Entry, need: Need, here: Standing) -> Entry | None:
        """A full Queue lets nobody in: what it turns away goes to the triage, which takes all."""
        queue, triage = entry.queue, need.account.triage_queue
        waiting = here.waiting + self.coming.get(queue.queue_id, 0)
        if queue.max_waiting is None or waiting < queue.max_waiting:
            return None
        target = self.known.get(triage)
        here_only = target is None or triage in {queue.queue_id, *entry.visited}
        if target is None or here_only or len(entry.visited) >= MOVES_MAX:
            self.crowded.add(queue.queue_id)
            return None
        return replace(entry, queue=target, visited=(*entry.visited, queue.queue_id), full=True)

    def _line(self, queue: CalendarRow, here: Standing, asked: Sequence[Requirement]) -> Line:
        of_queue = [requirement(one) for one in queue.requirements]
        legal = [one for one in needs(of_queue, asked) if one.kind is RequirementKind.LEGAL]
        waiting = here.waiting + self.coming.get(queue.queue_id, 0)
        return Line(
            closed=not self._open(queue),
            waiting=waiting,
            signed_in=here.signed_in,
            legal_missing=any(here.legal.get(one.skill, 0) < one.min_level for one in legal),
            wait_ms=expected_ms(here.lately, waiting),
        )

    def _open(self, queue: CalendarRow) -> bool:
        by_hand = self.by_hand.get(queue.queue_id)
        return hours_of(queue).is_open(self.at) if by_hand is None else by_hand[0]


async def look(session: Session, world: World, known: dict[UUID, CalendarRow]) -> Gates:
    """Read how those Queues stand that ask something of new work, and the ones they name.

    Where no Queue of the batch has such rules nothing is read.
    """
    gates = Gates(to_ms(world.at), known)
    if not any(map(_asks, known.values())):
        return gates
    for _ in range(MOVES_MAX):  # one by one: a rule may name a Queue with rules of its own
        named = {to for one in known.values() for to in _targets(one)}
        missing = sorted(named - known.keys())
        if not missing:
            break
        found = await clocks.of_queues(session, missing)
        known |= found
        if not found:
            break
    asking = sorted(one.queue_id for one in known.values() if _asks(one))
    gates.standing = await lines.now(session, asking, world.at)
    gates.by_hand = await levers.by_hand(session, asking)
    return gates


def _asks(queue: CalendarRow) -> bool:
    return bool(queue.overflow_before) or queue.max_waiting is not None


def _targets(queue: CalendarRow) -> list[UUID]:
    return overflow.targets(overflow.read(queue.overflow_before, waits=False))


async def say(session: Session, world: World, told: Sequence[tuple[Need, Entry]]) -> None:
    """Leave the lines customers of chats read before anybody answers."""
    lines_ = [
        (need, words)
        for need, entry in told
        if entry.said is not None
        and need.account.kind == ChannelKind.CHAT.value
        and (words := _words(entry, _language(need), to_ms(world.at)))
    ]
    if not lines_:
        return
    positions = await messages.positions(session, len(lines_))
    for position, (need, words) in zip(positions, lines_, strict=True):
        case = world.cases[need.case]
        world.messages.append(
            MessageRow(
                id=world.key(),
                interaction_id=need.interaction,
                position=position,
                kind="system",
                author_kind="system",
                at=world.at,
                text=words,
                language=_language(need),
                facts={"code": SAID, "customer": True},
            )
        )
        case.last_item = position
        if case.id not in world.new_cases:
            world.changed_cases.add(case.id)


def _language(need: Need) -> str:
    return need.inbound.language or need.sender.language or need.account.language


def _words(entry: Entry, language: str, at: int) -> str:
    """Return the Queue's own words and, when it is closed, when it opens again."""
    own = entry.said.text if entry.said is not None else {}
    text = own.get(language) or own.get("en") or next(iter(own.values()), "")
    hours = hours_of(entry.queue)
    if hours.is_open(at) or (entry.said is not None and entry.said.do == "callback"):
        return text
    opens = hours.opens(at)
    until = closed_until(language, None if opens is None else to_datetime(opens), entry.queue.zone)
    return f"{text} {until}".strip()
