"""Bulk: jobs over many Cases and their rows; what each row found and left, for the undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store import wake
from polyphony.store.database import Session, row, rows

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Job:
    """One job as its flow needs it; ``name`` is the one of the person it works for."""

    id: UUID
    person_id: UUID
    action: str
    args: Values
    state: str
    undo: str
    total: int
    cid: UUID | None
    ended_at: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One Case of a job, with what the job found and left there."""

    case_id: UUID
    state: str
    was: Values | None
    became: Values | None


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one row; ``why`` is the code of a refusal."""

    case_id: UUID
    state: str
    why: str | None = None
    was: Values | None = None
    became: Values | None = None


_JOB: LiteralString = (
    "j.id, j.person_id, j.action, j.args, j.state, j.undo, j.total, j.cid, j.ended_at,"
    " (SELECT p.name FROM person p WHERE p.id = j.person_id) AS name"
)


async def add(session: Session, job: Job, cases: Sequence[UUID], at: datetime) -> None:
    """Keep a job with its rows; the worker hears of it."""
    await session.execute(
        "INSERT INTO bulk_job (id, person_id, action, args, total, undo, cid, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [job.id, job.person_id, job.action, Jsonb(job.args), job.total, job.undo, job.cid, at],
    )
    await session.execute(
        "INSERT INTO bulk_row (job_id, case_id, ordinal)"
        " SELECT %s, x.id, x.n FROM unnest(%s::uuid[]) WITH ORDINALITY AS x (id, n)",
        [job.id, list(cases)],
    )
    wake.mark(session, "bulk")


async def take(session: Session) -> Job | None:
    """Lock the oldest job that has something to do; None when nobody's has, or all are taken."""
    return await row(
        session,
        f"""SELECT {_JOB} FROM bulk_job j
             WHERE state IN ('queued', 'running') OR undo = 'asked'
             ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED""",
        None,
        Job,
    )


async def locked(session: Session, id_: UUID, person: UUID) -> Job | None:
    """Lock a job of a person."""
    return await row(
        session,
        f"SELECT {_JOB} FROM bulk_job j WHERE id = %s AND person_id = %s FOR UPDATE",
        [id_, person],
        Job,
    )


async def waiting(session: Session, job: UUID, limit: int) -> list[Row]:
    """Return the next rows nothing was done with yet."""
    return await rows(
        session,
        "SELECT case_id, state, was, became FROM bulk_row"
        " WHERE job_id = %s AND state = 'waiting' ORDER BY ordinal LIMIT %s",
        [job, limit],
        Row,
    )


async def undoable(session: Session, job: UUID, limit: int) -> list[Row]:
    """Return the next rows to be undone, last done first."""
    return await rows(
        session,
        "SELECT case_id, state, was, became FROM bulk_row"
        " WHERE job_id = %s AND state = 'done' ORDER BY ordinal DESC LIMIT %s",
        [job, limit],
        Row,
    )


async def settle(session: Session, job: UUID, fates: Sequence[Fate]) -> None:
    """Write what became of rows and count it in the job, in the transaction that did it."""
    await session.execute(
        """UPDATE bulk_row r SET state = n.state, why = n.why, was = coalesce(n.was, r.was),
                  became = coalesce(n.became, r.became)
             FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::jsonb[], %s::jsonb[])
                  AS n (case_id, state, why, was, became)
            WHERE r.job_id = %s AND r.case_id = n.case_id""",
        [
            [one.case_id for one in fates],
            [one.state for one in fates],
            [one.why for one in fates],
            [None if one.was is None else Jsonb(one.was) for one in fates],
            [None if one.became is None else Jsonb(one.became) for one in fates],
            job,
        ],
    )
    counted = [sum(one.state == state for one in fates) for state in _COUNTED]
    await session.execute(
        "UPDATE bulk_job SET done = done + %s, failed = failed + %s, undone = undone + %s,"
        " kept = kept + %s, state = CASE WHEN state = 'queued' THEN 'running' ELSE state END,"
        " version = version + 1 WHERE id = %s",
        [*counted, job],
    )


