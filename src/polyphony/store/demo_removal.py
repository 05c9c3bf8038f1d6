"""The removal of the demo: slice by slice, each whole, with everything that hangs on a Case."""

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from psycopg import sql

from polyphony.store.database import Session

SLICE = 200
"""Things one request removes: on a slow machine too it stays far below the limit of a statement."""
_OWNED = frozenset(
    {"case_id", "other_id", "interaction_id", "message_id", "work_item_id", "delivery_id"}
    | {"identity_id", "record_id", "customer_id", "session_id", "draft_id", "notice_id"}
    | {"step_id", "clock_id", "callback_id", "a", "b"}  # a and b: the two records of a link
)
"""Columns by which a row is part of what it names; any other reference is emptied instead."""
_REFERS: LiteralString = """
SELECT c.conrelid::regclass::text, a.attname::text,
       EXISTS (SELECT FROM pg_attribute i WHERE i.attrelid = c.conrelid AND i.attname = 'id'
                  AND i.atttypid = 'uuid'::regtype)
  FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
 WHERE c.contype = 'f' AND c.confrelid = %s::regclass
   AND c.confkey[1] = (SELECT attnum FROM pg_attribute
                        WHERE attrelid = c.confrelid AND attname = 'id')"""
# A Case that one of our real channels has touched is not the demo's any more.
_CASES: LiteralString = """
SELECT c.id FROM case_ c
 WHERE c.demo AND NOT EXISTS (
       SELECT FROM interaction i JOIN channel_account a ON a.id = i.account_id
        WHERE i.case_id = c.id AND NOT a.demo)"""
_BESIDE: Sequence[LiteralString] = (
    "DELETE FROM timer WHERE entity_id = ANY(%(ids)s)",
    (
        "DELETE FROM timer WHERE entity_id IN"
        " (SELECT id FROM interaction WHERE case_id = ANY(%(ids)s))"
    ),
)
_ACCOUNTS: LiteralString = "(SELECT id FROM channel_account WHERE demo)"
_STOP: Sequence[LiteralString] = (
    (
        "UPDATE channel_account SET state = 'paused', mail_account = NULL, version = version + 1"
        " WHERE demo"
    ),
    "UPDATE person SET state = 'disabled', version = version + 1 WHERE simulated",
)
_SESSIONS: LiteralString = f"SELECT id FROM chat_session WHERE account_id IN {_ACCOUNTS}"
# Whoever has nothing left but pretended addresses was pretended.
_CUSTOMERS: LiteralString = """
SELECT k.id FROM customer k
 WHERE EXISTS (SELECT FROM record r JOIN identity_use u ON u.record_id = r.id
                 JOIN identity n ON n.id = u.identity_id
                WHERE r.customer_id = k.id
                  AND (n.address ~ '[.]demo[.]example$' OR n.address ~ '@customer[.]example$'
                       OR n.scope IN (SELECT id::text FROM channel_account WHERE demo)))
   AND NOT EXISTS (SELECT FROM record r JOIN case_ c ON c.record_id = r.id
                    WHERE r.customer_id = k.id)
   AND NOT EXISTS (SELECT FROM record r JOIN interaction i ON i.record_id = r.id
                    WHERE r.customer_id = k.id)
"""


_PARTS: Sequence[LiteralString] = (_CASES, _SESSIONS, _CUSTOMERS)


async def begin(session: Session) -> None:
    """Stop the pretended world: its accounts pause, its colleagues are disabled, not deleted.

    The log still names them. Nothing happens when it was stopped already.
    """
    for statement in _STOP:
        await session.execute(statement)


