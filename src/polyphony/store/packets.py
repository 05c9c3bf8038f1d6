"""Packets: what goes with a matter that was handed over, so that nobody asks again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session, row

KEPT = timedelta(days=30)
"""A hand-over older than this needs no packet any more."""


@dataclass(frozen=True, slots=True)
class Packet:
    """Who handed the matter over, with which words; what is known, proved and was tried.

    ``wants`` are the customer's own first words, ``told`` what his page says of him (a claim),
    ``known`` his details as we keep them, ``proved`` the best proved of his addresses here with
    level (0 to 4), method and since when; ``tried`` the newest answers before the hand-over.
    """

    at: datetime
    by: str
    note: str
    wants: str
    told: dict[str, str]
    known: dict[str, object]
    proved: dict[str, object] | None
    tried: list[dict[str, object]]


_GIVEN: LiteralString = """
SELECT e.at, e.actor_id FROM event e
 WHERE e.case_id = %(case)s AND e.at > %(since)s AND e.type = 'work_item.transferred'
   AND e.actor_kind = 'person'
 ORDER BY e.at DESC LIMIT 1"""

_PACKET: LiteralString = f"""
WITH given AS ({_GIVEN}),
line AS MATERIALIZED (
  SELECT m.* FROM interaction i JOIN message m ON m.interaction_id = i.id
   WHERE i.case_id = %(case)s AND NOT m.hidden AND EXISTS (SELECT FROM given))
SELECT g.at, coalesce(p.name, '') AS by,
       coalesce((SELECT n.text FROM line n
                  WHERE n.kind = 'note' AND n.author_id = g.actor_id AND n.at <= g.at
                    AND n.at > g.at - interval '10 seconds' AND NOT n.facts ? 'whisper_to'
                  ORDER BY n.position DESC LIMIT 1), '') AS note,
       coalesce((SELECT left(n.text, 300) FROM line n WHERE n.kind = 'in' AND n.text <> ''
                  ORDER BY n.position LIMIT 1), '') AS wants,
       coalesce((SELECT n.facts -> 'told' FROM line n WHERE n.kind = 'in' AND n.facts ? 'told'
                  ORDER BY n.position DESC LIMIT 1), '{{}}') AS told,
       k.attrs AS known,
       (SELECT jsonb_build_object('address', n.address, 'level', u.level, 'method', u.method,
                                  'since', u.since)
          FROM interaction i JOIN identity n ON n.id = i.identity_id
          JOIN identity_use u ON u.identity_id = n.id AND u.record_id = i.record_id
         WHERE i.case_id = %(case)s AND u.until IS NULL
         ORDER BY u.level DESC, u.since DESC LIMIT 1) AS proved,
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', o.id, 'at', o.at,
                            'by', o.author_name, 'text', left(o.text, 200)) ORDER BY o.position)
                   FROM (SELECT * FROM line n WHERE n.kind = 'out' AND n.at <= g.at
                            AND n.delivery_state IN ('sent', 'delivered', 'read')
                          ORDER BY n.position DESC LIMIT 3) o), '[]') AS tried
  FROM given g
  JOIN case_ c ON c.id = %(case)s
  JOIN record r ON r.id = c.record_id
  JOIN customer k ON k.id = r.customer_id
  LEFT JOIN person p ON p.id = g.actor_id
 WHERE c.state IN ('open', 'wait_customer', 'wait_third_party')
   AND NOT EXISTS (SELECT FROM line n WHERE n.kind = 'out' AND n.author_kind = 'person'
                      AND n.at > g.at AND n.delivery_state IS DISTINCT FROM 'cancelled')"""


async def of_case(session: Session, case: UUID, at: datetime) -> Packet | None:
    """Return the packet of a Case handed over and not answered since; None when there is none."""
    return await row(session, _PACKET, {"case": case, "since": at - KEPT}, Packet)
