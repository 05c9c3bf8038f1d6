"""The journal of routing for the person at the terminal: listed, or lived through and compared."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from polyphony import settings
from polyphony.app.say import answer, say
from polyphony.app.staffing import work
from polyphony.cli.replay import ReplayAsk
from polyphony.domain.errors import Invalid
from polyphony.domain.routing import canonical
from polyphony.domain.service_hours import to_datetime
from polyphony.flows import replay as flow
from polyphony.flows.replay import Difference, Replayed

CHECK_FAILED = 4
Json = dict[str, Any]


def replay(ask: ReplayAsk) -> int:
    """List what was decided, or only prove that it would be decided again; 4 at a difference."""
    item = _item(ask.item)
    return asyncio.run(_replay(ask, _moment(ask.since), _moment(ask.until), item))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("replay.moment", {"given": text[:40]}) from error
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _item(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text is not None else None
    except ValueError as error:
        raise Invalid("replay.item", {"given": text[:40] if text else ""}) from error


async def _replay(
    ask: ReplayAsk, since: datetime | None, until: datetime | None, item: UUID | None
) -> int:
    async with work(settings.read(), make=False) as session:
        found = _Found()
        async for done in flow.replay(session, since, until):
            found.count(done)
            if not ask.verify and (since is None or done.cycle.at >= since):
                for line in _lines(done, item):
                    answer(line, [_text(line)], as_json=ask.as_json)
            if done.difference is not None:
                _tell(done.difference, as_json=ask.as_json)
                return CHECK_FAILED
    if ask.verify:
        answer(found.told(), [found.text()], as_json=ask.as_json)
    return 0


class _Found:
    """How much was lived through, and how fast."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.steps = self.begins = self.inputs = self.decisions = 0
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.digest = b""

    def count(self, done: Replayed) -> None:
        """Count one step."""
        one = done.cycle
        self.first = self.first or one.at
        self.last, self.digest = one.at, one.digest
        self.steps += 1
        self.begins += one.kind == "begin"
        self.inputs += one.n_inputs
        self.decisions += len(done.decided)

    def told(self) -> Json:
        """Say it as JSON."""
        took = time.perf_counter() - self.began
        lived = (self.last - self.first).total_seconds() if self.first and self.last else 0.0
        return {
            "equal": True,
            "steps": self.steps,
            "beginnings": self.begins,
            "inputs": self.inputs,
            "decisions": self.decisions,
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
            "digest": self.digest.hex(),
            "took_s": round(took, 3),
            "times_real": round(lived / took) if took else None,
        }

    def text(self) -> str:
        """Say it for people."""
        told = self.told()
        return (
            f"equal: {told['steps']} steps ({told['beginnings']} beginnings), {told['inputs']}"
            f" inputs, {told['decisions']} decisions, {told['times_real']} times as fast as it was;"
            f" digest {told['digest']}"
        )


def _lines(done: Replayed, item: UUID | None) -> Iterator[Json]:
    """Name what was decided, only about one item when it is named; its inputs too then."""
    written: Sequence[Any] = canonical.write_decisions(done.decided)
    place = {"at": done.cycle.at.isoformat(), "epoch": done.cycle.epoch, "no": done.cycle.no}
    if item is not None:
        mine = flow.about(item)
        taken = flow.inputs_of(done.cycle)
        for one in flow.named([row for row in taken if mine(row)]):
            yield {**place, "in": dict(one)}
        chosen = [two for row, two in zip(written, done.decided, strict=True) if mine(row)]
    else:
        chosen = list(done.decided)
    for decision in chosen:
        (one,) = flow.named(canonical.write_decisions([decision]))
        yield {**place, "out": dict(one), "why": decision.why()}


def _text(line: Json) -> str:
    told = line.get("out") or line.get("in") or {}
    sign = "→" if "out" in line else "←"
    facts = " ".join(
        f"{name}={_short(value)}"
        for name, value in told.items()
        if name not in {"kind", "at"} and value not in (None, [], "")
    )
    at = to_datetime(told["at"]).isoformat(timespec="milliseconds") if "at" in told else line["at"]
    return f"{at} {line['epoch']}.{line['no']} {sign} {told.get('kind')} {facts}"


def _short(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _tell(one: Difference, *, as_json: bool) -> None:
    cycle = one.cycle
    told = {
        "equal": False,
        "what": one.what,
        "at": cycle.at.isoformat(),
        "epoch": cycle.epoch,
        "no": cycle.no,
        "kept": flow.named(one.kept),
        "now": flow.named(one.now),
        "inputs": flow.named(one.inputs),
        "state": one.state,
    }
    say(f"{one.what} differ at {cycle.at.isoformat()}, step {cycle.epoch}.{cycle.no}")
    lines = [
        f"{name}: {orjson.dumps(told[name]).decode()}"
        for name in ("state", "inputs", "kept", "now")
    ]
    answer(told, lines, as_json=as_json)
