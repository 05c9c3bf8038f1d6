"""Bulk: a job does one thing with many Cases, batch by batch, and takes it back when asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from polyphony.domain import bulk
from polyphony.domain.bulk import Action
from polyphony.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from polyphony.domain.permission import CaseFacts, Deny, Scope, decide, supervised
from polyphony.flows import bulk_back, bulk_row, publish
from polyphony.flows.announce import announce
from polyphony.flows.bulk_row import Doing
from polyphony.flows.carry_out import Staff
from polyphony.ports import Outside
from polyphony.store import bulk as store
from polyphony.store import inbox, people
from polyphony.store.bulk import Fate, Job, Row
from polyphony.store.database import Session

BATCH = 20
"""Rows of one transaction: short enough that nobody waits for their locks."""


async def begin(session: Session, job: Job, cases: Sequence[UUID], at: datetime) -> None:
    """Keep a job over these Cases; raise Invalid when it lacks something or has no rows.

    A macro is kept in it with its steps, so that all Cases get the same whoever changes it
    meanwhile; raises NotFound when the person may not use it.
    """
    bulk.check(Action(job.action), job.args)
    if not cases:
        raise Invalid("bulk.nothing")
    if job.action == Action.MACRO.value:
        job = await _with_steps(session, job)
    await store.add(session, job, cases, at)
    await _tell(session, job.id)


async def _with_steps(session: Session, job: Job) -> Job:
    try:
        wanted = UUID(str(job.args["macro_id"]))
    except ValueError as broken:
        raise Invalid("bulk.args", {"needs": ["macro_id"]}) from broken
    scope = (await people.scopes(session, [job.person_id])).get(job.person_id)
    if scope is None:
        raise NotFound("macro")
    found = await publish.macro_row(session, wanted, scope)
    return replace(job, args={**job.args, "name": found["name"], "steps": found["steps"]})


async def cancel(session: Session, id_: UUID, person: UUID, at: datetime) -> None:
    """Stop a job where it is; what is done stays done. Raises NotFound, Conflict when over."""
    job = await _mine(session, id_, person)
    if job.state not in {"queued", "running"}:
        raise Conflict("bulk.over", {"state": job.state})
    await store.end(session, job.id, "cancelled", _offer(job), at)
    await _tell(session, job.id)


async def take_back(session: Session, id_: UUID, person: UUID, at: datetime) -> None:
    """Have a job undone; raise NotFound, or Conflict when it is too late for that."""
    job = await _mine(session, id_, person)
    if job.undo in {"asked", "done"}:
        return
    late = job.ended_at is None or at > job.ended_at + bulk.undo_until(job.total)
    if job.undo != "offered" or late:
        raise Conflict("bulk.undo_late", {"state": job.state})
    await store.ask_undo(session, job.id)
    await _tell(session, job.id)


async def turn(session: Session, at: datetime, outside: Outside) -> bool:
    """Do the next batch of the oldest job, all in this transaction; False when there is none.

    A worker that dies in the middle leaves nothing of its batch, so the next one does it anew.
    """
    job = await store.take(session)
    if job is None:
        return False
    scope = (await people.scopes(session, [job.person_id])).get(job.person_id)
    if scope is None:  # disabled meanwhile: nothing more is done in his name
        await store.end(session, job.id, "cancelled", "no", at)
    elif job.undo == "asked":
        await _undo(Doing(session, scope, _staff(job, scope), at, job, outside))
    else:
        await _do(Doing(session, scope, _staff(job, scope), at, job, outside))
    await _tell(session, job.id)
    return True


def _staff(job: Job, scope: Scope) -> Staff:
    return Staff(job.person_id, job.name, bool(supervised(scope)), job.cid)


async def _do(doing: Doing) -> None:
    session, job = doing.session, doing.job
    batch = await store.waiting(session, job.id, BATCH)
    if not batch:
        await store.end(session, job.id, "done", _offer(job), doing.at)
        return
    work = await _work(doing, batch)
    act = bulk_row.DO[Action(job.action)]
    fates = []
    for one in batch:
        why = await work.attempt(one.case_id, act)
        fates.append(Fate(one.case_id, "failed" if why else "done", why, work.was[one.case_id]))
    done = [one.case_id for one in fates if one.why is None]
    became = await store.still(session, done)
    await store.settle(
        session,
        job.id,
        [Fate(f.case_id, f.state, f.why, f.was, became.get(f.case_id)) for f in fates],
    )


async def _undo(doing: Doing) -> None:
    session, job = doing.session, doing.job
    batch = await store.undoable(session, job.id, BATCH)
    if not batch:
        await store.end(session, job.id, job.state, "done", job.ended_at or doing.at)
        return
    work = await _work(doing, batch)
    action = Action(job.action)
    fates = []
    for one in batch:
        why: str | None = "bulk.changed_since"
        if bulk.untouched(action, one.became or {}, work.was[one.case_id]):
            back = bulk_back.Back(one.was or {}, action)
            why = await work.attempt(one.case_id, back)
        fates.append(Fate(one.case_id, "kept" if why else "undone", why))
    await store.settle(session, job.id, fates)


@dataclass(frozen=True, slots=True)
class _Work:
    """One batch under its locks: what may be done with each row, and by whom."""

    session: Session
    doing: Doing
    facts: Mapping[UUID, CaseFacts]
    was: Mapping[UUID, store.Values]

    async def attempt(self, case: UUID, act: bulk_row.Act) -> str | None:
        """Do it with one Case; return the code of the refusal, of which nothing remains."""
        try:
            async with self.session.transaction():
                self._may(case)
                await act(self.doing, case, self.was[case])
        except Refusal as refused:
            return refused.code
        return None

    def _may(self, case: UUID) -> None:
        facts = self.facts.get(case)
        if facts is None:
            raise NotFound("case")
        needs = bulk.RULES[Action(self.doing.job.action)].act
        denied = decide(self.doing.scope, needs, facts)
        if isinstance(denied, Deny):
            raise NotFound("case") if denied.hidden else Forbidden("rights.missing")


async def _work(doing: Doing, batch: Sequence[Row]) -> _Work:
    session, job = doing.session, doing.job
    ids = [one.case_id for one in batch]
    into = [UUID(str(job.args["into"]))] if job.action == Action.MERGE.value else []
    await store.lock_cases(session, sorted({*ids, *into}))
    facts = await inbox.facts(session, ids)
    return _Work(session, doing, facts, await store.still(session, ids))


async def _mine(session: Session, id_: UUID, person: UUID) -> Job:
    job = await store.locked(session, id_, person)
    if job is None:
        raise NotFound("bulk_job")
    return job


def _offer(job: Job) -> str:
    return "offered" if bulk.RULES[Action(job.action)].changes else "no"


async def _tell(session: Session, job: UUID) -> None:
    await announce(session, actor=bulk_row.WORKER, bulk_jobs=[job])
