"""Bench `start`: from nothing to ready, then again, and what idling costs."""

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from polyphony.app.bench import cpu
from polyphony.app.bench.report import Measured, Target
from polyphony.app.bench.stage import free_port
from polyphony.app.postgres import Postgres

TARGETS = (
    Target("later_start_s", "lower", 6.0, 3.0, wall=True),
    Target("idle_core_share", "lower", 0.01),
    Target("idle_mib", "lower", 400.0, 250.0),
)
_IDLE_S = {"quick": 15.0, "full": 60.0}
_READY_S = 120.0


async def measure(size: str) -> Measured:
    """Start `polyphony up` in an empty home, stop it, start it again, then let it idle."""
    with tempfile.TemporaryDirectory(prefix="polyphony_bench_") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 - the server's account must reach its programs
        floor = await _floor(Path(folder) / "floor")
        environment = _environment(Path(folder) / "home")
        async with _up(environment) as (_, first_s):
            pass
        async with _up(environment) as (process, later_s):
            await asyncio.sleep(3)
            roots = {"all": process.pid}
            postmaster = _postmaster(Path(folder) / "home")
            before = cpu.used(roots, postmaster).app["all"] - _pg(postmaster)
            await asyncio.sleep(_IDLE_S[size])
            after = cpu.used(roots, postmaster).app["all"] - _pg(postmaster)
            idle = (after - before) / _IDLE_S[size]
            mib = cpu.memory_mib([process.pid]) - cpu.memory_mib([postmaster])
    return Measured(
        ops=1,
        wall_s=later_s,
        cpu_us_per_op={},
        ratios={"later_start_s": later_s, "idle_core_share": idle, "idle_mib": mib},
        extra={"first_start_s": round(first_s, 2), "later_start_s": round(later_s, 2),
               "idle_core_share": round(idle, 4), "idle_mib": round(mib), "floor": dict(floor)},
        checks={},
    )  # fmt: skip


def _pg(postmaster: int) -> float:
    return cpu.used({"pg": postmaster}, None).app["pg"]


async def _floor(home: Path) -> Mapping[str, float]:
    """Time a bare interpreter, and initdb with a first and a later start of the server alone."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "pass")
    await process.wait()
    bare = time.perf_counter() - began
    first = await asyncio.to_thread(_start_stop, home)
    later = await asyncio.to_thread(_start_stop, home)
    return {"interpreter_s": round(bare, 3), "pg_first_s": round(first, 2),
            "pg_later_s": round(later, 2)}  # fmt: skip


def _start_stop(home: Path) -> float:
    began = time.perf_counter()
    with Postgres(home):
        return time.perf_counter() - began


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POLYPHONY_")}
    return {**kept, "POLYPHONY_HOME": str(home), "POLYPHONY_PORT": str(free_port())}


def _postmaster(home: Path) -> int:
    for path in home.rglob("postmaster.pid"):
        return int(path.read_text().split("\n")[0])
    raise FileNotFoundError(home)


@asynccontextmanager
async def _up(
    environment: Mapping[str, str],
) -> AsyncIterator[tuple[asyncio.subprocess.Process, float]]:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "polyphony", "up", env=dict(environment),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        await _ready(process, f"http://127.0.0.1:{environment['POLYPHONY_PORT']}")
        yield process, time.perf_counter() - began
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _ready(process: asyncio.subprocess.Process, base: str) -> None:
    end = time.monotonic() + _READY_S
    async with httpx.AsyncClient(base_url=base) as http:
        while time.monotonic() < end and process.returncode is None:
            with contextlib.suppress(httpx.HTTPError):
                if (await http.get("/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.05)
    raise RuntimeError("`polyphony up` did not become ready; run it by hand to see why")
