"""Offered: what the log is told of Offers that were just made: they, their items and the loads.

The same as three announcements one after the other, with one look at what they have in common.
"""

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from polyphony.domain.event import Actor
from polyphony.store import projections, wake
from polyphony.store.database import Session
from polyphony.store.events import COLUMNS, WHOLE_BYTES

# Materialised: a projection is computed once, though it is measured and then written.
_TELL: LiteralString = f"""
WITH p AS MATERIALIZED (
         SELECT o.id AS offer, o.version AS offer_version, w.id AS item, w.version AS item_version,
                w.case_id, {projections.OFFER_AUD} AS offer_aud,
                {projections.WORK_ITEM_AUD} AS item_aud,
                {projections.OFFER_DATA} AS offer_data,
                {projections.WORK_ITEM_DATA} AS item_data
                {projections.OFFER_FROM}
          WHERE o.id = ANY(%(offers)s)),
     l AS MATERIALIZED ({projections.LOAD}),
     every AS (
         SELECT 1 AS kind, 'offer.made' AS type, 'offer' AS entity, offer AS id,
                offer_version AS version, offer_aud AS aud, case_id, offer_data AS data FROM p
          UNION ALL
         SELECT 2, 'work_item.offered', 'work_item', item, item_version, item_aud, case_id,
                item_data FROM p
          UNION ALL
         SELECT 3, 'load.changed', 'load', id, version, aud, NULL, data FROM l)
INSERT INTO event ({COLUMNS})
SELECT e.type, CASE WHEN b.big THEN 2 ELSE 0 END, e.entity, e.id, e.version, e.aud,
       NULL::text[], e.case_id, NULL::uuid, %(kind)s, %(actor)s::uuid, %(cid)s::uuid,
       CASE WHEN NOT b.big THEN e.data END
  FROM every e
 CROSS JOIN LATERAL (SELECT pg_column_size(e.data) > %(whole)s AS big) b
 ORDER BY e.kind, e.id"""


async def tell(
    session: Session, offers: Sequence[UUID], agents: Sequence[UUID], actor: Actor
) -> None:
    """Append the events of Offers made in this transaction, of their items and of these loads."""
    if not offers:
        return
    params = {
        "offers": list(offers),
        "ids": list(agents),
        "kind": actor.kind,
        "actor": actor.id,
        "cid": actor.cid,
        "whole": WHOLE_BYTES,
    }
    await session.execute(_TELL, params)
    wake.mark(session, "events")
