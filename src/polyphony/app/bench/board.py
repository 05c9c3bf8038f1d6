"""Bench `board`: a thousand Queues, two hundred viewers, once a second; what counting costs."""

import asyncio
import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from polyphony.app.bench import cpu, floors
from polyphony.app.bench.report import Measured, Target
from polyphony.app.bench.stage import Stage, staged
from polyphony.app.bench.stream_crowd import PONG, TEXT, masked
from polyphony.app.clock import now
from polyphony.domain.event import SYSTEM
from polyphony.flows import show
from polyphony.flows.announce import announce
from polyphony.store import feed, wake
from polyphony.store.company import PersonPlan, Plan, QueuePlan
from polyphony.store.database import Session

TARGETS = (
    Target("core_share", "lower", 0.02, 0.005),
    Target("age_p99_s", "lower", 1.5, 1.0, wall=True),
)
QUEUES = {"quick": 1_000, "full": 1_000}
VIEWERS = {"quick": 200, "full": 200}
SECONDS = {"quick": 15.0, "full": 60.0}
MOVES_PER_S = 10
LINES = 8  # of one link at most
PEOPLE = 25
WORK = 5_000
SETTLE_S = 60.0
PING = 9


def plan(queues: int) -> Plan:
    """Describe a house of so many Queues, one who leads, nobody who works."""
    leads = [PersonPlan("p", "p@bench.example", "P", "en", ["Desk"], ("supervisor",))]
    lines = [QueuePlan(f"q{n}", "Desk", f"Queue {n}") for n in range(queues)]
    return Plan("UTC", {}, {"Desk": "open"}, lines, [], leads, [])


# ── work that waits and moves ───────────────────────────────────────────────────────────────────

_SEED = (
    """INSERT INTO channel_account (id, kind, name, address, department_id)
       SELECT gen_random_uuid(), 'email', 'Box', 'box@bench.example', id FROM department LIMIT 1""",
    "INSERT INTO customer (id, name) VALUES (gen_random_uuid(), 'Somebody')",
    """INSERT INTO record (id, customer_id, source, source_key, at)
       SELECT gen_random_uuid(), id, 'email', 'bench', now() FROM customer LIMIT 1""",
    """INSERT INTO identity (id, kind, address, first_seen)
       VALUES (gen_random_uuid(), 'email', 'somebody@bench.example', now())""",
    """INSERT INTO case_ (id, reference, record_id, department_id, state_since, opened_via,
                          opened_at, last_at)
       SELECT gen_random_uuid(), lpad(n::text, 10, '0'), r.id, d.id, now(), 'email', now(), now()
         FROM generate_series(1, %(work)s) n, (SELECT id FROM record LIMIT 1) r,
              (SELECT id FROM department LIMIT 1) d""",
    """INSERT INTO interaction (id, case_id, channel_kind, account_id, identity_id, record_id, mode,
                                state, opened_at)
       SELECT gen_random_uuid(), c.id, 'email', a.id, i.id, c.record_id, 'async', 'waiting', now()
         FROM case_ c, (SELECT id FROM channel_account LIMIT 1) a,
              (SELECT id FROM identity LIMIT 1) i""",
    """INSERT INTO work_item (id, case_id, interaction_id, queue_id, channel_kind, state_since,
                              units, target_ms, waiting_since, created_at)
       SELECT gen_random_uuid(), x.case_id, x.id, q.id, 'email', now(), 50, 14400000, now(), now()
         FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM interaction) x
         JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS all_
                 FROM queue) q ON q.n = 1 + x.n % q.all_""",
    """INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at, how)
       SELECT gen_random_uuid(), id, queue_id, created_at, 'added' FROM work_item""",
)


async def _seed(session: Session) -> list[UUID]:
    for statement in _SEED:
        await session.execute(statement, {"work": WORK} if "%(work)s" in statement else None)
    found = await session.execute("SELECT id FROM work_item ORDER BY id")
    return [one[0] for one in await found.fetchall()]


async def _move(stage: Stage, item: UUID) -> None:
    """Take a piece of work out of its Queue, or put it back: what routing does all day."""
    async with stage.database.transaction() as session:
        await session.execute(
            "UPDATE work_item SET version = version + 1, state_since = now(),"
            " state = CASE state WHEN 'waiting' THEN 'parked' ELSE 'waiting' END WHERE id = %s",
            [item],
        )
        await announce(session, actor=SYSTEM, work_items=[item])


# ── who watches ─────────────────────────────────────────────────────────────────────────────────


@dataclass
class Crowd:
    """All viewers: what they heard, and how old it was."""

    frames: int = 0
    wholes: int = 0
    resets: int = 0
    ages: list[float] = field(default_factory=list)
    counting: bool = False


