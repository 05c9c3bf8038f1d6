"""Levers: what those who lead change for a while, with a look ahead, an end and a way back."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from polyphony.api.counter import LEVERS, STRUCTURE, Counter
from polyphony.api.desk import Call, In, Now, answer
from polyphony.domain.channel import WorkChannel
from polyphony.domain.lever import (
    AGENTS_MAX,
    ALONE_MILLI,
    KEPT,
    OF_CHANNEL,
    SECONDS_MAX,
    SECONDS_MIN,
    SKILLS_MAX,
    TERMS,
    Drain,
    Kind,
    Lever,
    Place,
)
from polyphony.flows import preview_lever, pull_lever
from polyphony.flows.pull_lever import Puller, Wish
from polyphony.store.levers import LeverRow

router = APIRouter(prefix="/v1", route_class=Counter, tags=["levers"])

ENDED = timedelta(hours=24)
"""So long what is over is still listed."""


class LookIn(In):
    """A lever to look at: what it moves, how much (``amount``: what it is depends on the kind)."""

    kind: Kind
    queue_id: UUID | None = None
    channel: WorkChannel | None = None
    tier: Literal["standard", "priority", "vip"] | None = None
    agent_ids: list[UUID] = Field([], max_length=AGENTS_MAX)
    amount: int | None = Field(None, ge=0, le=100_000)
    to_queue_id: UUID | None = None
    skills: dict[Annotated[str, Field(max_length=100)], int] = Field({}, max_length=SKILLS_MAX)
    other_channel: WorkChannel | None = None
    drain: Drain = Drain.WAIT
    seconds: int | None = Field(None, ge=SECONDS_MIN, le=SECONDS_MAX)


class SeenIn(In):
    """What the preview had said, as it was shown."""

    waiting: int = Field(ge=0, le=1_000_000_000)
    wait_before_ms: int = Field(ge=0, le=1_000_000_000)
    wait_after_ms: int = Field(ge=0, le=1_000_000_000)


class LeverIn(LookIn):
    """A lever to pull."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]
    seen: SeenIn | None = None


def _lever(body: LookIn) -> Lever:
    terms = TERMS[body.kind]
    agents = tuple(dict.fromkeys(body.agent_ids))
    place = Place(body.queue_id, body.channel, body.tier, agents)
    name = terms.name or "amount"
    value = {} if body.amount is None else {name: body.amount}
    other = body.other_channel or ""
    return Lever(body.kind, place, value, body.to_queue_id, 0, body.skills, str(other), body.drain)


def _seconds(body: LookIn) -> int:
    usual = TERMS[body.kind].seconds
    return usual if body.seconds is None or body.kind in OF_CHANNEL else body.seconds


def _puller(call: Call) -> Puller:
    return Puller(call.scope, call.actor, call.at)


def _told(call: Call, row: LeverRow, status: int = 200) -> Response:
    call.entity = ("lever", row.id)
    call.facts |= {"kind": row.kind, "value": row.value, "queue_id": str(row.queue_id or "")}
    return answer(pull_lever.told(row, call.scope), status)


def kinds() -> list[dict[str, object]]:
    """Return what can be pulled: usual time, amount with its bounds, whether it can stay."""
    return [
        {
            "kind": kind,
            "seconds": terms.seconds,
            "amount": terms.name or None,
            "low": terms.low,
            "high": terms.high,
            "usual": terms.usual,
            "may_stay": kind in KEPT,
            "until_cleared": kind in OF_CHANNEL,
        }
        for kind, terms in TERMS.items()
    ]


@router.get("/levers", name="levers.list", openapi_extra=LEVERS)
async def listed(call: Now) -> Response:
    """Return the levers of the places the caller leads: in force, asked for, ended this day."""
    found = await pull_lever.visible(call.session, call.scope, call.at - ENDED)
    return answer(
        {
            "items": [pull_lever.told(one, call.scope) for one in found],
            "kinds": kinds(),
            "alone_milli": ALONE_MILLI,
            "seconds": {"least": SECONDS_MIN, "most": SECONDS_MAX},
            "now": call.at,
        }
    )


@router.post("/levers/preview", name="levers.preview", openapi_extra=LEVERS)
async def preview(call: Now, body: LookIn) -> Response:
    """Say what would be offered differently in the next half hour; nothing is changed."""
    told = await preview_lever.preview(call.session, _lever(body), _seconds(body), _puller(call))
    return answer(told)


@router.post("/levers", name="levers.pull", status_code=201, openapi_extra=LEVERS)
async def pull(call: Now, body: LeverIn) -> Response:
    """Pull a lever: it counts at once, or when a second person agrees where it needs two."""
    seen = None if body.seen is None else body.seen.model_dump()
    wish = Wish(_lever(body), _seconds(body), body.reason, seen)
    call.facts["reason"] = body.reason
    return _told(call, await pull_lever.pull(call.session, call.key(), wish, _puller(call)), 201)


@router.post("/levers/{id}/confirm", name="levers.confirm", openapi_extra=LEVERS)
async def confirm(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Agree to a lever that needs two people."""
    return _told(call, await pull_lever.confirm(call.session, id, _puller(call)))


@router.post("/levers/{id}/undo", name="levers.undo", openapi_extra=LEVERS)
async def undo(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a lever off before its time."""
    return _told(call, await pull_lever.undo(call.session, id, _puller(call)))


@router.post("/levers/{id}/permanent", name="levers.permanent", openapi_extra=STRUCTURE)
async def make_permanent(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Write a lever into the set-up and take it off; needs the right to set up."""
    return _told(call, await pull_lever.make_permanent(call.session, id, _puller(call)))
