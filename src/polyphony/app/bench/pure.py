"""Benches without a database: `read` (the mail reader alone) and `routing` (the core alone)."""

import polyphony.app.bench.read as reading
import polyphony.app.bench.routing as core
from polyphony.app.bench.report import Measured, Target

READ_TARGETS = (
    Target("plain_cpu_to_floor", "lower", 1.5, 1.2),
    Target("mixed_cpu_to_floor", "lower", 2.0),
)
ROUTING_TARGETS = (Target("rate_to_scan", "higher", 300.0, 1500.0),)
_MAILS = {"quick": 500, "full": 1000}
_DECISIONS = {"quick": 30_000, "full": 60_000}


def read(size: str, seed: int) -> Measured:
    """Measure the reader against compat32 parsing, six headers and the body's decoding."""
    ratios, us = {}, {}
    ops = 0
    for kind in ("plain", "mixed"):
        count = _MAILS[size] if kind == "plain" else _MAILS[size] // 4
        made = reading.mails(seed, count, kind)
        reading.measured(made[: count // 10])  # warm: imports, tables, patterns
        floor, spent = reading.floor(made), reading.measured(made)
        ratios[f"{kind}_cpu_to_floor"] = spent / floor
        us[kind] = round(spent / count * 1e6, 1)
        us[f"{kind}_floor"] = round(floor / count * 1e6, 1)
        ops += count
    return Measured(ops=ops, wall_s=0.0, cpu_us_per_op=us, ratios=ratios)


def parse_floor_us(seed: int) -> float:
    """Return what compat32 alone costs for a plain mail, in microseconds."""
    made = reading.mails(seed, 300, "plain")
    reading.floor(made[:50])
    return float(reading.floor(made)) / len(made) * 1e6


def routing(size: str, seed: int) -> Measured:
    """Measure decisions a second of the full policy against a scan of the same data."""
    made = core.data(seed, "quick")
    scanned, scan_s = core.naive_scan(made, 20)
    found = core.core(made, _DECISIONS[size])
    rate, scan_rate = found.ops / found.cpu_s, scanned / scan_s
    return Measured(
        ops=found.ops,
        wall_s=found.cpu_s,
        cpu_us_per_op={"core": round(found.cpu_s / found.ops * 1e6, 1),
                       "scan": round(scan_s / scanned * 1e6, 1)},
        ratios={"rate_to_scan": rate / scan_rate},
        checks={name: (count, 0) for name, count in found.checks.items()},
        extra={"decisions_per_s": round(rate), "scan_per_s": round(scan_rate, 1),
               "build_s": round(found.build_s, 3)},
    )  # fmt: skip
