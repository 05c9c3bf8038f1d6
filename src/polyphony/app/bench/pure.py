"""Benches without a database: `read`, `routing`, `reference-day` (the core), `expected-wait`."""

import polyphony.app.bench.expected_wait as waiting
import polyphony.app.bench.read as reading
import polyphony.app.bench.reference_day as reference
import polyphony.app.bench.routing as core
from polyphony.app.bench.report import Measured, Target

READ_TARGETS = (
    Target("plain_cpu_to_floor", "lower", 1.5, 1.2),
    Target("mixed_cpu_to_floor", "lower", 2.0),
)
ROUTING_TARGETS = (Target("rate_to_scan", "higher", 300.0, 1500.0),)
DAY_TARGETS = (
    Target("weighted_service_level", "higher", 0.835),
    Target("points_over_static", "higher", 3.0),
    Target("load_cv", "lower", 0.12),
)
WAIT_TARGETS = (
    Target("median_error", "lower", 0.35),
    Target("within_half", "higher", 0.68),
)
_DAYS = {"quick": 1, "full": 5}
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


def reference_day(size: str, seed: int) -> Measured:
    """Rehearse the reference day: by the score, by static priority, and with interruption.

    ``quick`` is one day, ``full`` five; the first two go without interruption, as peers do.
    """
    found = [reference.compared(seed + n) for n in range(_DAYS[size])]
    score, static, whole = ([one[n] for one in found] for n in range(3))
    mean = reference.mean_of
    weighted = mean(one.weighted for one in score)
    count = reference.WISHES * len(found)
    spent = sum(one.cpu_s for one in score)
    return Measured(
        ops=count,
        wall_s=spent,
        cpu_us_per_op={"core": round(spent / count * 1e6, 1)},
        ratios={
            "weighted_service_level": round(weighted, 4),
            "points_over_static": round(100 * (weighted - mean(one.weighted for one in static)), 2),
            "load_cv": round(mean(one.load_cv for one in score), 4),
        },
        checks={"served_and_given_up": (sum(one.twice for day in found for one in day), 0)},
        extra={
            "left_overnight": round(mean(one.left for one in score)),
            "parts": reference.parts_of(score),
            "static_parts": reference.parts_of(static),
            "interrupting": {
                "weighted": round(mean(one.weighted for one in whole), 4),
                "load_cv": round(mean(one.load_cv for one in whole), 4),
                "interrupted": sum(one.interrupted for one in whole) // len(whole),
                **reference.parts_of(whole),
            },
        },
    )


def expected_wait(size: str, seed: int) -> Measured:
    """Compare what callers of the reference day would be told with what they waited."""
    found = [waiting.measure(seed + n) for n in range(_DAYS[size])]
    callers = sum(one.callers for one in found)
    return Measured(
        ops=callers,
        wall_s=sum(one.cpu_s for one in found),
        cpu_us_per_op={},
        ratios={
            "median_error": round(max(one.median for one in found), 3),
            "within_half": round(min(one.within_half for one in found), 3),
        },
        extra={"callers": callers},
    )
