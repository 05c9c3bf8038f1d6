"""Steps: the steps of running Cases, the work they ask for, and the moments they wait for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns, wake
from polyphony.store.database import Session, row, rows
from polyphony.store.keys import keys

KIND = "case_step"
"""The kind of timer that ends the waiting of a step."""


@dataclass(slots=True)
class StepRow:
    """A step as a flow works on it, with its live WorkItem (or None); ``save`` writes it back."""

    id: UUID
    case_id: UUID
    run_id: UUID
    process_id: UUID
    key: str
    title: str
    kind: str
    position: int
    state_since: datetime
    titles: dict[str, object] = field(default_factory=dict)
    state: str = "todo"
    why: str = ""
    reason: str = ""
    came_case_id: UUID | None = None
    group_key: str = ""
    queue_id: UUID | None = None
    requirements: list[dict[str, object]] = field(default_factory=list)
    target_s: int | None = None
    approvals: int = 1
    approved: list[UUID] = field(default_factory=list)
    checklist: list[dict[str, object]] = field(default_factory=list)
    form: list[dict[str, object]] = field(default_factory=list)
    answers: dict[str, object] = field(default_factory=dict)
    rounds: int = 0
    owner_id: UUID | None = None
    due_at: datetime | None = None
    done_by: UUID | None = None
    done_at: datetime | None = None
    version: int = 1
    work_id: UUID | None = None
    work_state: str | None = None
    work_agent: UUID | None = None


_FIXED: columns.Shape = {
    "id": "uuid",
    "case_id": "uuid",
    "run_id": "uuid",
    "process_id": "uuid",
    "key": "text",
    "title": "text",
    "titles": "jsonb",
    "kind": "text",
    "position": "int",
    "group_key": "text",
    "queue_id": "uuid",
    "requirements": "jsonb",
    "target_s": "int",
    "approvals": "int",
    "form": "jsonb",
}
_MOVING: columns.Shape = {
    "state": "text",
    "state_since": "timestamptz",
    "why": "text",
    "reason": "text",
    "approved": "jsonb",
    "checklist": "jsonb",
    "answers": "jsonb",
    "rounds": "int",
    "owner_id": "uuid",
    "due_at": "timestamptz",
    "done_by": "uuid",
    "done_at": "timestamptz",
}
_NEW: columns.Shape = {**_FIXED, **_MOVING}
_SAVED: columns.Shape = {"id": "uuid", "version": "bigint", **_MOVING}
_UUIDS: LiteralString = "ARRAY(SELECT x::uuid FROM jsonb_array_elements_text(n.approved) x)"
_NAMES: LiteralString = ", ".join(_NEW)
_VALUES: LiteralString = ", ".join(_UUIDS if name == "approved" else f"n.{name}" for name in _NEW)
_ADD: LiteralString = (
    f"INSERT INTO case_step ({_NAMES}) SELECT {_VALUES} FROM {columns.source(_NEW)}"
)
_SET: LiteralString = ", ".join(
    f"{name} = {_UUIDS}" if name == "approved" else f"{name} = n.{name}" for name in _MOVING
)
_SAVE: LiteralString = f"""
UPDATE case_step s SET version = s.version + 1, {_SET}
  FROM {columns.source(_SAVED)} WHERE s.id = n.id AND s.version = n.version RETURNING s.id"""
_COLUMNS: LiteralString = (
    "s.id, s.case_id, s.run_id, s.process_id, s.key, s.title, s.titles, s.kind, s.position,"
    " s.state_since, s.state, s.why, s.reason, s.came_case_id, s.group_key, s.queue_id,"
    " s.requirements, s.target_s, s.approvals, s.approved,"
    " s.checklist, s.form, s.answers, s.rounds, s.owner_id, s.due_at, s.done_by, s.done_at,"
    " s.version, w.id AS work_id, w.state AS work_state, w.agent_id AS work_agent"
)
_FROM: LiteralString = (
    " FROM case_step s LEFT JOIN work_item w ON w.step_id = s.id"
    " AND w.state NOT IN ('done', 'cancelled') "
)


async def add(session: Session, batch: Sequence[StepRow]) -> None:
    """Add the steps of a run that begins."""
    await columns.add(session, _ADD, _NEW, batch)


async def save(session: Session, batch: Sequence[StepRow]) -> set[UUID]:
    """Write changed steps, each version one up; return those whose version was as read."""
    if not batch:
        return set()
    found = await session.execute(_SAVE, columns.params(_SAVED, batch))
    return {one[0] for one in await found.fetchall()}


async def of_cases(session: Session, cases: Sequence[UUID]) -> list[StepRow]:
    """Return all steps of Cases, run by run, in the order of their process."""
    query: LiteralString = (
        f"SELECT {_COLUMNS}{_FROM} WHERE s.case_id = ANY(%s) ORDER BY s.run_id, s.position"
    )
    return await rows(session, query, [list(cases)], StepRow)


async def case_of(session: Session, step: UUID) -> UUID | None:
    """Return the Case a step belongs to now."""
    found = await (
        await session.execute("SELECT case_id FROM case_step WHERE id = %s", [step])
    ).fetchone()
    return found[0] if found else None


async def ids_of(session: Session, case: UUID) -> list[UUID]:
    """Return the steps of a Case, run by run."""
    found = await session.execute(
        "SELECT id FROM case_step WHERE case_id = %s ORDER BY run_id, position", [case]
    )
    return [one[0] for one in await found.fetchall()]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step is: its Case, the Queue it waits in, who has it in his hands."""

    case_id: UUID
    queue_id: UUID | None
    agent_id: UUID | None


