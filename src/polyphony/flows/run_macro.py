"""Run macro: the steps of a macro on one Case, all of them or none, in the caller's transaction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from polyphony.domain.case import CaseMove
from polyphony.domain.errors import Conflict, Forbidden, NotFound
from polyphony.domain.macro import Step
from polyphony.domain.reply import Then
from polyphony.flows import handle, reply, settle, snooze
from polyphony.flows.carry_out import Staff, lock
from polyphony.ports import Outside
from polyphony.store import cases, dossier, inbox, work
from polyphony.store.database import Session
from polyphony.store.work import WorkRow

_ENDING = {"solve": Then.SOLVE, "snooze": Then.OPEN}


@dataclass(frozen=True, slots=True)
class Run:
    """Which steps on which Case; ``cid`` makes a repeat harmless.

    ``seen`` is the last item the caller has seen (None: answer whatever came meanwhile).
    """

    case: UUID
    steps: Sequence[Step]
    cid: UUID
    seen: int | None = None


@dataclass(slots=True)
class Ran:
    """What the steps made: the Case, new Messages, the work they moved."""

    case: UUID
    messages: list[UUID] = field(default_factory=list)
    work_items: list[UUID] = field(default_factory=list)


@dataclass(slots=True)
class _Doing:
    session: Session
    run: Run
    staff: Staff
    at: datetime
    outside: Outside
    ran: Ran
    number: int = 0

    @property
    def cid(self) -> UUID:
        """The client id of the present step."""
        return uuid5(self.run.cid, str(self.number))


async def run_macro(
    session: Session, run: Run, staff: Staff, at: datetime, outside: Outside
) -> Ran:  # fmt: skip
    """Run the steps in their order; the first refusal is raised and nothing of it remains.

    Rights on the Case (``macro.acts``) are the caller's business; work of somebody else is moved
    by a lead only. The transaction is rolled back by whoever opened it.
    """
    doing = _Doing(session, run, staff, at, outside, Ran(run.case))
    if run.seen is not None and any(one.do == "reply" for one in run.steps):
        await _nobody_was_faster(doing, run.seen)
    for doing.number, step in enumerate(run.steps):
        await _DO[step.do](doing, step)
    return doing.ran


async def _nobody_was_faster(doing: _Doing, seen: int) -> None:
    """Look before the first step: the macro's own notes are nothing to be surprised by."""
    matter = await lock(doing.session, [doing.run.case], doing.at)
    door = await dossier.reply_to(doing.session, doing.run.case)
    if door is not None:
        strip, case = matter.strips[door.interaction_id], matter.cases[doing.run.case]
        await reply.look_for_faster(doing.session, seen, strip, case, doing.staff)


async def _tag(doing: _Doing, step: Step) -> None:
    case = (await cases.by_ids(doing.session, [doing.run.case])).get(doing.run.case)
    if case is None:
        raise NotFound("case")
    kept = [one for one in case.tags if one not in step.remove]
    tags = [*kept, *(one for one in step.add if one not in kept)]
    wish = settle.Edit(tags=tags)
    await settle.edit(doing.session, doing.run.case, wish, doing.staff, doing.at)


async def _priority(doing: _Doing, step: Step) -> None:
    wish = settle.Edit(priority=step.priority)
    await settle.edit(doing.session, doing.run.case, wish, doing.staff, doing.at)


async def _work(doing: _Doing) -> WorkRow:
    """Return the live work of the Case: one's own first; raise when there is none to move."""
    ids = await inbox.live_work(doing.session, [doing.run.case])
    found = [*(await work.rows_of(doing.session, sorted(ids))).values()]
    found.sort(key=lambda one: one.agent_id != doing.staff.id)
    if not found:
        raise Conflict("macro.no_work")
    held = found[0].agent_id not in (None, doing.staff.id)
    if held and not doing.staff.supervisor:
        facts = {"needs": ["supervisor"], "by": str(found[0].agent_id)}
        raise Forbidden("work_item.not_yours", facts)
    doing.ran.work_items.append(found[0].id)
    return found[0]


async def _queue(doing: _Doing, step: Step) -> None:
    item = await _work(doing)
    if item.queue_id == step.queue:
        return
    target = handle.Target(queue=step.queue)
    await handle.transfer(doing.session, item.id, target, doing.staff.actor, doing.at)


async def _assign(doing: _Doing, step: Step) -> None:
    item = await _work(doing)
    agent = step.agent or doing.staff.id
    if item.agent_id == agent and item.state != "offered":
        return
    if step.agent is None and item.state in {"waiting", "parked"}:
        await handle.claim(doing.session, item.id, agent, doing.at)
    else:
        await handle.assign(doing.session, item.id, agent, doing.staff.actor, doing.at)


async def _note(doing: _Doing, step: Step) -> None:
    wish = reply.Note(doing.run.case, step.text, doing.cid)
    written = await reply.note(doing.session, wish, doing.staff, doing.at)
    doing.ran.messages.append(written.message)


async def _reply(doing: _Doing, step: Step) -> None:
    door = await dossier.reply_to(doing.session, doing.run.case)
    case = (await cases.by_ids(doing.session, [doing.run.case])).get(doing.run.case)
    if door is None or case is None:
        raise Conflict("note.no_interaction")
    last = doing.run.steps[-1].do
    answer = reply.Answer(
        interaction=door.interaction_id,
        text=step.body(case.language),
        cid=doing.cid,
        expected_last_item=0,
        anyway=True,
        then=_ENDING.get(last),
    )
    written = await reply.send(doing.session, answer, doing.staff, doing.at, doing.outside)
    doing.ran.messages.append(written.message)


async def _solve(doing: _Doing, step: Step) -> None:
    if any(one.do == "reply" for one in doing.run.steps):
        return  # the answer solves the Case when it leaves
    wish = settle.CaseWish(CaseMove.SOLVE, disposition=step.disposition)
    await settle.move(doing.session, doing.run.case, wish, doing.staff, doing.at)


async def _snooze(doing: _Doing, step: Step) -> None:
    until = doing.at + timedelta(hours=step.hours)
    await snooze.snooze(doing.session, doing.run.case, until, doing.staff, doing.at)
    doing.ran.work_items += await inbox.live_work(doing.session, [doing.run.case])


_DO: Mapping[str, Callable[[_Doing, Step], Awaitable[None]]] = {
    "tag": _tag,
    "priority": _priority,
    "queue": _queue,
    "assign": _assign,
    "note": _note,
    "reply": _reply,
    "solve": _solve,
    "snooze": _snooze,
}
