"""SLA: policies and ladders as they hold now, the choice of a person, rungs that fired."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.domain import escalation
from polyphony.domain.deadline import Template, template_of
from polyphony.domain.escalation import Ladder
from polyphony.domain.sla_policy import Policies, Policy, scope_of, targets_of
from polyphony.store import clocks, columns
from polyphony.store.clocks import CalendarRow
from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that may be promised: policies, their ladders, the calendars some of them name."""

    policies: Policies = field(default_factory=Policies)
    ladders: Mapping[UUID, Ladder] | None = None
    calendars: Mapping[UUID, CalendarRow] | None = None

    def ladder(self, id_: UUID | None) -> Ladder | None:
        """Return a ladder; None when there is none (any more)."""
        return None if id_ is None else (self.ladders or {}).get(id_)


NOTHING = Book()


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    name: str
    rank: int
    scope: Mapping[str, list[str]]
    targets: Mapping[str, int]
    pauses: list[str]
    warn_pct: int
    on_change: str
    calendar_id: UUID | None
    escalation_id: UUID | None


# Customers named before they were joined with others are who they are now.
_POLICIES = """
SELECT id, name, rank, CASE WHEN scope ? 'customers' THEN jsonb_set(scope, '{customers}', (
           SELECT coalesce(jsonb_agg(DISTINCT coalesce(k.merged_into::text, x)), '[]')
             FROM jsonb_array_elements_text(scope->'customers') x
             LEFT JOIN customer k ON k.id = x::uuid)) ELSE scope END AS scope, targets,
       pauses, warn_pct, on_change, calendar_id, escalation_id
  FROM sla_policy WHERE active ORDER BY rank, id"""


async def book(session: Session) -> Book:
    """Read what may be promised; where there are no policies that is one statement."""
    found = await rows(session, _POLICIES, None, _Row)
    if not found:
        return NOTHING
    known = await ladders(session, [one.escalation_id for one in found if one.escalation_id])
    named = sorted({one.calendar_id for one in found if one.calendar_id})
    hours = await clocks.calendars(session, named) if named else {}
    return Book(Policies.of(map(_policy, found)), known, hours)


async def any_policy(session: Session) -> bool:
    """Tell whether any policy is in force."""
    found = await session.execute("SELECT FROM sla_policy WHERE active LIMIT 1")
    return await found.fetchone() is not None


def _policy(row: _Row) -> Policy:
    return Policy(
        row.id,
        row.name,
        row.rank,
        scope_of(row.scope),
        targets_of(row.targets),
        frozenset(row.pauses),
        row.warn_pct,
        row.on_change,
        row.calendar_id,
        row.escalation_id,
    )


async def ladders(session: Session, ids: Sequence[UUID]) -> dict[UUID, Ladder]:
    """Return ladders by id."""
    if not ids:
        return {}
    found = await session.execute(
        "SELECT id, name, steps FROM escalation WHERE id = ANY(%s)", [sorted(set(ids))]
    )
    return {
        id_: escalation.ladder_of(id_, name, steps) for id_, name, steps in await found.fetchall()
    }


@dataclass(frozen=True, slots=True)
class Around:
    """What the choice of a policy must know of a Case and the Interaction its work hangs on."""

    case_id: UUID
    interaction_id: UUID
    channel_kind: str
    tier: str
    kind: str
    customer_id: UUID
    queue_id: UUID
    account_id: UUID
    hand: UUID | None


_AROUND: LiteralString = """
SELECT DISTINCT ON (c.id) c.id AS case_id, i.id AS interaction_id, i.channel_kind,
       coalesce(w.tier, k.tier) AS tier, c.kind, k.id AS customer_id,
       coalesce(w.queue_id, a.default_queue, d.triage_queue) AS queue_id, i.account_id,
       c.sla_policy_id AS hand
  FROM case_ c
  JOIN department d ON d.id = c.department_id
  JOIN record r ON r.id = c.record_id
  JOIN customer k ON k.id = r.customer_id
  JOIN interaction i ON i.case_id = c.id
  JOIN channel_account a ON a.id = i.account_id
  LEFT JOIN work_item w ON w.interaction_id = i.id
 WHERE c.id = ANY(%s)
 ORDER BY c.id, (w.state NOT IN ('done', 'cancelled')) DESC NULLS LAST, i.opened_at DESC, i.id,
          w.created_at DESC"""


async def around(session: Session, cases: Sequence[UUID]) -> dict[UUID, Around]:
    """Return what the choice must know, by Case: of its newest Interaction that has live work."""
    found = await rows(session, _AROUND, [list(cases)], Around)
    return {one.case_id: one for one in found}


async def set_by_hand(
    session: Session, case: UUID, policy: UUID | None, reason: str, by: UUID | None
) -> None:
    """Keep which policy a person chose for a Case (locked), and why; None = none any more."""
    await session.execute(
        "UPDATE case_ SET sla_policy_id = %s, sla_reason = %s, sla_by = %s WHERE id = %s",
        [policy, reason or None, by if policy else None, case],
    )


async def owe(session: Session, items: Sequence[tuple[UUID, int, datetime | None]]) -> list[UUID]:
    """Give live work a new target (ms) and deadline; return what changed."""
    if not items:
        return []
    found = await session.execute(
        """UPDATE work_item w SET target_ms = n.target, due_at = n.due, version = w.version + 1
             FROM unnest(%s::uuid[], %s::bigint[], %s::timestamptz[]) AS n (id, target, due)
            WHERE w.id = n.id AND w.state NOT IN ('done', 'cancelled')
              AND (w.target_ms, w.due_at) IS DISTINCT FROM (n.target, n.due) RETURNING w.id""",
        [[one[part] for one in sorted(items)] for part in range(3)],
    )
    return sorted(one[0] for one in await found.fetchall())


