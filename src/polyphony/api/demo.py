"""Demo: the control bar of the living demo, and its removal; nothing of it elsewhere."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from polyphony.api.counter import ADMIN, WORKER, Counter
from polyphony.api.desk import Call, Desk, In, Now, answer
from polyphony.domain.errors import NotFound
from polyphony.flows import configure
from polyphony.store import configuration
from polyphony.store import demo as store

router = APIRouter(prefix="/v1", route_class=Counter, tags=["demo"])


class PaceIn(In):
    """How fast the pretended world goes."""

    paused: bool | None = None
    speed: float | None = Field(None, ge=0.1, le=60)


class ActIn(In):
    """Something that shall happen now."""

    act: Literal["mail", "chat", "vip"]


async def _wish(call: Call) -> store.Wish:
    found = await store.state(call.session)
    if found is None:
        raise NotFound("demo")
    return found


@router.get("/demo", name="demo.read")
async def read(call: Now) -> Response:
    """Return what the control bar says."""
    return answer(await _wish(call))


@router.put("/demo", name="demo.pace", openapi_extra=WORKER)
async def pace(call: Now, body: PaceIn) -> Response:
    """Pause, go on, go faster."""
    wish = await _wish(call)
    paused = wish.paused if body.paused is None else body.paused
    speed = wish.speed if body.speed is None else body.speed
    await store.set_pace(call.session, paused=paused, speed=speed)
    return answer(await _wish(call))


@router.post("/demo/acts", name="demo.act", status_code=202, openapi_extra=WORKER)
async def act(call: Now, body: ActIn) -> Response:
    """Let something happen."""
    await _wish(call)
    await store.press(call.session, body.act)
    return answer({"act": body.act}, 202)


@router.delete("/demo", name="demo.remove", openapi_extra=ADMIN)
async def remove(call: Now) -> Response:
    """Remove all that is pretended; every screen begins afresh."""
    await _wish(call)
    gone = await store.remove(call.session)
    everybody = await configuration.everybody(call.session)
    await configure.tell_rights(call.session, everybody, call.actor)
    return answer({"cases": gone})


async def _customer(request: Request) -> Response:
    """Lead to the page on which one is the customer."""
    desk: Desk = request.app.state.desk
    async with desk.database.reads() as session:
        wish = await store.state(session)
    if wish is None:
        raise HTTPException(404)
    return RedirectResponse(wish.customer_url, 307)


def routes() -> list[Route]:
    """Return the bare routes of the demo."""
    return [Route("/demo/customer", _customer)]