async def place_of(session: Session, step: UUID) -> Place | None:
    """Return where a step is."""
    return await row(
        session,
        "SELECT s.case_id, coalesce(w.queue_id, s.queue_id) AS queue_id, w.agent_id"
        f"{_FROM} WHERE s.id = %s",
        [step],
        Place,
    )


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step of a Case that is not over, with its live WorkItem (or None)."""

    case_id: UUID
    id: UUID
    state: str
    kind: str
    title: str
    work_id: UUID | None
    work_state: str | None
    work_agent: UUID | None = None
    position: int = 0


async def open_of(session: Session, cases: Sequence[UUID]) -> list[OpenStep]:
    """Return what keeps Cases open beside Interactions: steps to be done, callbacks with work."""
    return await rows(
        session,
        f"SELECT s.case_id, s.id, s.state, s.kind, s.title, w.id AS work_id,"
        f" w.state AS work_state, w.agent_id AS work_agent, s.position {_FROM}"
        " WHERE s.case_id = ANY(%(cases)s) AND s.state IN ('todo', 'active', 'waiting')"
        " UNION ALL SELECT w.case_id, w.callback_id, 'active', 'callback', '', w.id, w.state,"
        " w.agent_id, 32767 FROM work_item w WHERE w.case_id = ANY(%(cases)s)"
        " AND w.callback_id IS NOT NULL AND w.state NOT IN ('done', 'cancelled')"
        " ORDER BY case_id, position",
        {"cases": list(cases)},
        OpenStep,
    )


AtStep = tuple[UUID, UUID | None]
"""The Queue a step is worked on in, and who has it in his hands."""


async def queues_of(session: Session, cases: Sequence[UUID]) -> dict[UUID, AtStep]:
    """Return by Case the Queue of the step somebody works on now, and who that is."""
    found = await session.execute(
        "SELECT DISTINCT ON (s.case_id) s.case_id, coalesce(w.queue_id, s.queue_id), w.agent_id"
        f"{_FROM} WHERE s.case_id = ANY(%s) AND s.state = 'active' AND s.queue_id IS NOT NULL"
        " ORDER BY s.case_id, s.position",
        [list(cases)],
    )
    return {case: (queue, agent) for case, queue, agent in await found.fetchall()}


@dataclass(frozen=True, slots=True)
class About:
    """What conditions of a process may know of a Case and its customer."""

    kind: str
    priority: str
    language: str
    complaint: bool
    channel: str
    tags: list[str]
    tier: str
    customer_language: str
    customer_name: str


async def about(session: Session, case: UUID) -> About | None:
    """Return what conditions may know of a Case."""
    return await row(
        session,
        """SELECT c.kind, c.priority, coalesce(c.language, '') AS language,
                  coalesce(n.complaint, false) AS complaint, c.opened_via AS channel, c.tags,
                  k.tier, coalesce(k.language, '') AS customer_language, k.name AS customer_name
             FROM case_ c JOIN record r ON r.id = c.record_id
             JOIN customer k ON k.id = r.customer_id LEFT JOIN case_kind n ON n.id = c.kind_id
            WHERE c.id = %s""",
        [case],
        About,
    )


# ── work ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class StepWork:
    """A step that waits in a Queue from now on."""

    id: UUID
    case_id: UUID
    step_id: UUID
    queue_id: UUID
    units: int
    exclusive: bool
    target_ms: int
    due_at: datetime | None
    tier: str
    urgency: str
    requirements: object
    waiting_since: datetime
    sticky: UUID | None
    why_queue: object


_WORK: columns.Shape = {
    "id": "uuid",
    "case_id": "uuid",
    "step_id": "uuid",
    "queue_id": "uuid",
    "units": "int",
    "exclusive": "bool",
    "target_ms": "bigint",
    "due_at": "timestamptz",
    "tier": "text",
    "urgency": "text",
    "requirements": "jsonb",
    "waiting_since": "timestamptz",
    "sticky": "uuid",
    "why_queue": "jsonb",
}
_ADD_WORK: LiteralString = f"""
WITH n AS MATERIALIZED (SELECT * FROM {columns.source(_WORK)}),
     q AS (INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at, how)
           SELECT s.stay, n.id, n.queue_id, n.waiting_since, 'added'
             FROM n JOIN unnest(%(id)s::uuid[], %(stay)s::uuid[]) AS s (item, stay)
                    ON s.item = n.id)
