"""Carry out: what follows from a move of a Case for its targets, Interactions and WorkItems."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from polyphony.domain.callback import CHANNEL
from polyphony.domain.case import REOPEN_FOR, CaseMove, CaseState
from polyphony.domain.case import move as move_case
from polyphony.domain.channel import ChannelKind
from polyphony.domain.errors import Conflict, NotFound, Refusal
from polyphony.domain.event import Actor
from polyphony.domain.interaction import InteractionMove, InteractionState
from polyphony.domain.interaction import move as move_interaction
from polyphony.domain.move import By, Moved
from polyphony.flows import draft, step_work, tell_visitor
from polyphony.flows.announce import announce
from polyphony.flows.measure import Clocks
from polyphony.flows.measure import read as read_clocks
from polyphony.flows.put_to_work import begin_anew, put_to_work
from polyphony.store import callbacks, cases, interactions, labour, projections, steps, urge
from polyphony.store.cases import CaseRow
from polyphony.store.database import Session
from polyphony.store.interactions import InteractionRow
from polyphony.store.labour import End, Ended, NewWork
from polyphony.store.steps import OpenStep, StepWork
from polyphony.store.work import WorkRow

AT_WORK = frozenset({"in_work", "wrap_up", "suspended"})
"""States of work somebody is at: it is finished, other work is cancelled."""


@dataclass(frozen=True, slots=True)
class Staff:
    """One of us who acts; rights on the Case were checked before the flow was called."""

    id: UUID
    name: str
    supervisor: bool = False
    cid: UUID | None = None

    @property
    def actor(self) -> Actor:
        """Return the one the log names."""
        return Actor("person", self.id, self.cid, self.name)

    def roles(self, strips: Iterable[InteractionRow]) -> tuple[By, ...]:
        """Return as whom the person acts: the Agent at work (or last at it), lead, colleague."""
        holds = any(self.id in {one.work_agent, one.agent_id} for one in strips)
        return (
            *((By.AGENT,) if holds else ()),
            *((By.SUPERVISOR,) if self.supervisor else ()),
            By.COLLEAGUE,
        )


@dataclass(slots=True)
class Matter:
    """Cases under their locks with all that hangs on them; changed in memory, kept once."""

    at: datetime
    cases: dict[UUID, CaseRow]
    strips: dict[UUID, InteractionRow]
    clocks: Clocks
    was: dict[UUID, list[str]] = field(default_factory=dict)
    changed: set[UUID] = field(default_factory=set)
    changed_strips: set[UUID] = field(default_factory=set)
    finish: set[UUID] = field(default_factory=set)
    cancel: set[UUID] = field(default_factory=set)
    cancel_why: str = "withdrawn"
    types: dict[UUID | str, str] = field(default_factory=dict)
    close: set[UUID] = field(default_factory=set)
    touched: set[UUID] = field(default_factory=set)
    """Work that owes something else now."""
    rehoused: list[WorkRow] = field(default_factory=list)
    """Work that came along with its Interaction."""
    holders: dict[UUID, UUID] = field(default_factory=dict)
    """Who goes on with an Interaction when its Case would be left without work."""
    steps: list[OpenStep] = field(default_factory=list)
    """Steps of the Cases that are still to be done."""
    along: list[tuple[UUID, UUID | None]] = field(default_factory=list)
    """Steps that came along with their Case, each with its live WorkItem."""

    def of(self, case: UUID) -> list[InteractionRow]:
        """Return the Interactions of a Case."""
        return [one for one in self.strips.values() if one.case_id == case]

    def move(self, case: CaseRow, what: CaseMove, by: Sequence[By]) -> CaseState:
        """Move a Case as the first of these roles that may; raise the refusal of the last.

        A Case with steps to do is not solved: Conflict ``case.steps_open`` names them.
        """
        if what is CaseMove.SOLVE:
            self.refuse_open_steps(case.id)
        was = CaseState(case.state_was) if case.state_was else None
        last: Refusal | None = None
        for one in by:
            moved = move_case(CaseState(case.state), what, one, was)
            if isinstance(moved, Moved):
                self._carry(case, moved.state, moved.effects)
                return moved.state
            last = moved
        raise last or NotFound("case")

    def know_callback(self, case: UUID, callback: UUID, work: UUID) -> None:
        """Let the matter know of a callback: the Case is not without work while it waits."""
        self.steps.append(OpenStep(case, callback, "active", CHANNEL, "", work, "waiting"))

    def steps_of(self, case: UUID) -> list[OpenStep]:
        """Return the steps of a Case that are still to be done."""
        return [one for one in self.steps if one.case_id == case]

    def refuse_open_steps(self, case: UUID) -> None:
        """Raise Conflict ``case.steps_open`` while steps of a Case are to be done."""
        left = [one.title for one in self.steps_of(case) if one.kind != CHANNEL]
        if left:
            raise Conflict("case.steps_open", {"count": len(left), "names": left[:5]})

    def _carry(self, case: CaseRow, state: CaseState, effects: Sequence[str]) -> None:
        for effect in effects:
            _EFFECTS[effect](self, case)
        if state in {CaseState.MERGED, CaseState.DISCARDED}:
            case.state_was = case.state
        case.state, case.state_since = state.value, self.at
        if state not in {CaseState.WAIT_CUSTOMER, CaseState.WAIT_THIRD_PARTY}:
            case.due_at = None
        self.clocks.moved(case.id, case.state, self.at)
        self.changed.add(case.id)
        self.types[case.id] = "case.moved"

    def settle(self, strip: InteractionRow) -> None:
        """Bring an Interaction to its end (live) or to rest; its work is over."""
        live = strip.mode == "live"
        self._rest(strip, InteractionMove.END if live else InteractionMove.SETTLE)

    def calm(self, strip: InteractionRow) -> None:
        """Let an Interaction lie quiet while we wait for the customer; its work is over."""
        self._rest(strip, InteractionMove.SETTLE)

    def _rest(self, strip: InteractionRow, what: InteractionMove) -> None:
        if strip.state == InteractionState.WAITING.value:
            self._step(strip, InteractionMove.TAKE, By.SYSTEM)
        self._step(strip, what, By.AGENT)
        if strip.work_id is not None:
            self.changed.add(strip.case_id)
            at_work = strip.work_state in AT_WORK
            (self.finish if at_work else self.cancel).add(strip.work_id)

    def _step(self, strip: InteractionRow, what: InteractionMove, by: By) -> None:
        moved = move_interaction(InteractionState(strip.state), what, by)
        if isinstance(moved, Moved):
            strip.state = moved.state.value
            if moved.state is InteractionState.ENDED:
                strip.ended_at, strip.ended_by = self.at, by.value
            self.changed_strips.add(strip.id)

    def _pause(self, case: CaseRow) -> None:
        """Pausing and resuming follow from the new state; see ``Clocks.moved``."""

    def _meet(self, case: CaseRow) -> None:
        self.clocks.solved(case.id, self.at)

    def _cancel_clocks(self, case: CaseRow) -> None:
        self.clocks.cancelled(case.id, self.at)

    def _allow_reopen(self, case: CaseRow) -> None:
        case.solved_at = self.at
        case.first_solved_at = case.first_solved_at or self.at
        case.reopen_until = self.at + REOPEN_FOR

    def _reopen(self, case: CaseRow) -> None:
        since = case.closed_at or case.solved_at or self.at
        self.clocks.reopened(case.id, self.at, int((self.at - since).total_seconds() * 1000))
        case.solved_at = case.closed_at = case.reopen_until = case.state_was = None

    def _end_work(self, case: CaseRow) -> None:
        self.cancel_why = "case_done"
        for strip in self.of(case.id):
            self.settle(strip)
        for step in self.steps_of(case.id):
            if step.work_id is not None:
                at_work = step.work_state in AT_WORK
                (self.finish if at_work else self.cancel).add(step.work_id)

    def _end_interactions(self, case: CaseRow) -> None:
        case.closed_at = self.at
        for strip in self.of(case.id):
            self._step(strip, InteractionMove.END, By.SYSTEM)

    def _drop_drafts(self, case: CaseRow) -> None:
        self.close.add(case.id)

    def _elsewhere(self, case: CaseRow) -> None:
        """Interactions are moved by the flow that knows the other Case."""

    async def keep(self, session: Session, actor: Actor, messages: Sequence[UUID] = ()) -> None:
        """Write what changed, end the work that is over, let no open Case be without; tell all."""
        await cases.save(session, [self.cases[one] for one in sorted(self.changed)])
        strips = [self.strips[one] for one in sorted(self.changed_strips)]
        await interactions.save(session, strips)
        await self.clocks.keep(session)
        if self.close:
            await draft.closed(session, sorted(self.close))
        told = [*messages, *await tell_visitor.ended(session, self._left(), self.at)]
        ended = await self._end(session)
        idle = self._idle()
        fresh = await begin_anew(session, idle, self.at)
        held_on = {new: self.holders[old] for new, old in fresh.items() if old in self.holders}
        self.holders |= held_on
        added = await put_to_work(session, idle, self.at, self.holders, "case_open")
        revived = await self._revive(session)
        eased = await urge.ease(session, sorted(self.clocks.late))
        self.touched |= set(eased)
        self.types = {**dict.fromkeys(eased, "work_item.changed"), **self.types}
        asked = [*(one.id for one in added), *(one.id for one in revived)]
        self.types |= dict.fromkeys(asked, "work_item.added")
        woken = {one.interaction_id for one in added}
        held = {self.holders[one] for one in woken & self.holders.keys()}
        await announce(
            session,
            actor=actor,
            types={"work_item": "work_item.finished", **self.types},
            was=self.was,
            cases=sorted(self.changed),
            interactions=sorted(self.changed_strips | woken),
            case_steps=[one for one, _ in self.along],
            messages=told,
            work_items=list(
                dict.fromkeys(
                    [*_once([*ended, *added, *revived, *self.rehoused]), *sorted(self.touched)]
                )
            ),
            offers=_offers([*ended, *self.rehoused]),
            loads=sorted({one.agent_id for one in ended if one.agent_id} | held),
        )

    async def _end(self, session: Session) -> list[Ended]:
        """End the work that is over, and the requests to be called that end with it."""
        over = self.finish | self.cancel
        ids = [one.id for one in self.steps if one.kind == CHANNEL and one.work_id in over]
        await callbacks.over(session, ids, "done", self.at)
        done = await labour.end(session, sorted(self.finish), labour.FINISH, self.at)
        gone = await labour.end(session, sorted(self.cancel), _cancelled(self), self.at)
        return [*done, *gone]

    def _left(self) -> list[UUID]:
        """Chats one of us has just ended."""
        return [
            one
            for one in sorted(self.changed_strips)
            for strip in [self.strips[one]]
            if strip.channel_kind == ChannelKind.CHAT.value
            and (strip.ended_at, strip.ended_by) == (self.at, By.AGENT.value)
        ]

    async def _revive(self, session: Session) -> list[StepWork]:
        """Ask again for steps of open Cases whose work was over with the Case."""
        over = self.finish | self.cancel
        lost = {
            one.id
            for one in self.steps
            if one.state == "active"
            and one.case_id in self.changed
            and self.cases[one.case_id].state == CaseState.OPEN.value
            and (one.work_id is None or one.work_id in over)
        }
        if not lost:
            return []
        known = await steps.of_cases(session, sorted(self.changed))
        return await step_work.ask_for(session, [one for one in known if one.id in lost], self.at)

    def _idle(self) -> list[UUID]:
        """Open Cases all of whose work is over and that have no steps to do."""
        over = self.finish | self.cancel
        return [
            one
            for one in sorted(self.changed)
            if self.cases[one].state == CaseState.OPEN.value
            and not any(
                step.kind != CHANNEL or step.work_id not in over for step in self.steps_of(one)
            )
            and all(strip.work_id is None or strip.work_id in over for strip in self.of(one))
        ]


def _once(items: Iterable[Ended | NewWork | StepWork | WorkRow]) -> list[UUID]:
    return list(dict.fromkeys(one.id for one in items))


def _offers(items: Iterable[Ended | WorkRow]) -> list[UUID]:
    return list(dict.fromkeys(one.offer_id for one in items if one.offer_id))


def _cancelled(matter: Matter) -> End:
    return labour.cancel(matter.cancel_why)


_EFFECTS = {
    "pause_clocks": Matter._pause,  # noqa: SLF001 - its own table
    "resume_clocks": Matter._pause,  # noqa: SLF001 - its own table
    "meet_clocks": Matter._meet,  # noqa: SLF001 - its own table
    "cancel_clocks": Matter._cancel_clocks,  # noqa: SLF001 - its own table
    "allow_reopen": Matter._allow_reopen,  # noqa: SLF001 - its own table
    "reopen_clocks": Matter._reopen,  # noqa: SLF001 - its own table
    "end_work": Matter._end_work,  # noqa: SLF001 - its own table
    "end_interactions": Matter._end_interactions,  # noqa: SLF001 - its own table
    "drop_drafts": Matter._drop_drafts,  # noqa: SLF001 - its own table
    "move_interactions": Matter._elsewhere,  # noqa: SLF001 - its own table
    "take_interactions_back": Matter._elsewhere,  # noqa: SLF001 - its own table
}


async def lock(session: Session, ids: Sequence[UUID], at: datetime) -> Matter:
    """Lock Cases in the order of their ids and read what hangs on them; raise NotFound."""
    found = await cases.locked(session, sorted(set(ids)))
    if not set(ids) <= set(found):
        raise NotFound("case")
    strips = await interactions.of_cases(session, sorted(found))
    clocks = await read_clocks(session, sorted(found))
    to_do = await steps.open_of(session, sorted(found))
    works = [one.work_id for one in strips.values() if one.work_id]
    works += [one.work_id for one in to_do if one.work_id]
    was = await projections.audiences(session, [*sorted(found), *works])
    was |= {one.id: was[one.case_id] for one in strips.values()}
    return Matter(at, found, strips, clocks, was, steps=to_do)


async def lock_of(session: Session, interaction: UUID, at: datetime) -> tuple[Matter, CaseRow]:
    """Lock the Case of an Interaction, wherever a merge has moved it meanwhile."""
    for _ in range(3):
        found = (await interactions.by_ids(session, [interaction])).get(interaction)
        if found is None:
            break
        matter = await lock(session, [found.case_id], at)
        strip = matter.strips.get(interaction)
        if strip is not None and strip.case_id == found.case_id:
            return matter, matter.cases[found.case_id]
    raise NotFound("interaction")
