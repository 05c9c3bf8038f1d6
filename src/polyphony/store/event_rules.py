"""Event rules: saved versions, what they did, which are off, and what they may know of a Case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.domain.errors import Invalid
from polyphony.domain.event_rule import EventRule, one_of
from polyphony.domain.permission import Scope
from polyphony.domain.role import Right
from polyphony.store.database import Session, rows
from polyphony.store.visibility import visible_to

Json = dict[str, object]


async def lines(session: Session) -> tuple[int, list[Json]]:
    """Return version and lines of the set in force; version 0 when there is none."""
    found = await session.execute(
        "SELECT version, rules FROM event_rule_set ORDER BY version DESC LIMIT 1"
    )
    row = await found.fetchone()
    return (int(row[0]), list(row[1])) if row else (0, [])


_compiled: dict[tuple[str, int], tuple[EventRule, ...]] = {}


async def current(session: Session) -> tuple[int, tuple[EventRule, ...]]:
    """Return version and rules in force that are awake; one that reads no more counts as none."""
    found = await session.execute(
        """SELECT s.version, ARRAY(SELECT o.rule FROM event_rule_off o WHERE o.version = s.version)
             FROM event_rule_set s ORDER BY s.version DESC LIMIT 1"""
    )
    row = await found.fetchone()
    if row is None:
        return 0, ()
    version, off = int(row[0]), set(row[1])
    key = (str(session.info.dbname), version)
    if key not in _compiled:
        _compiled.clear()
        _compiled[key] = _read((await lines(session))[1])
    return version, tuple(one for one in _compiled[key] if one.active and one.id not in off)


def _read(raw: Sequence[Json]) -> tuple[EventRule, ...]:
    good = []
    for number, one in enumerate(raw, 1):
        try:
            good.append(one_of(number, one))
        except Invalid:  # saved by an older release, or by hand: it must not take the others along
            continue
    return tuple(good)


async def add(
    session: Session, raw: Sequence[Mapping[str, object]], by: UUID | None, expected: int
) -> int | None:
    """Add a set; None when somebody else added one since ``expected``. What was off is awake."""
    await session.execute("SELECT pg_advisory_xact_lock(7065646)")
    found = await session.execute(
        """INSERT INTO event_rule_set (rules, by) SELECT %s, %s
            WHERE coalesce((SELECT max(version) FROM event_rule_set), 0) = %s RETURNING version""",
        [Jsonb(list(raw)), by, expected],
    )
    row = await found.fetchone()
    return int(row[0]) if row else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one rule fares: what it did in 7 days, when last, and why it is off (None: it is on)."""

    rule: str
    done: int
    errors: int
    loops: int
    last_at: datetime | None
    off_at: datetime | None
    detail: str | None


async def standings(session: Session, version: int) -> list[Standing]:
    """Return how the rules fared in the last 7 days."""
    return await rows(
        session,
        """SELECT coalesce(r.rule, o.rule) AS rule, coalesce(r.done, 0) AS done,
                  coalesce(r.errors, 0) AS errors, coalesce(r.loops, 0) AS loops, r.last_at,
                  o.off_at, coalesce(o.detail, r.detail) AS detail
             FROM (SELECT rule, count(*) FILTER (WHERE outcome = 'done') AS done,
                          count(*) FILTER (WHERE outcome = 'error') AS errors,
                          count(*) FILTER (WHERE outcome = 'loop') AS loops, max(at) AS last_at,
                          (array_agg(detail ORDER BY at DESC)
                             FILTER (WHERE outcome = 'error'))[1] AS detail
                     FROM event_rule_run WHERE at > now() - interval '7 days' GROUP BY rule) r
             FULL JOIN (SELECT * FROM event_rule_off WHERE version = %s) o ON o.rule = r.rule
            ORDER BY 1""",
        [version],
        Standing,
    )


@dataclass(frozen=True, slots=True)
class RunRow:
    """What became of one rule and one event; ``cid`` marks everything it caused."""

    rule: str
    event_id: int
    epoch: int
    at: datetime
    case_id: UUID
    cid: UUID
    depth: int
    outcome: str
    detail: str = ""


async def begin(session: Session, run: RunRow) -> bool:
    """Note a run before it is done; False when this rule saw this event before."""
    found = await session.execute(
        "INSERT INTO event_rule_run (rule, event_id, epoch, at, case_id, cid, depth, outcome,"
        " detail) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [
            *(run.rule, run.event_id, run.epoch, run.at, run.case_id, run.cid, run.depth),
            *(run.outcome, run.detail[:500]),
        ],
    )
    return found.rowcount == 1


async def failed(session: Session, run: RunRow, detail: str) -> None:
    """Note that a run failed after all."""
    await session.execute(
        "UPDATE event_rule_run SET outcome = 'error', detail = %s"
        " WHERE rule = %s AND event_id = %s AND epoch = %s",
        [detail[:500], run.rule, run.event_id, run.epoch],
    )


async def errors_of(session: Session, rule: str, version: int) -> int:
    """Count the errors of a rule since its set is in force."""
    found = await session.execute(
        "SELECT count(*) FROM event_rule_run r JOIN event_rule_set s ON s.version = %s"
        " WHERE r.rule = %s AND r.outcome = 'error' AND r.at >= s.active_from",
        [version, rule],
    )
    row = await found.fetchone()
    return int(row[0]) if row else 0


async def switch_off(session: Session, rule: str, version: int, detail: str, at: datetime) -> bool:
    """Switch a rule off until its set is saved anew; False when it was off."""
    found = await session.execute(
        "INSERT INTO event_rule_off (rule, off_at, version, detail) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (rule) DO UPDATE SET off_at = excluded.off_at, version = excluded.version,"
        " detail = excluded.detail WHERE event_rule_off.version <> excluded.version",
        [rule, at, version, detail[:500]],
    )
    return found.rowcount == 1