INSERT INTO work_item (id, case_id, step_id, queue_id, units, exclusive, target_ms, due_at, tier,
                       urgency, requirements, waiting_since, sticky, why_queue, kind, channel_kind,
                       state_since, created_at)
SELECT n.*, 'case_step', 'case_step', n.waiting_since, n.waiting_since FROM n"""


async def add_work(
    session: Session, batch: Sequence[StepWork], unwanted: Mapping[UUID, Sequence[UUID]]
) -> None:
    """Put steps into their Queues; ``unwanted`` are people by WorkItem it is never offered to."""
    if not batch:
        return
    stays = keys(batch[0].waiting_since, len(batch))
    await session.execute(_ADD_WORK, {**columns.params(_WORK, batch), "stay": stays})
    pairs = [(item, agent) for item, people in unwanted.items() for agent in people]
    if pairs:
        await session.execute(
            """INSERT INTO exclusion (work_item_id, agent_id, until, reason)
               SELECT n.item, a.person_id, NULL, 'conflict'
                 FROM unnest(%s::uuid[], %s::uuid[]) AS n (item, agent)
                 JOIN agent a ON a.person_id = n.agent ON CONFLICT DO NOTHING""",
            [[item for item, _ in pairs], [agent for _, agent in pairs]],
        )
    wake.mark(session, "work")


async def rehouse(session: Session, source: UUID, target: UUID) -> list[tuple[UUID, UUID | None]]:
    """Let runs that are under way go on in another Case; return (step, its live WorkItem)."""
    found = await session.execute(
        """UPDATE case_step s SET case_id = %(target)s, came_case_id = %(source)s,
                  version = s.version + 1
            WHERE s.case_id = %(source)s AND s.run_id IN (
                  SELECT run_id FROM case_step WHERE case_id = %(source)s
                     AND state IN ('todo', 'active', 'waiting'))
        RETURNING s.id""",
        {"source": source, "target": target},
    )
    return await _work_along(session, [one[0] for one in await found.fetchall()], target)


async def return_to(session: Session, source: UUID, target: UUID) -> list[tuple[UUID, UUID | None]]:
    """Take steps back that came to ``target`` by a merge; return (step, its live WorkItem)."""
    found = await session.execute(
        """UPDATE case_step SET case_id = %(source)s, came_case_id = NULL, version = version + 1
            WHERE case_id = %(target)s AND came_case_id = %(source)s RETURNING id""",
        {"source": source, "target": target},
    )
    return await _work_along(session, [one[0] for one in await found.fetchall()], source)


async def _work_along(
    session: Session, steps: Sequence[UUID], case: UUID
) -> list[tuple[UUID, UUID | None]]:
    if not steps:
        return []
    found = await session.execute(
        """SELECT s.id, w.id FROM unnest(%s::uuid[]) AS s (id) LEFT JOIN work_item w
               ON w.step_id = s.id AND w.state NOT IN ('done', 'cancelled') ORDER BY s.id""",
        [list(steps)],
    )
    pairs: list[tuple[UUID, UUID | None]] = [(one, item) for one, item in await found.fetchall()]
    await session.execute(
        "UPDATE work_item SET case_id = %s WHERE step_id = ANY(%s)", [case, list(steps)]
    )
    return pairs


async def anybody_waits(session: Session) -> bool:
    """Tell whether some step waits for a customer to write."""
    found = await session.execute(
        "SELECT EXISTS (SELECT FROM case_step WHERE state = 'waiting' AND due_at IS NOT NULL"
        " AND kind = 'wait_customer')"
    )
    return bool((await found.fetchone() or (False,))[0])


# ── moments ─────────────────────────────────────────────────────────────────────────────────────


async def watch(session: Session, batch: Sequence[tuple[UUID, datetime]], at: datetime) -> None:
    """End the waiting of steps at a moment; a step has one such moment."""
    if not batch:
        return
    await session.execute(
        "INSERT INTO timer (id, due_at, kind, entity_id, key)"
        " SELECT n.id, n.due, %(kind)s, n.step, %(kind)s || ':' || n.step"
        "   FROM unnest(%(ids)s::uuid[], %(due)s::timestamptz[], %(step)s::uuid[])"
        "        AS n (id, due, step) ORDER BY n.step"
        " ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at",
        {
            "kind": KIND,
            "ids": keys(at, len(batch)),
            "due": [due for _, due in batch],
            "step": [one for one, _ in batch],
        },
    )
    wake.mark(session, "timers")


async def forget(session: Session, ids: Sequence[UUID]) -> None:
    """Drop the moments of steps that wait no longer."""
    if ids:
        await session.execute(
            "DELETE FROM timer WHERE kind = %s AND entity_id = ANY(%s)", [KIND, list(ids)]
        )
