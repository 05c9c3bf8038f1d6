"""The floors: what this machine can do at best, measured before and after every bench."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

from polyphony.app.bench import cpu
from polyphony.store.database import Database

_ROUND_TRIPS = 500
_BATCH = 200
_BATCHES = 60
_BODY = b"x" * 2800
_BLOCK = b"x" * 8192
KEEP = (
    "INSERT INTO floor_arrival (id, account_id, key, body, size, received_at)"
    " SELECT i, a, k, b, %s, now()"
    " FROM unnest(%b::uuid[], %b::uuid[], %b::text[], %b::bytea[])"
    " AS t(i, a, k, b) ON CONFLICT DO NOTHING"
)


def percentile(samples: Sequence[float], share: float) -> float | None:
    """Return a percentile of all samples; None when there are too few to say (§5 of the design)."""
    needed = 1_000 if share >= 0.99 else 20
    if len(samples) < needed:
        return None
    return quantiles(samples, n=1000, method="inclusive")[min(998, round(share * 1000) - 1)]


def fdatasync(folder: Path, seconds: float = 1.0) -> dict[str, float]:
    """Write and sync 8 KiB over and over in the folder; for information only."""
    path = folder / f"floor-{uuid4().hex}"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    took: list[float] = []
    end = time.perf_counter() + seconds
    try:
        while time.perf_counter() < end:
            began = time.perf_counter()
            os.pwrite(handle, _BLOCK, 0)
            os.fdatasync(handle)
            took.append((time.perf_counter() - began) * 1000)
    finally:
        os.close(handle)
        path.unlink()
    took.sort()
    return {
        "p50_ms": round(took[len(took) // 2], 3),
        "p99_ms": round(took[int(len(took) * 0.99)], 3),
        "per_s": round(len(took) / seconds),
    }


async def durable(database: Database) -> dict[str, float]:
    """Measure one single-row insert and commit over one connection, 500 times."""
    took: list[float] = []
    async with database.direct() as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS floor_row (id int, body bytea)")
        for number in range(_ROUND_TRIPS):
            began = time.perf_counter()
            await connection.execute("INSERT INTO floor_row VALUES (%s, %s)", [number, b"x"])
            took.append((time.perf_counter() - began) * 1000)
        await connection.execute("DROP TABLE floor_row")
    took.sort()
    return {
        "p50_ms": round(took[len(took) // 2], 3),
        "p99_ms": round(took[int(len(took) * 0.99)], 3),
        "per_s": round(_ROUND_TRIPS / (sum(took) / 1000)),
    }


async def batch_insert(database: Database, postmaster: int | None) -> dict[str, float | None]:
    """Measure 200-row inserts into a table shaped like ``arrival``, one connection."""
    account, rows_done = uuid4(), _BATCH * _BATCHES
    async with database.direct() as connection:
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS floor_arrival (LIKE arrival INCLUDING ALL)"
        )
        before, began = cpu.used({"app": os.getpid()}, postmaster), time.perf_counter()
        for _ in range(_BATCHES):
            ids = [uuid4() for _ in range(_BATCH)]
            keys = [identifier.hex for identifier in ids]
            rows = [len(_BODY), ids, [account] * _BATCH, keys, [_BODY] * _BATCH]
            await connection.execute(KEEP, rows)
        wall = time.perf_counter() - began
        spent = cpu.used({"app": os.getpid()}, postmaster).minus(before)
        await connection.execute("DROP TABLE floor_arrival")
    return {
        "batch": _BATCH,
        "rows_per_s": round(rows_done / wall),
        "app_us": round(spent.app["app"] / rows_done * 1e6, 1),
        "pg_us": None if spent.pg is None else round(spent.pg / rows_done * 1e6, 1),
    }