class Viewer(asyncio.Protocol):
    """One socket that watches the board; frames are counted, not understood."""

    def __init__(self, crowd: Crowd, base: str, ticket: str) -> None:
        self._crowd, self._base, self._ticket = crowd, base, ticket
        self._buffer = bytearray()
        self._up = False
        self.whole = asyncio.Event()
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self.transport = transport
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self.transport.write(
            f"GET /v1/tv/stream HTTP/1.1\r\nHost: {urlsplit(self._base).netloc}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: {self._base}\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Cut into frames."""
        self._buffer += data
        if not self._up:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            del self._buffer[: end + 4]
            self._up = True
            hello = {"t": "hello", "ticket": self._ticket, "schema": 1, "topics": ["board:house"]}
            self.transport.write(masked(json.dumps(hello).encode()))
        while (frame := self._next()) is not None:
            self._hear(*frame)

    def _next(self) -> tuple[int, bytes] | None:
        if len(self._buffer) < 2:
            return None
        size, start = self._buffer[1], 2
        if size >= 126:
            start = 4 if size == 126 else 10
            size = int.from_bytes(self._buffer[2:start])
        if len(self._buffer) < start + size:
            return None
        opcode, frame = self._buffer[0] & 15, bytes(self._buffer[start : start + size])
        del self._buffer[: start + size]
        return opcode, frame

    def _hear(self, opcode: int, frame: bytes) -> None:
        if opcode == PING:
            self.transport.write(masked(frame, PONG))
        if opcode != TEXT:
            return
        head = frame[:120]
        if b'"kind":"whole"' in head:
            self._crowd.wholes += 1
            if b'"last":true' in frame[:240]:
                self.whole.set()
        elif b'"kind":"diff"' in head and self._crowd.counting:
            self._crowd.frames += 1
            at = int(frame.split(b'"at":', 1)[1].split(b",", 1)[0])
            self._crowd.ages.append(now().timestamp() - at / 1000)


async def _hang(stage: Stage) -> list[UUID]:
    """Make links enough for all screens."""
    async with stage.database.transaction() as session:
        await session.execute("INSERT INTO board (id, name) VALUES (gen_random_uuid(), 'House')")
        found = await session.execute(
            "INSERT INTO board_link (id, board_id, name, token_hash, pin_mac, by_id)"
            " SELECT gen_random_uuid(), b.id, n::text, sha256(n::text::bytea), 'x', p.id"
            "   FROM board b, generate_series(1, %s) n, (SELECT id FROM person LIMIT 1) p"
            " RETURNING id",
            [PEOPLE],
        )
        return [one[0] for one in await found.fetchall()]


async def _dial(stage: Stage, crowd: Crowd, link: UUID) -> Viewer:
    """Get a ticket as a screen on a wall does, open, wait for the whole picture."""
    parts, ticket = urlsplit(stage.base), secrets.token_urlsafe(32)
    async with stage.database.transaction() as session:
        principal = feed.Ticket(f"board:{link}", link)
        until = now() + timedelta(seconds=30)
        await feed.add_ticket(session, show.hashed(ticket), principal, now(), until)
    viewer = Viewer(crowd, stage.base, ticket)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    await asyncio.get_running_loop().create_connection(lambda: viewer, host, port)
    await asyncio.wait_for(viewer.whole.wait(), SETTLE_S)
    return viewer


async def _watch(stage: Stage, size: str, items: list[UUID]) -> tuple[Crowd, Mapping[str, Any]]:
    """Let them watch while work moves; return what they heard and what it cost."""
    crowd = Crowd()
    links = await _hang(stage)
    viewers = [await _dial(stage, crowd, links[n // LINES]) for n in range(VIEWERS[size])]
    idle = await _cost(stage, SECONDS[size], None)
    crowd.counting = True
    spent = await _cost(stage, SECONDS[size], items)
    crowd.counting = False
    for viewer in viewers:
        viewer.transport.abort()
    return crowd, {"moving": spent, "still": idle}


async def _cost(stage: Stage, seconds: float, items: list[UUID] | None) -> Mapping[str, float]:
    """CPU of the product's processes and of PostgreSQL in some seconds, as shares of a core."""
    loop = asyncio.get_running_loop()
    before = cpu.used(stage.pids, stage.postgres.pid)
    began, number = loop.time(), 0
    while loop.time() - began < seconds:
        await asyncio.sleep(1 / MOVES_PER_S)
        if items:
            await _move(stage, items[number * 7 % len(items)])
            number += 1
    used = cpu.used(stage.pids, stage.postgres.pid).minus(before)
    wall = loop.time() - began
    return {**{role: spent / wall for role, spent in used.app.items()},
            "pg": (used.pg or 0.0) / wall, "moves": float(number)}  # fmt: skip


async def measure(size: str) -> Measured:
    """Measure what watching costs: with viewers while work moves, less the same without them."""
    async with staged(plan(QUEUES[size]), {}) as stage:
        async with stage.database.transaction() as session:
            items = await _seed(session)
        notifier = asyncio.create_task(wake.notify(stage.database))
        try:
            await stage.start("web", "worker")
            await asyncio.sleep(8)
            alone = await _cost(stage, SECONDS[size], items)
            crowd, costs = await _watch(stage, size, items)
        finally:
            notifier.cancel()
    moving = costs["moving"]
    extra = {role: max(0.0, moving[role] - alone[role]) for role in ("web", "worker", "pg")}
    expected = int(SECONDS[size]) * VIEWERS[size]
    return Measured(
        ops=crowd.frames,
        wall_s=SECONDS[size],
        cpu_us_per_op={role: round(share * 1e6) for role, share in extra.items()},
        ratios={
            "core_share": extra["web"] + extra["worker"],
            "age_p99_s": floors.percentile(crowd.ages, 0.99),
        },
        checks={
            "viewers with a picture": (crowd.wholes >= VIEWERS[size], True),
            "a frame a second each": (crowd.frames >= expected * 0.9, True),
        },
        notes=[
            "core_share: what viewers add in web and worker while 10 pieces of work move a second",
            "PostgreSQL stands beside it; cpu_us_per_op is per second",
        ],
        extra={"queues": QUEUES[size], "viewers": VIEWERS[size], "alone": _rounded(alone),
               "watched": _rounded(moving), "watched, nothing moves": _rounded(costs["still"]),
               "frames": crowd.frames},
    )  # fmt: skip


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    return {name: round(share, 4) for name, share in shares.items()}
