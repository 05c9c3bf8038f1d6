"""Settle: a person moves a Case, changes its facts, merges it, takes a merge back, splits it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from polyphony.domain import reference, tag
from polyphony.domain.case import CaseMove, CaseState, demand, may_merge
from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.move import By
from polyphony.flows.carry_out import Matter, Staff, lock
from polyphony.flows.rechoose import rechoose
from polyphony.ports import KeyRing
from polyphony.store import (
    callbacks,
    cases,
    followers,
    messages,
    outcomes,
    projections,
    steps,
    work,
)
from polyphony.store.cases import CaseRow, Link, Participant
from polyphony.store.database import Session
from polyphony.store.interactions import InteractionRow
from polyphony.store.keys import key
from polyphony.store.messages import MessageRow

TITLE_MAX = 160
_MESSAGES = 200
"""So many newest Messages of moved Interactions are told again; older ones are fetched."""
_PERSONAL = frozenset(
    {
        CaseMove.SOLVE, CaseMove.REOPEN, CaseMove.ASK, CaseMove.REFER, CaseMove.CLOSE,
        CaseMove.DISCARD, CaseMove.RESTORE, CaseMove.RESUME,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseWish:
    """A move somebody asks for; ``disposition`` says how the work ended."""

    move: CaseMove
    due_at: datetime | None = None
    reason: str = ""
    disposition: str = ""


async def move(session: Session, case_id: UUID, wish: CaseWish, staff: Staff, at: datetime) -> UUID:
    """Move a Case with all that follows; return it.

    Raises Conflict or Forbidden when the move is not possible from here or not theirs, Invalid
    when a date or a reason is missing.
    """
    if wish.move not in _PERSONAL:
        raise Invalid("case.move", {"field": "move"})
    matter = await lock(session, [case_id], at)
    case = matter.cases[case_id]
    missing = demand(
        wish.move,
        has_due=wish.due_at is not None,
        has_reason=bool(wish.reason.strip()),
        state=CaseState(case.state),
    )
    if missing is not None:
        raise missing
    if wish.due_at is not None and wish.due_at <= at:
        raise Invalid("case.due_at_past", {"field": "due_at"})
    await _may_close(session, case_id, wish)
    before = case.state
    roles = staff.roles(matter.of(case_id))
    matter.move(case, wish.move, roles)
    if By.AGENT in roles:  # whoever had it takes it up again; for others it waits in its Queue
        matter.holders = {strip.id: staff.id for strip in matter.of(case_id)}
    if CaseState(case.state) in {CaseState.WAIT_CUSTOMER, CaseState.WAIT_THIRD_PARTY}:
        case.due_at = wish.due_at
    if wish.move is CaseMove.ASK:
        for strip in matter.of(case_id):
            matter.calm(strip)
    said = await system_line(session, matter, case, _facts(wish, before, case.state), staff)
    await matter.keep(session, staff.actor, said)
    return case_id


async def _may_close(session: Session, case: UUID, wish: CaseWish) -> None:
    """Refuse to close a Case while the outcome of its work is not told."""
    if wish.move is CaseMove.CLOSE and await outcomes.missing(session, case):
        raise Conflict("case.disposition_due")


def _facts(wish: CaseWish, before: str, after: str) -> dict[str, object]:
    facts: dict[str, object] = {"code": "case_moved", "from": before, "to": after}
    if wish.reason.strip():
        facts["reason"] = wish.reason.strip()[:500]
    if wish.disposition:
        facts["disposition"] = wish.disposition[:100]
    return facts


@dataclass(frozen=True, slots=True)
class Edit:
    """Facts of a Case to change; None = as it is. ``version`` guards (None = any)."""

    title: str | None = None
    priority: str | None = None
    tags: Sequence[str] | None = None
    language: str | None = None
    version: int | None = None


async def edit(session: Session, case_id: UUID, wish: Edit, staff: Staff, at: datetime) -> UUID:
    """Change title, priority, tags, language; raise Conflict when somebody changed it meanwhile."""
    matter = await lock(session, [case_id], at)
    case = matter.cases[case_id]
    if wish.version is not None and wish.version != case.version:
        raise Conflict("case.version", {"version": case.version})
    if wish.title is not None:
        case.title = " ".join(wish.title.split())[:TITLE_MAX]
    if wish.priority is not None:
        if wish.priority not in {"low", "normal", "high", "critical"}:
            raise Invalid("case.priority", {"field": "priority"})
        case.priority = wish.priority
    if wish.tags is not None:
        case.tags = tag.cleaned(wish.tags)
        await rechoose(session, matter, [case_id])
    if wish.language is not None:
        case.language = wish.language[:20] or None
    matter.changed.add(case_id)
    await matter.keep(session, staff.actor)
    return case_id


async def merge(
    session: Session, source_id: UUID, target_id: UUID, staff: Staff, at: datetime
) -> UUID:
    """Let one Case go on in another: its Interactions move with their work; return the target."""
    matter = await lock(session, [source_id, target_id], at)
    source, target = matter.cases[source_id], matter.cases[target_id]
    loops = _leads_to(matter, target, source_id)
    refused = may_merge(
        CaseState(source.state),
        CaseState(target.state),
        same=source_id == target_id,
        loops=loops,
    )
    if refused is not None:
        raise refused
    matter.move(source, CaseMove.MERGE_INTO, staff.roles(matter.of(source_id)))
    source.merged_into = target_id
    moved = matter.of(source_id)
    for strip in moved:
        _rehouse(matter, strip, target_id, came=source_id)
    _hand_clocks(matter, source_id, target_id)
    _gather(target, source)
    matter.changed.add(target_id)
    await cases.take_over_participants(session, source_id, target_id)
    await followers.come_along(session, source_id, target_id)
    link = Link(source_id, target_id, "merged_into", at, "person", staff.id)
    await cases.link(session, [link])
    matter.types[source_id] = "case.merged"
    await _lock_work(session, matter)
    matter.along = await steps.rehouse(session, source_id, target_id)
    matter.along += await callbacks.rehouse(session, [one.id for one in moved], target_id)
    _tell_steps(matter, source_id, target_id)
    await _keep_moved(session, matter, moved, staff, target, {"code": "merged_here"})
    return target_id


async def unmerge(session: Session, source_id: UUID, staff: Staff, at: datetime) -> UUID:
    """Take a merge back: what it brought returns, what came in since stays; return the Case."""
    matter = await lock(session, [source_id], at)
    source = matter.cases[source_id]
    target_id = source.merged_into
    matter.move(source, CaseMove.UNMERGE, staff.roles(matter.of(target_id or source_id)))
    source.merged_into, source.state_was = None, None
    moved = [
        one
        for one in matter.strips.values()
        if one.came_case_id == source_id and one.case_id == target_id
    ]
    for strip in moved:
        _rehouse(matter, strip, source_id, came=None)
    if target_id is not None:
        _take_clocks_back(matter, target_id, source_id, moved)
        await cases.unlink(session, source_id, target_id, "merged_into")
        matter.changed.add(target_id)
    matter.clocks.reopened(source_id, at, 0)
    matter.types[source_id] = "case.unmerged"
    await _lock_work(session, matter)
    if target_id is not None:
        matter.along = await steps.return_to(session, source_id, target_id)
        matter.along += await callbacks.rehouse(session, [one.id for one in moved], source_id)
        _tell_steps(matter, target_id, source_id)
    await _keep_moved(session, matter, moved, staff, source, {"code": "unmerged"})
    return source_id


async def split(
    session: Session,
    case_id: UUID,
    interactions: Sequence[UUID],
    staff: Staff,
    at: datetime,
    keys: KeyRing,
) -> UUID:
    """Move whole Interactions into a new Case of their own; return the new one."""
    matter = await lock(session, [case_id], at)
    case = matter.cases[case_id]
    chosen = [one for one in matter.of(case_id) if one.id in set(interactions)]
    if not chosen or len(chosen) != len(set(interactions)):
        raise Invalid("case.split_what", {"field": "interaction_ids"})
    if len(chosen) == len(matter.of(case_id)):
        raise Invalid("case.split_all", {"field": "interaction_ids"})
    matter.move(case, CaseMove.SPLIT, staff.roles(matter.of(case_id)))
    made = await _split_off(session, case, chosen, at, keys)
    matter.cases[made.id] = made
    for strip in chosen:
        _rehouse(matter, strip, made.id, came=case_id)
    _hand_clocks(matter, case_id, made.id, {one.id for one in chosen})
    await cases.link(session, [Link(made.id, case_id, "split_from", at, "person", staff.id)])
    matter.types[case_id] = "case.split"
    matter.types[made.id] = "case.opened"
    await _lock_work(session, matter)
    matter.along = await callbacks.rehouse(session, [one.id for one in chosen], made.id)
    _tell_steps(matter, case_id, made.id)
    await _keep_moved(session, matter, chosen, staff, made, {"code": "split_from"})
    return made.id


async def _split_off(
    session: Session,
    case: CaseRow,
    chosen: Sequence[InteractionRow],
    at: datetime,
    keys: KeyRing,
) -> CaseRow:
    number = (await cases.numbers(session, 1))[0]
    made = CaseRow(
        id=key(at),
        reference=reference.reference(at.year, number, keys.mac("reference", "feistel")),
        record_id=chosen[0].record_id,
        department_id=case.department_id,
        title=(chosen[0].subject or case.title)[:TITLE_MAX],
        preview=case.preview,
        state=CaseState.OPEN.value,
        state_since=at,
        state_was=None,
        due_at=None,
        priority=case.priority,
        language=chosen[0].language or case.language,
        visibility=case.visibility,
        owner_id=case.owner_id,
        opened_via=chosen[0].channel_kind,
        opened_at=at,
        first_solved_at=None,
        solved_at=None,
        closed_at=None,
        reopen_until=None,
        merged_into=None,
        last_item=case.last_item,
        last_customer=case.last_customer,
        last_staff=case.last_staff,
        last_at=case.last_at,
        demo=case.demo,
    )
    await cases.add(session, [made])
    who = {one.identity_id for one in chosen}
    await cases.admit(session, [Participant(made.id, one, "linked", at) for one in sorted(who)])
    return made


def _rehouse(matter: Matter, strip: InteractionRow, case: UUID, came: UUID | None) -> None:
    strip.case_id, strip.came_case_id = case, came
    matter.changed_strips.add(strip.id)


async def _lock_work(session: Session, matter: Matter) -> None:
    """Lock all work around at once: agents before items, whatever of it moves."""
    items = [one.work_id for one in matter.steps if one.work_id]
    if items:
        items += [one.work_id for one in matter.strips.values() if one.work_id]
        await work.lock(session, items)


def _tell_steps(matter: Matter, was: UUID, now: UUID) -> None:
    """Let the matter know that steps belong to another Case, and who saw them before."""
    ids = {step for step, _ in matter.along}
    matter.steps = [replace(one, case_id=now) if one.id in ids else one for one in matter.steps]
    matter.was |= dict.fromkeys(ids, matter.was[was])


def _leads_to(matter: Matter, target: CaseRow, source: UUID) -> bool:
    seen: set[UUID] = set()
    here: CaseRow | None = target
    while here is not None and here.id not in seen:
        seen.add(here.id)
        if here.merged_into == source:
            return True
        here = matter.cases.get(here.merged_into) if here.merged_into else None
    return False


def _hand_clocks(matter: Matter, source: UUID, target: UUID, only: set[UUID] | None = None) -> None:
    """Answers still owed go with their Interactions; the resolution of the old Case ends."""
    for clock in list(matter.clocks.live(source)):
        if clock.interaction_id is not None and (only is None or clock.interaction_id in only):
            matter.clocks.rehouse(clock, target)
    if only is None:
        matter.clocks.cancelled(source, matter.at)


def _take_clocks_back(
    matter: Matter, target: UUID, source: UUID, moved: Sequence[InteractionRow]
) -> None:
    back = {one.id for one in moved}
    for clock in list(matter.clocks.live(target)):
        if clock.interaction_id in back:
            matter.clocks.rehouse(clock, source)


def _gather(target: CaseRow, source: CaseRow) -> None:
    target.last_item = max(target.last_item, source.last_item)
    target.last_customer = max(target.last_customer, source.last_customer)
    target.last_staff = max(target.last_staff, source.last_staff)
    if source.last_at > target.last_at:
        target.last_at, target.preview = source.last_at, source.preview or target.preview


async def _keep_moved(
    session: Session,
    matter: Matter,
    moved: Sequence[InteractionRow],
    staff: Staff,
    where: CaseRow,
    facts: dict[str, object],
) -> None:
    """Tell of what came to ``where``: Interactions, their lines, steps, work; and who lost them."""
    ids = [one.id for one in moved]
    told = await messages.rehoused(session, ids, _MESSAGES)
    items = [one.work_id for one in moved if one.work_id] + [
        item for _, item in matter.along if item
    ]
    matter.rehoused = await work.rehoused(session, items)
    offers = [one.offer_id for one in matter.rehoused if one.offer_id]
    matter.was |= await projections.audiences(session, offers)
    if moved:  # all from one Case
        matter.was |= dict.fromkeys(told, matter.was[moved[0].id])
    matter.types |= dict.fromkeys(items, "work_item.changed")
    line = await system_line(session, matter, where, facts, staff)
    await matter.keep(session, staff.actor, [*told, *line])


async def system_line(
    session: Session, matter: Matter, case: CaseRow, facts: dict[str, object], staff: Staff
) -> list[UUID]:
    """Leave a line in the Case that says what was done and by whom; it stops no answer."""
    strips = matter.of(case.id)
    if not strips:
        return []
    line = MessageRow(
        id=key(matter.at),
        interaction_id=strips[-1].id,
        position=(await messages.positions(session, 1))[0],
        kind="system",
        author_kind="person",
        author_id=staff.id,
        author_name=staff.name,
        at=matter.at,
        facts=facts,
    )
    await messages.add(session, [line])
    case.last_item = line.position
    matter.changed.add(case.id)
    return [line.id]
