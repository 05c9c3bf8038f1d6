"""Guide: how far the first set-up has come, and how far its test message has."""

from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store.database import Session

Json = dict[str, object]


async def kept(session: Session) -> Json:
    """Return what is kept of the guide: steps done or skipped, closed, the test's arrival."""
    found = await session.execute("SELECT value FROM setting WHERE key = 'guide'")
    row = await found.fetchone()
    return dict(row[0]) if row else {}


async def keep(session: Session, value: Json) -> None:
    """Keep the guide's progress."""
    await session.execute(
        """INSERT INTO setting (key, value) VALUES ('guide', %s)
           ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = setting.version + 1,
               updated_at = now()""",
        [Jsonb(value)],
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is already."""

    departments: int
    brands: int
    accounts: int
    people: int
    agents: int
    cases: int


_FACTS: LiteralString = """
SELECT (SELECT count(*) FROM department), (SELECT count(*) FROM brand),
       (SELECT count(*) FROM channel_account),
       (SELECT count(*) FROM person WHERE NOT simulated AND state = 'active'),
       (SELECT count(*) FROM agent), (SELECT count(*) FROM (SELECT FROM case_ LIMIT 1000) c)"""


async def facts(session: Session) -> Facts:
    """Count what there is."""
    found = await session.execute(_FACTS)
    row = await found.fetchone()
    return Facts(*(row or (0, 0, 0, 0, 0, 0)))


_WAY: LiteralString = """
SELECT v.received_at AS arrived, CASE WHEN v.state = 'read' THEN m.at END AS read,
       c.id AS case_id, c.reference, c.opened_at AS opened, w.created_at AS queued,
       q.name AS queue, o.made_at AS offered, p.name AS agent,
       (SELECT min(a.at) FROM message a
         WHERE a.interaction_id = i.id AND a.kind = 'out' AND a.author_kind = 'person') AS answered
  FROM arrival v
  LEFT JOIN message m ON m.arrival_id = v.id AND m.kind = 'in'
  LEFT JOIN interaction i ON i.id = m.interaction_id
  LEFT JOIN case_ c ON c.id = i.case_id
  LEFT JOIN LATERAL (SELECT * FROM work_item w WHERE w.interaction_id = i.id
                      ORDER BY w.created_at LIMIT 1) w ON true
  LEFT JOIN queue q ON q.id = w.queue_id
  LEFT JOIN LATERAL (SELECT * FROM offer o WHERE o.work_item_id = w.id
                      ORDER BY o.made_at LIMIT 1) o ON true
  LEFT JOIN person p ON p.id = coalesce(o.agent_id, w.agent_id)
 WHERE v.id = %s"""


async def way(session: Session, arrival: UUID) -> Json | None:
    """Return how far a message has come, stage by stage with its moment; None when unknown."""
    found = await session.execute(_WAY, [arrival])
    row = await found.fetchone()
    if row is None or found.description is None:
        return None
    return {column.name: value for column, value in zip(found.description, row, strict=True)}
