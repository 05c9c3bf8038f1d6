"""Is everything all right, and what to do where it is not: one line for each check."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]

_SIGN = {"ok": "ok  ", "warn": "WARN", "fail": "FAIL"}


@dataclass(frozen=True, slots=True)
class Check:
    """One answer: ``what`` was seen, and ``advice`` what to do when it is not ok."""

    name: str
    state: State
    what: str
    advice: str = ""


def facts(checks: Sequence[Check]) -> Mapping[str, object]:
    """Return the report for programs."""
    return {"state": worst(checks), "checks": [asdict(check) for check in checks]}


def lines(checks: Sequence[Check]) -> Sequence[str]:
    """Return the report for people, what is wrong with its advice below it."""
    width = max((len(check.name) for check in checks), default=0)
    told = []
    for check in checks:
        told.append(f"{_SIGN[check.state]}  {check.name:<{width}}  {check.what}")
        if check.advice and check.state != "ok":
            told.append(f"{'':<{width + 8}}→ {check.advice}")
    return told


def worst(checks: Sequence[Check]) -> State:
    """Return the worst state of all checks."""
    states = {check.state for check in checks}
    return "fail" if "fail" in states else "warn" if "warn" in states else "ok"
