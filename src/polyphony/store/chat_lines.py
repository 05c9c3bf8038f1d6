"""Chat lines: what the customer's own screen shows of his chats, and how far he has read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import projections
from polyphony.store.chat import ChatSession
from polyphony.store.database import Params, Session, rows


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of a visitor: of one Case or of all, behind or before a position, how many."""

    case: UUID | None = None
    after: int = 0
    before: int | None = None
    limit: int = 100


async def history(
    session: Session, who: ChatSession, wanted: Wanted | None = None
) -> list[dict[str, object]]:
    """Return the newest lines the customer may see of his own chats, oldest first."""
    asked = wanted or Wanted()
    found = await session.execute(
        "SELECT m.id FROM interaction i JOIN message m ON m.interaction_id = i.id"
        " WHERE i.account_id = %(account)s AND i.identity_id = %(identity)s"
        " AND i.channel_kind = 'chat' AND m.kind <> 'note' AND m.position > %(after)s"
        " AND (%(before)s::bigint IS NULL OR m.position < %(before)s)"
        " AND (%(case)s::uuid IS NULL OR i.case_id = %(case)s)"
        " ORDER BY m.position DESC LIMIT %(limit)s",
        {
            "account": who.account_id,
            "identity": who.identity_id,
            "after": asked.after,
            "before": asked.before,
            "case": asked.case,
            "limit": asked.limit,
        },
    )
    ids = [one[0] for one in await found.fetchall()]
    lines = await projections.of(session, "chat_message", ids)
    return [lines[one] for one in reversed(ids) if one in lines]


async def owns(session: Session, who: ChatSession, case_id: UUID) -> bool:
    """Tell whether a Case is one of this customer's own."""
    found = await session.execute(
        "SELECT 1 FROM participant WHERE case_id = %s AND identity_id = %s",
        [case_id, who.identity_id],
    )
    return await found.fetchone() is not None


@dataclass(frozen=True, slots=True)
class Raised:
    """A Message whose Delivery rose by a tick."""

    message_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class Ticks:
    """How far a widget received and showed; with a Case, what was shown of that Case."""

    delivered: int
    read: int
    case: UUID | None = None


async def note_ticks(session: Session, who: ChatSession, ticks: Ticks, at: datetime) -> None:
    """Move the marks of a session up to these positions; they never go back."""
    await session.execute(
        "UPDATE chat_session SET delivered_pos = greatest(delivered_pos, %(delivered)s),"
        " read_pos = greatest(read_pos, %(read)s), seen_at = greatest(seen_at, %(at)s)"
        " WHERE id = %(id)s",
        {
            "delivered": max(ticks.delivered, ticks.read),
            "read": 0 if ticks.case else ticks.read,
            "at": at,
            "id": who.id,
        },
    )
    if ticks.case is None or not ticks.read:
        return
    await session.execute(
        "INSERT INTO chat_mark (interaction_id, read_pos) SELECT i.id, %(read)s FROM interaction i"
        " WHERE i.identity_id = %(identity)s AND i.account_id = %(account)s"
        "   AND i.channel_kind = 'chat' AND i.case_id = %(case)s ORDER BY i.id"
        " ON CONFLICT (interaction_id) DO UPDATE"
        "   SET read_pos = greatest(chat_mark.read_pos, excluded.read_pos)",
        {
            "read": ticks.read,
            "identity": who.identity_id,
            "account": who.account_id,
            "case": ticks.case,
        },
    )


async def raise_deliveries(
    session: Session, who: ChatSession, ticks: Ticks, at: datetime
) -> list[Raised]:
    """Lift the answers of this customer's chats along the ladder; return what was lifted."""
    query: LiteralString = """
WITH target AS (
  SELECT v.id, m.id AS message_id, i.case_id,
         CASE WHEN r.shown THEN 'read' ELSE 'delivered' END AS state
    FROM interaction i
    JOIN message m ON m.interaction_id = i.id
    JOIN delivery v ON v.message_id = m.id AND v.account_id = i.account_id
   CROSS JOIN LATERAL (SELECT m.position <= %(read)s
                          AND (%(case)s::uuid IS NULL OR i.case_id = %(case)s) AS shown) r
   WHERE i.account_id = %(account)s AND i.identity_id = %(identity)s AND m.kind = 'out'
     AND m.position <= greatest(%(delivered)s, %(read)s)
     AND (v.state = 'sent' OR (v.state = 'delivered' AND r.shown))
   ORDER BY v.id FOR UPDATE OF v),
lifted AS (
  UPDATE delivery v SET state = t.state, settled_at = %(at)s, version = v.version + 1
    FROM target t WHERE v.id = t.id
  RETURNING t.message_id, t.case_id, t.state),
told AS (
  UPDATE message m SET delivery_state = l.state, version = m.version + 1
    FROM lifted l WHERE m.id = l.message_id)
SELECT message_id, case_id FROM lifted"""
    params: Params = {
        "account": who.account_id,
        "identity": who.identity_id,
        "delivered": ticks.delivered,
        "read": ticks.read,
        "case": ticks.case,
        "at": at,
    }
    return await rows(session, query, params, Raised)


async def staff_position(session: Session, case_id: UUID) -> int:
    """Return the farthest position anybody of the staff has read in a Case, 0 for none."""
    found = await session.execute(
        "SELECT coalesce(max(position), 0) FROM case_read WHERE case_id = %s", [case_id]
    )
    one = await found.fetchone()
    return int(one[0]) if one else 0


async def newly_read(session: Session, case_id: UUID, before: int, upto: int) -> list[UUID]:
    """Return the customer's chat lines of a Case between two positions, newest 100."""
    found = await session.execute(
        "SELECT m.id FROM interaction i JOIN message m ON m.interaction_id = i.id"
        " WHERE i.case_id = %s AND i.channel_kind = 'chat' AND m.kind = 'in'"
        " AND m.position > %s AND m.position <= %s ORDER BY m.position DESC LIMIT 100",
        [case_id, before, upto],
    )
    return [one[0] for one in await found.fetchall()]
