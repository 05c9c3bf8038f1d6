"""Journal: rules by their content and every step of the router's owner, deflated, by the day."""

import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import orjson

from polyphony.domain.routing import canonical, digest
from polyphony.domain.routing.facts import Policy
from polyphony.store import columns
from polyphony.store.database import Session, row, rows

_LEVEL = 1  # the owner deflates while customers wait
_PAGE = 500


def written(plain: object) -> bytes:
    """Write plain values as JSON, the same bytes for the same values."""
    return orjson.dumps(plain)


def packed(body: bytes) -> bytes:
    """Deflate what is kept."""
    return zlib.compress(body, _LEVEL)


def inflated(kept: bytes) -> bytes:
    """Inflate what was kept: the very bytes that were written."""
    return zlib.decompress(kept)


def read(body: bytes) -> Any:  # noqa: ANN401 - plain JSON values
    """Read plain values of what was written."""
    return orjson.loads(body)


def unpacked(kept: bytes) -> Any:  # noqa: ANN401 - plain JSON values
    """Read plain values again."""
    return read(inflated(kept))


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules as they are kept: under a version, found by their content."""

    version: int
    hash: bytes
    decision_version: int
    body: bytes

    @property
    def policy(self) -> Policy:
        """The rules themselves."""
        return canonical.read_policy(unpacked(self.body), self.version)


_RULES: LiteralString = "SELECT version, hash, decision_version, body FROM routing_policy WHERE "


def body_of(policy: Policy) -> tuple[bytes, bytes]:
    """Return the content of rules and the name it has."""
    body = written(canonical.write_policy(policy))
    return body, digest.content(body)


async def version_of(session: Session, body: bytes, name: bytes) -> int:
    """Return the version of rules with this content, in force from now; the first to ask makes it.

    Needs a session in which every statement is a transaction of its own.
    """
    query: LiteralString = (
        "UPDATE routing_policy SET used_at = now() WHERE hash = %s RETURNING version"
    )
    for _ in range(2):
        known = await (await session.execute(query, [name])).fetchone()
        if known is not None:
            return int(known[0])
        await session.execute(
            "INSERT INTO routing_policy (hash, decision_version, body) VALUES (%s, %s, %s)"
            " ON CONFLICT (hash) DO NOTHING",
            [name, digest.DECISION_VERSION, packed(body)],
        )
    raise RuntimeError("rules that were just written are not there")


async def newest_rules(session: Session) -> Rules | None:
    """Return the rules that were last said to be in force; None before the first."""
    query: LiteralString = _RULES + "true ORDER BY used_at DESC, version DESC LIMIT 1"
    return await row(session, query, None, Rules)


async def rules(session: Session, versions: Sequence[int]) -> list[Rules]:
    """Return rules by their versions; unknown ones are missing."""
    return await rows(session, _RULES + "version = ANY(%s)", [list(versions)], Rules)


@dataclass(frozen=True, slots=True)
class Cycle:
    """One step of an owner as kept; ``kind`` is begin or step."""

    at: datetime
    epoch: int
    no: int
    kind: str
    policy: int
    inputs: bytes
    decisions: bytes
    n_inputs: int
    n_decisions: int
    digest: bytes


_SHAPE: columns.Shape = {
    "at": "timestamptz",
    "epoch": "bigint",
    "no": "bigint",
    "kind": "text",
    "policy": "bigint",
    "inputs": "bytea",
    "decisions": "bytea",
    "n_inputs": "int",
    "n_decisions": "int",
    "digest": "bytea",
}
_APPEND: LiteralString = f"""
WITH fence AS MATERIALIZED (
         SELECT epoch FROM router_shard WHERE id = 1 AND epoch = %(mine)s FOR SHARE)
