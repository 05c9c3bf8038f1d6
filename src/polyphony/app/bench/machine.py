"""What machine a figure was measured on, and whether it was quiet meanwhile."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

from polyphony.store.database import Database

_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "data_checksums")
OTHER_MAX = 0.05
STEAL_MAX = 0.02


@dataclass(frozen=True, slots=True)
class Moment:
    """Machine-wide CPU counters at one moment, in ticks."""

    total: int
    idle: int
    steal: int
    load: float

    @staticmethod
    def now() -> "Moment":
        """Read the counters; zeros where there is no /proc."""
        try:
            fields = [int(x) for x in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        except OSError:
            fields = [0] * 8
        return Moment(sum(fields), fields[3] + fields[4], fields[7], os.getloadavg()[0])


def describe(before: Moment, after: Moment, ours_s: float) -> dict[str, object]:
    """Describe machine and disturbance between two moments; ``ours_s`` = CPU known to be ours."""
    ticks = max(1, after.total - before.total)
    busy_s = (ticks - (after.idle - before.idle)) / os.sysconf("SC_CLK_TCK")
    all_s = ticks / os.sysconf("SC_CLK_TCK")
    other = max(0.0, (busy_s - ours_s) / all_s)
    steal = (after.steal - before.steal) / ticks
    return {
        "cpus": os.cpu_count(),
        "cpu": _cpu(),
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30),
        "os": _os(),
        "virtual": "hypervisor" in _flags(),
        "python": platform.python_version(),
        "load_before": round(before.load, 2),
        "load_after": round(after.load, 2),
        "other_cpu_share": round(other, 3),
        "steal_share": round(steal, 3),
        "quiet": other <= OTHER_MAX and steal <= STEAL_MAX,
    }


async def server(database: Database) -> dict[str, object]:
    """Describe the PostgreSQL server: version and the settings that decide durability."""
    async with database.transaction() as session:
        cursor = await session.execute(
            "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s)",
            [[*_SETTINGS, "server_version"]],
        )
        values = {str(name): str(value) for name, value in await cursor.fetchall()}
    version = values.pop("server_version", "?").split(" ")[0]
    return {"postgresql": version, "settings": values}


def unsafe(settings: dict[str, str]) -> list[str]:
    """Name the durability settings that are off."""
    safe = ("fsync", "synchronous_commit", "full_page_writes")
    return [name for name in safe if settings.get(name) != "on"]


def _cpu() -> str:
    for line in _cpuinfo():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _flags() -> str:
    return next((line for line in _cpuinfo() if line.startswith("flags")), "")


def _cpuinfo() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text().split("\n")
    except OSError:
        return []


def _os() -> str:
    try:
        for line in Path("/etc/os-release").read_text().split("\n"):
            if line.startswith("PRETTY_NAME="):
                return line.partition("=")[2].strip('"')
    except OSError:
        pass
    return platform.platform()
