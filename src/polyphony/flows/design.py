"""Design: the process of a kind of Case is drafted, published and thrown away; all hear of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain import process_text as processes
from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.event import Actor, NewEvent, Op
from polyphony.domain.process import Process, StepPlan
from polyphony.store import changes, configuration, events, kinds, wake
from polyphony.store.configuration import QUEUE, SKILL
from polyphony.store.database import Session
from polyphony.store.keys import key
from polyphony.store.kinds import CASE_KIND, ProcessRow
from polyphony.store.knowledge import SNIPPET

Json = dict[str, object]


async def draft(
    session: Session, kind: UUID, steps: Sequence[object], actor: Actor, at: datetime
) -> ProcessRow:
    """Keep steps as the draft of a kind; raise Invalid for the first that is wrong.

    Queues, skills and snippets nobody has are refused too: ``process.step`` with the field.
    """
    if await configuration.one(session, CASE_KIND, kind) is None:
        raise NotFound("case_kind")
    checked = processes.read(list(steps))
    await _known(session, checked)
    kept = await kinds.draft(session, key(at), kind, processes.as_json(checked), actor.id, at)
    return await _told(session, kept, actor)


async def publish(
    session: Session, process: UUID, actor: Actor, at: datetime, *, how: str = "edit"
) -> ProcessRow:
    """Let Cases begin with a draft from now on; what runs keeps the version it began with.

    Raises NotFound, Conflict ``process.no_draft`` when it was published or thrown away meanwhile.
    """
    found = await kinds.process(session, process)
    if found is None:
        raise NotFound("process")
    await _known(session, processes.read(found.steps))
    before = await kinds.published(session, found.kind_id)
    if not await kinds.publish(session, process, at):
        raise Conflict("process.no_draft", {"state": found.state})
    named = await configuration.one(session, CASE_KIND, found.kind_id) or {}
    states = (
        None if before is None else {"name": named.get("key"), "steps": before.steps},
        {"name": named.get("key"), "steps": found.steps},
    )
    await changes.record(session, "process", found.kind_id, states, actor.id, how)
    return await _told(session, process, actor)


async def discard(session: Session, kind: UUID, actor: Actor) -> None:
    """Throw the draft of a kind away; raise NotFound when it has none."""
    if not await kinds.drop_draft(session, kind):
        raise NotFound("process")
    await _event(session, kind, None, actor)


async def put(
    session: Session, kind: UUID, steps: Sequence[object], actor: Actor, at: datetime, *, how: str
) -> ProcessRow:
    """Publish steps at once: a configuration file or a revert says so; a draft is kept beside."""
    kept = [one for one in await kinds.processes(session, kind) if one.state == "draft"]
    made = await draft(session, kind, steps, actor, at)
    done = await publish(session, made.id, actor, at, how=how)
    if kept and kept[0].steps != done.steps:
        await draft(session, kind, kept[0].steps, actor, at)
    return done


async def _known(session: Session, found: Process) -> None:
    queues = {UUID(str(one["id"])) for one in await configuration.all_of(session, QUEUE)}
    skills = {str(one["key"]) for one in await configuration.all_of(session, SKILL)}
    for number, one in enumerate(found.steps, 1):
        if one.queue is not None and one.queue not in queues:
            raise Invalid("process.step", {"step": number, "field": "queue"})
        strange = sorted({need.skill for need in one.requirements} - skills)
        if strange:
            facts = {"step": number, "field": "requirements", "names": strange}
            raise Invalid("process.step", facts)
        if any(what.do == "queue" and what.id not in queues for what in one.do):
            raise Invalid("process.step", {"step": number, "field": "do"})
        if not await _said(session, one):
            raise Invalid("process.step", {"step": number, "field": "say"})


async def _said(session: Session, plan: StepPlan) -> bool:
    """Tell whether there is what a step sends: a snippet of everybody or of a department."""
    if plan.say is None or plan.say.snippet is None:
        return True
    found = await configuration.one(session, SNIPPET, plan.say.snippet)
    return found is not None and found["scope"] != "personal"


async def _told(session: Session, process: UUID, actor: Actor) -> ProcessRow:
    now = await kinds.process(session, process)
    if now is None:  # pragma: no cover - it was just written
        raise NotFound("process")
    await _event(session, process, now.version, actor)
    return now


async def _event(session: Session, id_: UUID, version: int | None, actor: Actor) -> None:
    told = NewEvent(
        "process.changed", Op.TOUCH, "process", id_, version, ["admin"],
        actor_kind=actor.kind, actor_id=actor.id, cid=actor.cid,
    )  # fmt: skip
    await events.append(session, [told])
    wake.mark(session, "config")