async def remove_slice(session: Session) -> tuple[int, int]:
    """Remove a slice of the demo; return how many things went and how many are left."""
    ids = [
        row[0] for row in await (await session.execute(f"{_CASES} LIMIT %s", [SLICE])).fetchall()
    ]
    if ids:
        for statement in _BESIDE:
            await session.execute(statement, {"ids": ids})
        await _erase(session, "case_", ids)
        return len(ids), await _left(session)
    sessions = await _some(session, _SESSIONS)
    if sessions:
        await _erase(session, "chat_session", sessions)
        return len(sessions), await _left(session)
    await session.execute(f"DELETE FROM arrival WHERE account_id IN {_ACCOUNTS}")
    people = await _some(session, _CUSTOMERS)
    if people:
        await _forget(session, people)
    return len(people), await _left(session)


async def _some(session: Session, which: LiteralString) -> list[UUID]:
    found = await session.execute(f"{which} LIMIT %s", [SLICE])
    return [row[0] for row in await found.fetchall()]


async def finish(session: Session) -> None:
    """Take away the last traces: the loads of those who held work, the mark of the demo."""
    await session.execute(
        "UPDATE agent_load SET routed_units = 0, manual_units = 0, exclusive_live = 0,"
        " version = version + 1 WHERE NOT EXISTS (SELECT FROM work_item w"
        " WHERE w.agent_id = agent_load.agent_id AND w.state IN ('offered', 'in_work', 'wrap_up'))"
    )
    await session.execute("DELETE FROM setting WHERE key = 'demo'")


async def _left(session: Session) -> int:
    parts = " + ".join(f"(SELECT count(*) FROM ({one}) x)" for one in _PARTS)
    whole: LiteralString = f"SELECT {parts}"
    row = await (await session.execute(whole)).fetchone()
    return int(row[0]) if row else 0


async def _forget(session: Session, customers: Sequence[UUID]) -> None:
    """Remove customers with their records, and the addresses nobody else uses."""
    found = await session.execute(
        "SELECT DISTINCT u.identity_id FROM record r JOIN identity_use u ON u.record_id = r.id"
        " WHERE r.customer_id = ANY(%s)",
        [customers],
    )
    addresses = [row[0] for row in await found.fetchall()]
    merged = await session.execute(
        "SELECT id FROM customer WHERE merged_into = ANY(%s)", [customers]
    )
    ids = [row[0] for row in await merged.fetchall()]  # other names of the same people
    await _erase(session, "customer", [*customers, *ids])
    alone = await session.execute(
        "SELECT n.id FROM identity n WHERE n.id = ANY(%s)"
        " AND NOT EXISTS (SELECT FROM identity_use u WHERE u.identity_id = n.id)"
        " AND NOT EXISTS (SELECT FROM interaction i WHERE i.identity_id = n.id)"
        " AND NOT EXISTS (SELECT FROM participant p WHERE p.identity_id = n.id)"
        " AND NOT EXISTS (SELECT FROM delivery d WHERE d.identity_id = n.id)",
        [addresses],
    )
    await _erase(session, "identity", [row[0] for row in await alone.fetchall()])


async def _erase(session: Session, table: str, ids: Sequence[UUID]) -> None:
    """Delete rows with everything that is part of them, however many tables that is."""
    if not ids:
        return
    found = await session.execute(_REFERS, [table])
    for child, column, has_id in await found.fetchall():
        names = {"child": sql.Identifier(child), "column": sql.Identifier(column)}
        where = sql.SQL("{column} = ANY(%s)").format(**names)
        if column not in _OWNED or child == table:
            emptied = sql.SQL("UPDATE {child} SET {column} = NULL WHERE ").format(**names)
            await session.execute(emptied + where, [ids])
        elif has_id:
            query = sql.SQL("SELECT id FROM {child} WHERE ").format(**names)
            rows = await (await session.execute(query + where, [ids])).fetchall()
            await _erase(session, child, [row[0] for row in rows])
        else:
            gone = sql.SQL("DELETE FROM {child} WHERE ").format(**names)
            await session.execute(gone + where, [ids])
    await session.execute(
        sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(sql.Identifier(table)), [list(ids)]
    )
