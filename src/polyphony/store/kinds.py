"""Kinds: kinds of Cases and their processes, version by version; what is published stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store.configuration import Noun
from polyphony.store.database import Session, row, rows

Json = dict[str, object]

CASE_KIND = Noun(
    "case_kind",
    "case_kind",
    {
        "key": "text",
        "name": "jsonb",
        "department_id": "uuid",
        "complaint": "boolean",
        "deadline": "text",
        "visibility": "text",
    },
    order="x.key",
    unique="key",
)


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """One version of a process; ``running`` is how many open Cases go by it."""

    id: UUID
    kind_id: UUID
    no: int
    state: str
    steps: list[Json]
    by_id: UUID | None
    by_name: str | None
    at: datetime
    published_at: datetime | None
    version: int
    running: int


_SELECT = """SELECT p.id, p.kind_id, p.no, p.state, p.steps, p.by_id, n.name AS by_name, p.at,
       p.published_at, p.version,
       (SELECT count(DISTINCT s.run_id) FROM case_step s WHERE s.process_id = p.id
           AND s.state IN ('todo', 'active', 'waiting')) AS running
  FROM process p LEFT JOIN person n ON n.id = p.by_id"""


async def processes(session: Session, kind: UUID | None = None) -> list[ProcessRow]:
    """Return the versions of processes, newest first, of one kind or of all."""
    return await rows(
        session,
        _SELECT + " WHERE %(kind)s::uuid IS NULL OR p.kind_id = %(kind)s"
        " ORDER BY p.kind_id, p.no DESC LIMIT 500",
        {"kind": kind},
        ProcessRow,
    )


async def process(session: Session, id_: UUID) -> ProcessRow | None:
    """Return one version of a process."""
    return await row(session, _SELECT + " WHERE p.id = %s", [id_], ProcessRow)


async def published(session: Session, kind: UUID) -> ProcessRow | None:
    """Return the process new Cases of a kind begin with."""
    return await row(
        session,
        _SELECT + " WHERE p.kind_id = %s AND p.state = 'published'",
        [kind],
        ProcessRow,
    )


async def plans(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Json]]:
    """Return the steps of versions as they were designed."""
    found = await session.execute("SELECT id, steps FROM process WHERE id = ANY(%s)", [list(ids)])
    return dict(await found.fetchall())


async def draft(
    session: Session, id_: UUID, kind: UUID, steps: Sequence[Json], by: UUID | None, at: datetime
) -> UUID:
    """Keep the draft of a kind: a new one, or the present one with other steps; return its id."""
    await session.execute("SELECT FROM case_kind WHERE id = %s FOR UPDATE", [kind])
    found = await session.execute(
        """INSERT INTO process (id, kind_id, no, state, steps, by_id, at)
           SELECT %(id)s, %(kind)s, coalesce(max(no), 0) + 1, 'draft', %(steps)s, %(by)s, %(at)s
             FROM process WHERE kind_id = %(kind)s
               ON CONFLICT (kind_id) WHERE state = 'draft' DO UPDATE
                  SET steps = excluded.steps, by_id = excluded.by_id, at = excluded.at,
                      version = process.version + 1
        RETURNING id""",
        {"id": id_, "kind": kind, "steps": Jsonb(list(steps)), "by": by, "at": at},
    )
    kept = await found.fetchone()
    return kept[0] if kept else id_


async def publish(session: Session, id_: UUID, at: datetime) -> bool:
    """Let new Cases begin with a draft; what was published before is retired; False = no draft."""
    await session.execute(
        """UPDATE process SET state = 'retired', version = version + 1
            WHERE state = 'published' AND kind_id = (
                  SELECT kind_id FROM process WHERE id = %s AND state = 'draft')""",
        [id_],
    )
    found = await session.execute(
        "UPDATE process SET state = 'published', published_at = %s, version = version + 1"
        " WHERE id = %s AND state = 'draft'",
        [at, id_],
    )
    return found.rowcount == 1


async def drop_draft(session: Session, kind: UUID) -> bool:
    """Throw the draft of a kind away."""
    found = await session.execute(
        "DELETE FROM process WHERE kind_id = %s AND state = 'draft'", [kind]
    )
    return found.rowcount == 1


async def set_kind(session: Session, case: UUID, kind: UUID | None) -> None:
    """Write which kind a Case (locked) is of; its class of visibility may follow."""
    await session.execute(
        """UPDATE case_ c SET kind_id = k.id, kind = coalesce(k.key, 'request'),
                  visibility = coalesce(k.visibility, c.visibility)
             FROM (SELECT 1) x LEFT JOIN case_kind k ON k.id = %s WHERE c.id = %s""",
        [kind, case],
    )


async def deadline_of(session: Session, case: UUID) -> str | None:
    """Return the template of a legal deadline the kind of a Case brought with it."""
    found = await session.execute(
        "SELECT k.deadline FROM case_ c JOIN case_kind k ON k.id = c.kind_id WHERE c.id = %s",
        [case],
    )
    row = await found.fetchone()
    return row[0] if row else None


async def of_steps(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the kinds of steps."""
    found = await session.execute("SELECT id, kind FROM case_step WHERE id = ANY(%s)", [list(ids)])
    return dict(await found.fetchall())