# ── rungs ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Run:
    """One rung of one clock that fired."""

    id: UUID
    clock_id: UUID
    step: int
    round: int
    case_id: UUID
    at: datetime
    action: str
    outcome: dict[str, object]
    answerable: bool = False
    ack_at: datetime | None = None
    ack_by: UUID | None = None


_RUN: columns.Shape = {
    "id": "uuid",
    "clock_id": "uuid",
    "step": "int",
    "round": "int",
    "case_id": "uuid",
    "at": "timestamptz",
    "action": "text",
    "outcome": "jsonb",
    "answerable": "bool",
}
_ADD_RUN = columns.insert("escalation_run", _RUN, "ON CONFLICT (clock_id, step, round) DO NOTHING")
# Of the Case its clock counts for now: a merge moves clocks.
_RUNS: LiteralString = """
SELECT r.id, r.clock_id, r.step, r.round, c.case_id, r.at, r.action, r.outcome, r.answerable,
       r.ack_at, r.ack_by
  FROM escalation_run r JOIN sla_clock c ON c.id = r.clock_id WHERE """


async def add_runs(session: Session, batch: Sequence[Run]) -> set[UUID]:
    """Note rungs that fire, each once for ever; return those that were not noted before."""
    if not batch:
        return set()
    found = await session.execute(f"{_ADD_RUN} RETURNING id", columns.params(_RUN, batch))
    return {one[0] for one in await found.fetchall()}


async def say(session: Session, outcomes: Mapping[UUID, Mapping[str, object]]) -> None:
    """Keep what came of rungs that fired."""
    if outcomes:
        await session.execute(
            "UPDATE escalation_run r SET outcome = n.outcome"
            " FROM unnest(%s::uuid[], %s::jsonb[]) AS n (id, outcome) WHERE r.id = n.id",
            [list(outcomes), [Jsonb(dict(one)) for one in outcomes.values()]],
        )


async def run(session: Session, id_: UUID, *, lock: bool = False) -> Run | None:
    """Return one rung that fired."""
    query: LiteralString = _RUNS + "r.id = %s"
    found = await rows(session, query + (" FOR UPDATE OF r" if lock else ""), [id_], Run)
    return found[0] if found else None


async def runs(session: Session, case: UUID) -> list[Run]:
    """Return the rungs of a Case, newest first."""
    query: LiteralString = _RUNS + "c.case_id = %s ORDER BY r.at DESC, r.id DESC LIMIT 50"
    return await rows(session, query, [case], Run)


async def acknowledge(session: Session, id_: UUID, by: UUID, at: datetime) -> None:
    """Say that somebody has it: nothing more fires for that clock."""
    await session.execute(
        "UPDATE escalation_run SET ack_at = %s, ack_by = %s, version = version + 1 WHERE id = %s",
        [at, by, id_],
    )
    await session.execute(
        "UPDATE sla_clock SET escalate_at = NULL, rung_ms = NULL, version = version + 1"
        " WHERE id = (SELECT clock_id FROM escalation_run WHERE id = %s)",
        [id_],
    )


# ── deadlines of the law ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _TemplateRow:
    key: str
    rule: Mapping[str, object]
    unverified: bool
    escalation_id: UUID | None


async def templates(session: Session) -> dict[str, tuple[Template, UUID | None]]:
    """Return the deadline templates of the house, each with its ladder."""
    found = await rows(
        session,
        "SELECT key, rule, unverified, escalation_id FROM deadline_template ORDER BY key",
        None,
        _TemplateRow,
    )
    return {
        one.key: (template_of(one.key, one.rule, unverified=one.unverified), one.escalation_id)
        for one in found
    }


@dataclass(frozen=True, slots=True)
class Legal:
    """Until when the law wants an answer to a Case; no key = it wants nothing."""

    case_id: UUID
    key: str | None
    due_at: datetime | None
    extended: bool = False


_LEGAL: columns.Shape = {
    "case_id": "uuid",
    "key": "text",
    "due_at": "timestamptz",
    "extended": "bool",
}
_SET_LEGAL: LiteralString = f"""
UPDATE case_ c SET legal_template = n.key, legal_due_at = n.due_at, legal_extended = n.extended
  FROM {columns.source(_LEGAL)} WHERE c.id = n.case_id"""


async def set_legal(session: Session, batch: Sequence[Legal]) -> None:
    """Keep until when the law wants an answer to Cases (locked)."""
    if batch:
        await session.execute(_SET_LEGAL, columns.params(_LEGAL, batch))


@dataclass(frozen=True, slots=True)
class Said:
    """What was decided about a Case by hand: its policy with reason and author, the law's date."""

    policy_id: UUID | None
    reason: str | None
    by_name: str | None
    template: str | None
    due_at: datetime | None
    extended: bool
    opened_at: datetime


async def said(session: Session, case: UUID) -> Said | None:
    """Return what was decided about a Case by hand and by law."""
    found = await rows(
        session,
        "SELECT c.sla_policy_id AS policy_id, c.sla_reason AS reason, p.name AS by_name,"
        " c.legal_template AS template, c.legal_due_at AS due_at, c.legal_extended AS extended,"
        " c.opened_at FROM case_ c LEFT JOIN person p ON p.id = c.sla_by WHERE c.id = %s",
        [case],
        Said,
    )
    return found[0] if found else None
