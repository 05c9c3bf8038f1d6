"""What a measured part cost: CPU by role and of PostgreSQL, commits, rows, log volume, memory."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

from polyphony.app.bench import cpu
from polyphony.app.bench.stage import Stage

_STATISTICS_S = 1.2  # backends report what they counted at most once a second
_COUNTED = (
    "SELECT d.xact_commit, d.tup_inserted + d.tup_updated + d.tup_deleted, d.blks_read, w.wal_bytes"
    " FROM pg_stat_database d, pg_stat_wal w WHERE d.datname = current_database()"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """The counters at one moment: CPU, and commits, rows, blocks read and log bytes so far."""

    cpu: cpu.Used
    counted: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one operation cost; ``total_us`` = app + PostgreSQL's working backends."""

    total_us: float
    cpu_us_per_op: Mapping[str, object]
    database: Mapping[str, object]
    memory_mib: Mapping[str, int]


async def begin(stage: Stage) -> Mark:
    """Write everything back, then read the counters: the measured part begins."""
    await _checkpoint(stage)
    await asyncio.sleep(_STATISTICS_S)
    counted = await _counted(stage)
    return Mark(cpu.used(stage.pids, stage.postgres.pid), counted)


async def end(stage: Stage, before: Mark, ops: int, floor_us: float | None = None) -> Cost:
    """Read the counters again; everything is told per operation. Raises ValueError without any."""
    if ops < 1:
        raise ValueError("nothing was done")
    await _checkpoint(stage)
    used = cpu.used(stage.pids, stage.postgres.pid).minus(before.cpu)
    await asyncio.sleep(_STATISTICS_S)
    after = await _counted(stage)
    commits, rows, blocks, wal = (x - y for x, y in zip(after, before.counted, strict=True))
    roles = {role: round(one / ops * 1e6, 1) for role, one in used.app.items()}
    pg = (used.pg or 0.0) / ops * 1e6
    total = sum(roles.values()) + pg
    memory = {role: round(cpu.memory_mib([pid])) for role, pid in stage.pids.items()}
    told: dict[str, object] = {
        "app": round(sum(roles.values()), 1),
        "pg": round(pg, 1),
        "total": round(total, 1),
        "by_role": roles,
        "pg_background": round((used.pg_background or 0.0) / ops * 1e6, 1),
    }
    if floor_us is not None:
        told["floor"] = round(floor_us, 1)
    database = {
        "commits_per_op": round(commits / ops, 3),
        "rows_per_op": round(rows / ops, 1),
        "wal_bytes_per_op": round(wal / ops),
        "blocks_read_per_op": round(blocks / ops, 2),
    }
    return Cost(total, told, database, memory)


async def _checkpoint(stage: Stage) -> None:
    async with await psycopg.AsyncConnection.connect(
        stage.postgres.url("postgres"), autocommit=True
    ) as root:
        await root.execute("CHECKPOINT")


async def _counted(stage: Stage) -> tuple[int, int, int, int]:
    async with stage.database.transaction() as session:
        row = await (await session.execute(_COUNTED)).fetchone()
    if row is None:
        raise RuntimeError("PostgreSQL counts nothing")
    return int(row[0]), int(row[1]), int(row[2]), int(row[3])