async def depth_of(session: Session, cid: UUID | None) -> int:
    """Return how many rules in a row led to what bears this mark; 0: a person or the world did."""
    if cid is None:
        return 0
    found = await session.execute("SELECT max(depth) FROM event_rule_run WHERE cid = %s", [cid])
    row = await found.fetchone()
    return int(row[0] or 0) if row else 0


async def prune(session: Session, before: datetime) -> None:
    """Forget runs older than a moment: no event so old is read again."""
    await session.execute("DELETE FROM event_rule_run WHERE at < %s", [before])


# ── what a rule may know ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Known:
    """A Case as event rules know it."""

    case_id: UUID
    reference: str
    state: str
    kind: str
    priority: str
    language: str
    complaint: bool
    channel: str
    title: str
    department: str
    owned: bool
    age_h: int
    tags: list[str]
    tier: str
    customer_language: str
    customer_name: str
    work_queue: str
    work_channel: str
    work_state: str
    work_tier: str
    text: str
    subject: str
    automated: str


_KNOWN: LiteralString = """
SELECT c.id AS case_id, c.reference, c.state, c.kind, c.priority,
       coalesce(c.language, '') AS language, coalesce(g.complaint, false) AS complaint,
       c.opened_via AS channel, c.title, d.name AS department, c.owner_id IS NOT NULL AS owned,
       floor(extract(epoch FROM %(at)s::timestamptz - c.opened_at) / 3600)::int AS age_h, c.tags,
       k.tier, coalesce(k.language, '') AS customer_language, k.name AS customer_name,
       coalesce(q.name, '') AS work_queue, coalesce(w.channel_kind, '') AS work_channel,
       coalesce(w.state, '') AS work_state, coalesce(w.tier, '') AS work_tier,
       coalesce(m.text, '') AS text, coalesce(m.subject, '') AS subject,
       coalesce(m.automated, '') AS automated
  FROM unnest(%(ids)s::uuid[]) AS n (id)
  JOIN case_ c ON c.id = n.id AND {seen}
  JOIN department d ON d.id = c.department_id
  JOIN record r ON r.id = c.record_id
  JOIN customer k ON k.id = r.customer_id
  LEFT JOIN case_kind g ON g.id = c.kind_id
  LEFT JOIN LATERAL (SELECT * FROM work_item x WHERE x.case_id = c.id
                        AND x.state NOT IN ('done', 'cancelled')
                      ORDER BY x.created_at DESC, x.id DESC LIMIT 1) w ON true
  LEFT JOIN queue q ON q.id = w.queue_id
  LEFT JOIN LATERAL (SELECT left(x.text, 20000) AS text, x.subject, x.automated
                       FROM interaction i JOIN message x ON x.interaction_id = i.id
                      WHERE i.case_id = c.id AND x.kind = 'in'
                      ORDER BY x.position DESC LIMIT 1) m ON true"""


async def known(
    session: Session, cases: Sequence[UUID], at: datetime, scope: Scope
) -> dict[UUID, Known]:
    """Return what rules may know of Cases the actor sees."""
    seen, params = visible_to(scope)
    query: LiteralString = _KNOWN.replace("{seen}", seen)
    found = await rows(session, query, {"ids": list(cases), "at": at, **params}, Known)
    return {one.case_id: one for one in found}


@dataclass(frozen=True, slots=True)
class Past:
    """An event of the last days, for a dry run."""

    id: int
    at: datetime
    type: str
    case_id: UUID
    payload: Json | None


async def past(
    session: Session, scope: Scope, types: Sequence[str], since: datetime, limit: int
) -> list[Past]:
    """Return events of some types since a moment, of Cases the actor sees, newest first."""
    seen, params = visible_to(scope)
    query: LiteralString = f"""SELECT e.id, e.at, e.type, e.case_id, e.payload FROM event e
             JOIN case_ c ON c.id = e.case_id
            WHERE e.at >= %(since)s AND e.type = ANY(%(types)s) AND {seen}
            ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s"""
    found = {"since": since, "types": list(types), "limit": limit, **params}
    return await rows(session, query, found, Past)


async def keepers(session: Session) -> list[UUID]:
    """Return active people who may change rules: whoever is told when one is switched off."""
    found = await session.execute(
        """SELECT DISTINCT p.id FROM person p JOIN person_role r ON r.person_id = p.id
             JOIN role o ON o.key = r.role
            WHERE p.state = 'active' AND NOT p.simulated AND %s = ANY(o.rights) ORDER BY p.id""",
        [Right.RULES.value],
    )
    return [one[0] for one in await found.fetchall()]


async def heavier(
    session: Session,
    case: UUID,
    tier: str | None,
    need: Json | None,
) -> list[UUID]:
    """Give waiting work of a Case (locked) another tier or one more need; return what changed."""
    found = await session.execute(
        """UPDATE work_item SET version = version + 1, tier = coalesce(%(tier)s, tier),
                  requirements = CASE WHEN %(need)s::jsonb IS NULL THEN requirements ELSE
                      coalesce((SELECT jsonb_agg(x) FROM jsonb_array_elements(requirements) x
                                 WHERE x ->> 'skill' <> %(need)s::jsonb ->> 'skill'), '[]')
                      || jsonb_build_array(%(need)s::jsonb) END
            WHERE id IN (SELECT id FROM work_item WHERE case_id = %(case)s AND state = 'waiting'
                          ORDER BY id FOR NO KEY UPDATE) RETURNING id""",
        {"case": case, "tier": tier, "need": None if need is None else Jsonb(need)},
    )
    return [one[0] for one in await found.fetchall()]