_COUNTED = ("done", "failed", "undone", "kept")


async def end(session: Session, job: UUID, state: str, undo: str, at: datetime) -> None:
    """Write how a job, or its undo, ended."""
    await session.execute(
        "UPDATE bulk_job SET state = %s, undo = %s, ended_at = %s, version = version + 1"
        " WHERE id = %s",
        [state, undo, at, job],
    )


async def ask_undo(session: Session, job: UUID) -> None:
    """Have a job undone by the worker."""
    await session.execute(
        "UPDATE bulk_job SET undo = 'asked', version = version + 1 WHERE id = %s", [job]
    )
    wake.mark(session, "bulk")


_STILL: LiteralString = """
SELECT c.id, jsonb_build_object(
         'state', c.state, 'due_at', c.due_at, 'priority', c.priority, 'tags', c.tags,
         'owner', c.owner_id, 'merged_into', c.merged_into,
         'snooze', (SELECT jsonb_build_object('by', z.person_id, 'until', z.until, 'said', z.said)
                      FROM snooze z WHERE z.case_id = c.id),
         'work', coalesce((SELECT jsonb_agg(jsonb_build_object('id', w.id, 'state', w.state,
                    'queue_id', w.queue_id, 'agent_id', w.agent_id, 'wake_at', w.wake_at)
                    ORDER BY w.id)
                    FROM work_item w
                   WHERE w.case_id = c.id AND w.state NOT IN ('done', 'cancelled')), '[]'))
  FROM case_ c WHERE c.id = ANY(%s)"""


async def still(session: Session, cases: Sequence[UUID]) -> dict[UUID, dict[str, object]]:
    """Return the values jobs may change, as they are now."""
    found = await session.execute(_STILL, [list(cases)])
    return {UUID(str(case)): values for case, values in await found.fetchall()}


async def lock_cases(session: Session, cases: Sequence[UUID]) -> None:
    """Lock all Cases of a batch in the order of everybody, before anything else."""
    await session.execute(
        "SELECT FROM case_ WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [sorted(cases)]
    )


async def due(session: Session, case: UUID, at: datetime | None) -> None:
    """Let a Case (locked) that waits be due at a moment."""
    await session.execute(
        "UPDATE case_ SET due_at = %s, version = version + 1 WHERE id = %s", [at, case]
    )


async def give(session: Session, case: UUID, owner: UUID | None) -> None:
    """Let a Case (locked) be somebody's, or nobody's."""
    await session.execute(
        "UPDATE case_ SET owner_id = %s, version = version + 1 WHERE id = %s", [owner, case]
    )


async def failures(session: Session, job: UUID, limit: int = 200) -> list[dict[str, object]]:
    """Return the Cases a job could not change, each with the code of the reason."""
    found = await session.execute(
        """SELECT jsonb_build_object('case_id', c.id, 'title', c.title, 'why', r.why, 'reference',
                    substr(c.reference, 1, 2) || ' ' || substr(c.reference, 3, 4) || ' '
                    || substr(c.reference, 7))
             FROM bulk_row r JOIN case_ c ON c.id = r.case_id
            WHERE r.job_id = %s AND r.state IN ('failed', 'kept') ORDER BY r.ordinal LIMIT %s""",
        [job, limit],
    )
    return [one[0] for one in await found.fetchall()]


async def seen(session: Session, person: UUID, limit: int = 20) -> list[UUID]:
    """Return the newest jobs of a person."""
    found = await session.execute(
        "SELECT id FROM bulk_job WHERE person_id = %s ORDER BY created_at DESC LIMIT %s",
        [person, limit],
    )
    return [UUID(str(one)) for (one,) in await found.fetchall()]


async def of(session: Session, person: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the jobs that are a person's."""
    found = await session.execute(
        "SELECT id FROM bulk_job WHERE person_id = %s AND id = ANY(%s)", [person, list(ids)]
    )
    return {UUID(str(one)) for (one,) in await found.fetchall()}