INSERT INTO routing_cycle ({", ".join(_SHAPE)})
SELECT n.* FROM {columns.source(_SHAPE)} WHERE EXISTS (SELECT FROM fence)"""


async def append(session: Session, batch: Sequence[Cycle], epoch: int) -> None:
    """Add steps in one statement; an owner that lost its epoch adds nothing."""
    if batch:
        await session.execute(_APPEND, {**columns.params(_SHAPE, batch), "mine": epoch})


async def last(session: Session) -> tuple[datetime, bytes] | None:
    """Return moment and digest of the last step of all; None before the first."""
    found = await session.execute(
        "SELECT at, digest FROM routing_cycle ORDER BY at DESC, epoch DESC, no DESC LIMIT 1"
    )
    one = await found.fetchone()
    return (one[0], bytes(one[1])) if one else None


_CYCLES: LiteralString = f"SELECT {', '.join(_SHAPE)} FROM routing_cycle"
_BEGIN: LiteralString = """
SELECT at FROM routing_cycle
 WHERE kind = 'begin' AND at <= coalesce(%(at)s::timestamptz, 'infinity')
 ORDER BY at DESC LIMIT 1"""
_FIRST: LiteralString = "SELECT min(at) FROM routing_cycle WHERE kind = 'begin'"


async def beginning(session: Session, at: datetime | None) -> datetime | None:
    """Return when the last state before a moment was built; without a moment, the first of all."""
    for query in (_BEGIN, _FIRST) if at is not None else (_FIRST,):
        one = await (await session.execute(query, {"at": at})).fetchone()
        if one and one[0] is not None:
            found: datetime = one[0]
            return found
    return None


async def cycles(
    session: Session, since: datetime, until: datetime | None
) -> AsyncIterator[Sequence[Cycle]]:
    """Read steps from one moment to another, in order, page by page; who reads takes his time."""
    await session.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    place: tuple[datetime, int, int] = (since, -1, -1)
    query = (
        _CYCLES + " WHERE at >= %(at)s AND (at, epoch, no) > (%(at)s, %(epoch)s, %(no)s)"
        " AND at <= coalesce(%(until)s::timestamptz, 'infinity')"
        " ORDER BY at, epoch, no LIMIT %(limit)s"
    )
    while True:
        params = {"at": place[0], "epoch": place[1], "no": place[2],
                  "until": until, "limit": _PAGE}  # fmt: skip
        page = await rows(session, query, params, Cycle)
        if page:
            yield page
            place = (page[-1].at, page[-1].epoch, page[-1].no)
        if len(page) < _PAGE:
            return


async def make_days(session: Session, days: int = 9) -> None:
    """Make the day partitions from yesterday on."""
    await session.execute(
        "SELECT ensure_cycle_days((now() AT TIME ZONE 'UTC')::date - 1, %s)", [days]
    )


async def prune(session: Session, before: datetime) -> None:
    """Drop whole days of the journal, and rules and traces older than they are."""
    await session.execute("SELECT drop_cycle_days((%s AT TIME ZONE 'UTC')::date)", [before])
    await session.execute(
        "DELETE FROM routing_policy WHERE used_at < %s::timestamptz - interval '1 day'", [before]
    )
    await session.execute("DELETE FROM work_trace WHERE at < %s", [before])


# ── the trace of an item ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Trace:
    """What was done to an item besides offering it."""

    item: UUID
    at: datetime
    code: str
    facts: object


_TRACE: columns.Shape = {"item": "uuid", "at": "timestamptz", "code": "text", "facts": "jsonb"}
_ADD_TRACE: LiteralString = f"""
INSERT INTO work_trace (work_item_id, at, code, facts)
SELECT n.item, n.at, n.code, n.facts FROM {columns.source(_TRACE)}
 WHERE EXISTS (SELECT FROM router_shard WHERE id = 1 AND epoch = %(epoch)s)"""


async def trace(session: Session, batch: Sequence[Trace], epoch: int) -> None:
    """Note what was done to items; an owner that lost its epoch notes nothing."""
    if batch:
        await session.execute(_ADD_TRACE, {**columns.params(_TRACE, batch), "epoch": epoch})


async def traced(session: Session, item: UUID, limit: int = 50) -> list[Trace]:
    """Return what was done to an item, newest first."""
    return await rows(
        session,
        "SELECT work_item_id AS item, at, code, facts FROM work_trace WHERE work_item_id = %s"
        " ORDER BY at DESC LIMIT %s",
        [item, limit],
        Trace,
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of an item as the log has it."""

    at: datetime
    type: str
    actor_kind: str
    state: str | None
    queue_id: str | None


async def moves_of(session: Session, item: UUID, limit: int = 50) -> list[Moved]:
    """Return how an item moved, newest first."""
    return await rows(
        session,
        """SELECT e.at, e.type, e.actor_kind, e.payload ->> 'state' AS state,
                  e.payload ->> 'queue_id' AS queue_id
             FROM event e
            WHERE e.case_id = (SELECT case_id FROM work_item WHERE id = %(id)s)
              AND e.entity = 'work_item' AND e.entity_id = %(id)s
            ORDER BY e.at DESC, e.version DESC LIMIT %(limit)s""",
        {"id": item, "limit": limit},
        Moved,
    )
