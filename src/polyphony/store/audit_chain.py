"""Audit chain: lines in the order they are sealed, blocks, and where the chain ends."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.audit_chain import Block, Line
from polyphony.store.database import Session, row

NOTHING = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest block and the place of its last line; ``rows`` are all sealed ones."""

    no: int
    epoch: int
    xid: int
    id: UUID
    hash: bytes
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A block and the place of its last line."""

    block: Block
    epoch: int
    xid: int
    id: UUID


_BEGIN = Head(0, 0, 0, NOTHING, b"\0" * 32, None)
_LINE: LiteralString = """a.epoch, a.xid::text::bigint, a.id, a.at, a.actor_kind, a.actor_id, a.act,
    a.entity, a.entity_id, a.facts::text, a.request_id, a.address"""


async def head(session: Session) -> Head:
    """Return the end of the chain; block 0 when nothing was sealed yet."""
    found = await row(
        session,
        "SELECT no, epoch, xid::text::bigint AS xid, id, hash, at FROM audit_block"
        " ORDER BY no DESC LIMIT 1",
        [],
        Head,
    )
    return found or _BEGIN


async def mine(session: Session) -> bool:
    """Take the turn of sealing for this transaction; False while another process has it."""
    found = await session.execute("SELECT pg_try_advisory_xact_lock(7065646)")
    return (await found.fetchone()) == (True,)


async def settled(session: Session, after: Head, limit: int) -> list[Line]:
    """Return the next lines behind the chain that no open transaction can come before.

    Epochs that are over are read without the horizon: nobody writes them any more.
    """
    found = await session.execute(
        f"""SELECT {_LINE} FROM audit a
             WHERE (a.epoch, a.xid, a.id) > (%(epoch)s, %(xid)s::text::xid8, %(id)s)
               AND (a.epoch < (SELECT max(epoch) FROM log_epoch)
                    OR a.xid < pg_snapshot_xmin(pg_current_snapshot()))
             ORDER BY a.epoch, a.xid, a.id LIMIT %(limit)s""",
        {"epoch": after.epoch, "xid": str(after.xid), "id": after.id, "limit": limit},
    )
    return [Line(*one) for one in await found.fetchall()]


async def add(session: Session, block: Block, last: Line) -> None:
    """Add a block; its last line is where the chain goes on."""
    await session.execute(
        """INSERT INTO audit_block (no, epoch, xid, id, n, ids, leaves, prev, hash)
           VALUES (%s, %s, %s::text::xid8, %s, %s, %s, %s, %s, %s)""",
        [block.no, last.epoch, str(last.xid), last.id, len(block.ids) // 16, block.ids,
         block.leaves, block.prev, block.hash],
    )  # fmt: skip


async def blocks(session: Session, after: int, limit: int) -> list[Kept]:
    """Return blocks in order behind a number."""
    found = await session.execute(
        """SELECT no, ids, leaves, prev, hash, epoch, xid::text::bigint, id FROM audit_block
            WHERE no > %s ORDER BY no LIMIT %s""",
        [after, limit],
    )
    return [Kept(Block(*one[:5]), *one[5:]) for one in await found.fetchall()]


async def between(session: Session, after: Kept | None, to: Kept) -> dict[UUID, Line]:
    """Return the lines behind the place of one block up to that of another, by id."""
    epoch, xid, id_ = (after.epoch, after.xid, after.id) if after else (0, 0, NOTHING)
    found = await session.execute(
        f"""SELECT {_LINE} FROM audit a
             WHERE (a.epoch, a.xid, a.id) > (%(epoch)s, %(xid)s::text::xid8, %(id)s)
               AND (a.epoch, a.xid, a.id) <= (%(to_epoch)s, %(to_xid)s::text::xid8, %(to_id)s)""",
        {"epoch": epoch, "xid": str(xid), "id": id_,
         "to_epoch": to.epoch, "to_xid": str(to.xid), "to_id": to.id},
    )  # fmt: skip
    return {one[2]: Line(*one) for one in await found.fetchall()}


@dataclass(frozen=True, slots=True)
class Open:
    """Lines behind the end of the chain: how many (at most ``OPEN_MAX``) and since when."""

    n: int
    since: datetime | None


OPEN_MAX = 100_000


async def unsealed(session: Session, after: Head) -> Open:
    """Return what is not sealed yet."""
    found = await row(
        session,
        """SELECT count(*)::int AS n, min(at) AS since FROM (
             SELECT a.at FROM audit a
              WHERE (a.epoch, a.xid, a.id) > (%(epoch)s, %(xid)s::text::xid8, %(id)s)
              ORDER BY a.epoch, a.xid, a.id LIMIT %(limit)s) o""",
        {"epoch": after.epoch, "xid": str(after.xid), "id": after.id, "limit": OPEN_MAX},
        Open,
    )
    return found or Open(0, None)
