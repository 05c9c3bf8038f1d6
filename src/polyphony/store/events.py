"""Events: append facts in the transaction that makes them true; the log is never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import LiteralString
from uuid import UUID

from polyphony.domain.event import TYPES, Actor, NewEvent, Op
from polyphony.store import columns, wake
from polyphony.store.database import Session
from polyphony.store.projections import BY_ENTITY

__all__ = ["Actor", "Change", "NewEvent", "Op", "Seen", "append", "append_rows", "make_days"]

WHOLE_BYTES = 8_192
"""A payload above this travels as touch: id and version only."""

Seen = tuple[Sequence[str], UUID | None]
"""Who is told of something (the tags of its audience) and whose matter it is (a Customer)."""

COLUMNS: LiteralString = (
    "type, op, entity, entity_id, version, aud, aud_was, case_id, customer_id,"
    " actor_kind, actor_id, cid, payload"
)
"""What a statement fills in of an event."""

_SHAPE: columns.Shape = {
    "type": "text",
    "op": "int",
    "entity": "text",
    "entity_id": "uuid",
    "version": "bigint",
    "aud": "words",
    "aud_was": "words",
    "case_id": "uuid",
    "customer_id": "uuid",
    "actor_kind": "text",
    "actor_id": "uuid",
    "cid": "uuid",
    "payload": "jsonb",
}
_APPEND = columns.insert("event", _SHAPE)


async def append(session: Session, batch: Sequence[NewEvent]) -> None:
    """Append events in the order given: one statement for all."""
    if not batch:
        return
    await columns.add(session, _APPEND, _SHAPE, batch)
    wake.mark(session, "events")


@dataclass(frozen=True, slots=True)
class Change:
    """Entities of one kind that changed; ``types`` and ``was`` by id, else the default of TYPES."""

    entity: str
    ids: Sequence[UUID]
    types: Mapping[UUID | str, str] = field(default_factory=dict)
    was: Mapping[UUID, Sequence[str]] = field(default_factory=dict)

    def params(self, actor: Actor) -> dict[str, object]:
        """Return the parameters of the appending statement."""
        default = self.types.get(self.entity, TYPES[self.entity])
        was = [" ".join(self.was[i]) if i in self.was else None for i in self.ids]
        return {
            "ids": list(self.ids),
            "types": [self.types.get(i, default) for i in self.ids],
            "was": was,
            "entity": self.entity,
            "kind": actor.kind,
            "actor": actor.id,
            "cid": actor.cid,
            "whole": WHOLE_BYTES,
        }


def _statement(entity: str) -> LiteralString:
    # Materialised: the projection is computed once, though it is measured and then written.
    return f"""
WITH p AS MATERIALIZED ({BY_ENTITY[entity]})
INSERT INTO event ({COLUMNS})
SELECT t.type, CASE WHEN b.big THEN 2 ELSE 0 END, %(entity)s, p.id, p.version, p.aud,
       CASE WHEN string_to_array(t.was, ' ') <> p.aud THEN string_to_array(t.was, ' ') END,
       p.case_id, p.customer_id, %(kind)s, %(actor)s::uuid, %(cid)s::uuid,
       CASE WHEN NOT b.big THEN p.data END
  FROM unnest(%(ids)s::uuid[], %(types)s::text[], %(was)s::text[])
       WITH ORDINALITY AS t (id, type, was, ord)
  JOIN p ON p.id = t.id
 CROSS JOIN LATERAL (SELECT pg_column_size(p.data) > %(whole)s AS big) b
 ORDER BY t.ord
RETURNING entity_id, aud, customer_id"""


_STATEMENTS: Mapping[str, LiteralString] = {entity: _statement(entity) for entity in BY_ENTITY}


async def append_rows(session: Session, change: Change, actor: Actor) -> dict[UUID, Seen]:
    """Append one upsert per entity with its projection as it is now (> 8 KB: a touch).

    Returns by id who was told.
    """
    if not change.ids:
        return {}
    found = await session.execute(_STATEMENTS[change.entity], change.params(actor))
    wake.mark(session, "events")
    return {id_: (aud, customer) for id_, aud, customer in await found.fetchall()}


async def make_days(session: Session, days: int = 9) -> int:
    """Make the day partitions from yesterday on; return how many were missing."""
    found = await session.execute(
        "SELECT ensure_event_days((now() AT TIME ZONE 'UTC')::date - 1, %s)", [days]
    )
    row = await found.fetchone()
    return int(row[0]) if row else 0


async def check_epoch(session: Session) -> int:
    """Begin a new epoch when this is another history of the cluster; return the present one."""
    found = await session.execute("SELECT ensure_log_epoch()")
    row = await found.fetchone()
    return int(row[0]) if row else 1
