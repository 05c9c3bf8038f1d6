"""The result of a bench: one JSON object, its ratios against targets, and a table for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Target:
    """What a ratio must reach; ``better`` is lower or higher, ``wall`` = hangs on wall time."""

    ratio: str
    better: str
    target: float
    stretch: float | None = None
    wall: bool = False

    def judged(self, value: float | None, *, quiet: bool = True) -> dict[str, object]:
        """Compare; what was not measured is not met, wall time on a busy machine is not judged."""
        if self.wall and not quiet:
            return {**self.judged(value), "met": None, "stretch_met": None}
        row: dict[str, object] = {
            "ratio": self.ratio,
            "better": self.better,
            "target": self.target,
            "stretch": self.stretch,
            "value": value,
            "met": self._reached(value, self.target),
        }
        if self.stretch is not None:
            row["stretch_met"] = self._reached(value, self.stretch)
        return row

    def _reached(self, value: float | None, goal: float) -> bool:
        if value is None:
            return False
        return value <= goal if self.better == "lower" else value >= goal


@dataclass(slots=True)
class Measured:
    """What one run of one bench found; ``checks`` are promises, all of them must hold."""

    ops: int
    wall_s: float
    cpu_us_per_op: Mapping[str, object]
    ratios: Mapping[str, float | None]
    checks: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    latency_ms: Mapping[str, object] | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    errors: int = 0
    notes: Sequence[str] = ()

    @property
    def valid(self) -> bool:
        """Whether every promise held (found == promised)."""
        return self.errors == 0 and all(found == wanted for found, wanted in self.checks.values())


@dataclass(frozen=True, slots=True)
class Head:
    """What a result says of itself before any figure."""

    name: str
    size: str
    seed: int
    params: Mapping[str, object]


def document(
    head: Head,
    machine: Mapping[str, object],
    floor: Mapping[str, object],
    runs: Sequence[Measured],
    targets: Sequence[Target],
) -> dict[str, object]:
    """Assemble the JSON of the design; the middle run by its first ratio is the one reported."""
    key = targets[0].ratio if targets else ""
    ordered = sorted(runs, key=lambda run: run.ratios.get(key) or 0.0)
    middle = ordered[len(ordered) // 2]
    return {
        "schema": 1,
        "name": head.name,
        "version": _version(),
        "size": head.size,
        "seed": head.seed,
        "params": dict(head.params),
        "machine": dict(machine),
        "floor": dict(floor),
        "result": {
            "ops": middle.ops,
            "wall_s": round(middle.wall_s, 3),
            "per_s": round(middle.ops / middle.wall_s, 1) if middle.wall_s else None,
            "errors": middle.errors,
            "cpu_us_per_op": dict(middle.cpu_us_per_op),
            "latency_ms": middle.latency_ms,
            "checks": {name: list(pair) for name, pair in middle.checks.items()},
            **middle.extra,
        },
        "ratios": dict(middle.ratios),
        "targets": [
            target.judged(middle.ratios.get(target.ratio), quiet=bool(machine.get("quiet")))
            for target in targets
        ],
        "runs": len(runs),
        "spread": {target.ratio: _spread(runs, target.ratio) for target in targets},
        "valid": all(run.valid for run in runs),
        "notes": [note for run in runs[:1] for note in run.notes],
    }


def show(result: Mapping[str, object], console: Console) -> None:
    """Print a result for people; a figure whose checks failed is not shown as one."""
    table = Table(title=f"{result['name']} · {result['size']}", title_justify="left")
    for column in ("ratio", "measured", "target", "met"):
        table.add_column(column)
    rows = result["targets"]
    for row in rows if isinstance(rows, list) else []:
        value = "invalid" if not result["valid"] else _number(row["value"])
        sign = "≤" if row["better"] == "lower" else "≥"
        met = "not judged, machine busy" if row["met"] is None else "yes" if row["met"] else "no"
        met = met if result["valid"] else "no"
        table.add_row(str(row["ratio"]), value, f"{sign} {row['target']}", met)
    if table.row_count:
        console.print(table)
    else:
        _show_floors(result, console)
    body = result["result"]
    if isinstance(body, dict):
        console.print(f"  CPU per operation (µs): {body['cpu_us_per_op']}")
        if body["latency_ms"]:
            quiet = result["machine"]
            mark = "" if isinstance(quiet, dict) and quiet.get("quiet") else "~"
            console.print(f"  latency (ms) {mark}{body['latency_ms']}")
        if not result["valid"]:
            console.print(f"  [red]checks failed:[/red] {body['checks']} errors {body['errors']}")


def _show_floors(result: Mapping[str, object], console: Console) -> None:
    """What this machine can do at best: the bench `floors` has no ratio of its own."""
    table = Table(title=f"{result['name']} · {result['size']}", title_justify="left")
    for column in ("floor", "measured"):
        table.add_column(column)
    floors = result["floor"]
    for name, found in floors.items() if isinstance(floors, dict) else ():
        if isinstance(found, dict):
            table.add_row(name, ", ".join(f"{key} {_number(one)}" for key, one in found.items()))
        else:
            table.add_row(name, _number(found))
    console.print(table)


def _spread(runs: Sequence[Measured], ratio: str) -> float | None:
    values = [value for run in runs if (value := run.ratios.get(ratio)) is not None]
    if len(values) < 2 or not max(values):
        return None
    return round((max(values) - min(values)) / max(values), 3)


def _number(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _version() -> str:
    try:
        return version("polyphony")
    except PackageNotFoundError:
        return "0.1.0"
