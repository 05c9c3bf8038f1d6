"""Routing: the house's rules of capacity, the weights of its score, what listening tells."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from polyphony.api.counter import STRUCTURE, Counter
from polyphony.api.desk import Call, In, Now, answer
from polyphony.api.paging import etag, version_wanted
from polyphony.flows import tune
from polyphony.store import tuning

router = APIRouter(prefix="/v1/routing", route_class=Counter, tags=["configuration"])

Milli = Annotated[int, Field(ge=1, le=100_000)]
Kind = Annotated[str, Field(max_length=20)]
Points = Annotated[int, Field(ge=0, le=10_000_000)]


class CostIn(In):
    """What one item of a channel takes: units, and whether it needs its agent for itself."""

    units: int = Field(ge=1, le=300)
    exclusive: bool = False


class CapacityIn(In):
    """Rules of capacity; what is left out is as usual. Pairs: what arrives, what makes room."""

    costs: dict[Kind, CostIn] = Field({}, max_length=40)
    interrupts: list[tuple[Kind, Kind]] | None = Field(None, max_length=400)


class ScoreIn(In):
    """Weights in thousandths and points of the terms; what is left out is as usual."""

    tier: dict[str, Milli] = Field({}, max_length=10)
    channel: dict[str, Milli] = Field({}, max_length=20)
    urgency: dict[str, Milli] = Field({}, max_length=10)
    keep: Points | None = None
    idle: Points | None = None
    sticky: Points | None = None
    level: Points | None = None
    interrupt: Points | None = None


class ListeningIn(In):
    """Whether agents are told when somebody who leads reads along with them."""

    tell: bool = True


@router.get("/capacity", name="routing.capacity", openapi_extra=STRUCTURE)
async def capacity(call: Now) -> Response:
    """Return what each channel costs and what may interrupt what."""
    return await _read(call, tuning.CAPACITY)


@router.put("/capacity", name="routing.set_capacity", openapi_extra=STRUCTURE)
async def set_capacity(call: Now, request: Request, body: CapacityIn) -> Response:
    """Change what channels cost and what may interrupt what."""
    return await _write(call, request, tuning.CAPACITY, body)


@router.get("/score", name="routing.score", openapi_extra=STRUCTURE)
async def score(call: Now) -> Response:
    """Return the weights of the score."""
    return await _read(call, tuning.SCORE)


@router.put("/score", name="routing.set_score", openapi_extra=STRUCTURE)
async def set_score(call: Now, request: Request, body: ScoreIn) -> Response:
    """Change the weights of the score."""
    return await _write(call, request, tuning.SCORE, body)


@router.get("/listening", name="routing.listening", openapi_extra=STRUCTURE)
async def listening(call: Now) -> Response:
    """Return whether agents are told when somebody who leads reads along."""
    return await _read(call, tuning.LISTENING)


@router.put("/listening", name="routing.set_listening", openapi_extra=STRUCTURE)
async def set_listening(call: Now, request: Request, body: ListeningIn) -> Response:
    """Change whether agents are told when somebody who leads reads along."""
    return await _write(call, request, tuning.LISTENING, body)


async def _read(call: Call, key: str) -> Response:
    told = await tune.read(call.session, key)
    return answer(told, headers={"ETag": etag(told["version"])})


async def _write(call: Call, request: Request, key: str, body: In) -> Response:
    value = body.model_dump(mode="json", exclude_defaults=True)
    told = await tune.write(call.session, key, value, version_wanted(request), call.actor)
    return answer(told, headers={"ETag": etag(told["version"])})
