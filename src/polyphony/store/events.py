"""Events: append facts in the transaction that makes them true; the log is never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import LiteralString
from uuid import UUID

import orjson

from polyphony.domain.event import TYPES, Actor, NewEvent, Op
from polyphony.store import wake
from polyphony.store.database import Session
from polyphony.store.projections import BY_ENTITY

__all__ = ["Actor", "Change", "NewEvent", "Op", "append", "append_rows", "make_days"]

WHOLE_BYTES = 8_192
"""A payload above this travels as touch: id and version only."""

_COLUMNS: LiteralString = (
    "type, op, entity, entity_id, version, aud, aud_was, case_id, customer_id,"
    " actor_kind, actor_id, cid, payload"
)

_APPEND: LiteralString = f"""
INSERT INTO event ({_COLUMNS})
SELECT type, op, entity, entity_id, version, string_to_array(aud, ' '),
       string_to_array(aud_was, ' '), case_id, customer_id, actor_kind, actor_id, cid,
       payload::jsonb
  FROM unnest(%(type)s::text[], %(op)s::int[], %(entity)s::text[], %(entity_id)s::uuid[],
              %(version)s::bigint[], %(aud)s::text[], %(aud_was)s::text[], %(case_id)s::uuid[],
              %(customer_id)s::uuid[], %(actor_kind)s::text[], %(actor_id)s::uuid[],
              %(cid)s::uuid[], %(payload)s::text[])
       AS e (type, op, entity, entity_id, version, aud, aud_was, case_id, customer_id,
             actor_kind, actor_id, cid, payload)"""

_PLAIN = (
    *("type", "op", "entity", "entity_id", "version", "case_id", "customer_id"),
    *("actor_kind", "actor_id", "cid"),
)


async def append(session: Session, batch: Sequence[NewEvent]) -> None:
    """Append events in the order given: one statement for all."""
    if not batch:
        return
    params: dict[str, object] = {name: [getattr(e, name) for e in batch] for name in _PLAIN}
    params["aud"] = [" ".join(event.aud) for event in batch]
    params["aud_was"] = [None if e.aud_was is None else " ".join(e.aud_was) for e in batch]
    params["payload"] = [
        None if event.payload is None else orjson.dumps(event.payload).decode() for event in batch
    ]
    await session.execute(_APPEND, params)
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
    return f"""
INSERT INTO event ({_COLUMNS})
SELECT t.type, CASE WHEN b.big THEN 2 ELSE 0 END, %(entity)s, p.id, p.version, p.aud,
       CASE WHEN string_to_array(t.was, ' ') <> p.aud THEN string_to_array(t.was, ' ') END,
       p.case_id, p.customer_id, %(kind)s, %(actor)s::uuid, %(cid)s::uuid,
       CASE WHEN NOT b.big THEN p.data END
  FROM unnest(%(ids)s::uuid[], %(types)s::text[], %(was)s::text[])
       WITH ORDINALITY AS t (id, type, was, ord)
  JOIN ({BY_ENTITY[entity]}) p ON p.id = t.id
 CROSS JOIN LATERAL (SELECT pg_column_size(p.data) > %(whole)s AS big) b
 ORDER BY t.ord"""


_STATEMENTS: Mapping[str, LiteralString] = {entity: _statement(entity) for entity in BY_ENTITY}


async def append_rows(session: Session, change: Change, actor: Actor) -> None:
    """Append one upsert per entity with its projection as it is now (> 8 KB: a touch)."""
    if not change.ids:
        return
    await session.execute(_STATEMENTS[change.entity], change.params(actor))
    wake.mark(session, "events")


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
