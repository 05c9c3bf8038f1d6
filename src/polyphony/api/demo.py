"""Demo: the control bar of the living demo, and its removal; nothing of it elsewhere."""

from urllib.parse import urlencode

from fastapi import APIRouter, Response
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from polyphony.api.counter import CONFIGURE, WORKER, Counter
from polyphony.api.desk import Call, Desk, In, Json, Now, answer
from polyphony.domain.errors import NotFound
from polyphony.flows import configure
from polyphony.store import configuration, demo_removal
from polyphony.store import demo as store

router = APIRouter(prefix="/v1", route_class=Counter, tags=["demo"])


class PaceIn(In):
    """How fast the pretended world goes."""

    paused: bool | None = None
    speed: float | None = Field(None, ge=0.1, le=60)


class ActIn(In):
    """Something that shall happen now; ``story:`` and a name tells a story from its beginning."""

    act: str = Field(pattern=r"^(mail|chat|vip|vip_mail|incident|jump|story:[a-z_]{1,40})$")


async def _wish(call: Call) -> store.Wish:
    found = await store.state(call.session)
    if found is None:
        raise NotFound("demo")
    return found


def _told(wish: store.Wish) -> Json:
    return {
        "paused": wish.paused,
        "speed": wish.speed,
        "acts": list(wish.acts),
        "customer_url": wish.customer_url,
        "removing": wish.removing,
        "status": dict(wish.status),
        "cast": wish.about.get("cast", []),
        "stories": wish.about.get("stories", []),
    }


@router.get("/demo", name="demo.read")
async def read(call: Now) -> Response:
    """Return what the control bar says, who plays and how it goes."""
    return answer(_told(await _wish(call)))


@router.put("/demo", name="demo.pace", openapi_extra=WORKER)
async def pace(call: Now, body: PaceIn) -> Response:
    """Pause, go on, go faster."""
    wish = await _wish(call)
    paused = wish.paused if body.paused is None else body.paused
    speed = wish.speed if body.speed is None else body.speed
    await store.set_pace(call.session, paused=paused, speed=speed)
    return answer(_told(await _wish(call)))


@router.post("/demo/acts", name="demo.act", status_code=202, openapi_extra=WORKER)
async def act(call: Now, body: ActIn) -> Response:
    """Let something happen."""
    await _wish(call)
    await store.press(call.session, body.act)
    return answer({"act": body.act}, 202)


@router.delete("/demo", name="demo.remove", openapi_extra=CONFIGURE)
async def remove(call: Now) -> Response:
    """Remove a slice of all that is pretended; called again until nothing is left.

    The first call stops the pretended world; with the last one every screen begins afresh.
    """
    wish = await _wish(call)
    if not wish.removing:
        await demo_removal.begin(call.session)
    removed, left = await demo_removal.remove_slice(call.session)
    total = wish.removing or removed + left
    if not wish.removing:
        await store.remove_from(call.session, total)
    if left == 0:
        await demo_removal.finish(call.session)
        everybody = await configuration.everybody(call.session)
        await configure.tell_rights(call.session, everybody, call.actor)
    call.facts["removed"] = removed
    return answer({"removed": removed, "left": left, "total": max(total, removed + left)})


async def _customer(request: Request) -> Response:
    """Lead to the page on which one is the customer; ``as`` and ``lang`` choose whom."""
    desk: Desk = request.app.state.desk
    async with desk.database.reads() as session:
        wish = await store.state(session)
    if wish is None:
        raise HTTPException(404)
    asked = {
        name: value[:40] for name in ("as", "lang") if (value := request.query_params.get(name, ""))
    }
    where = f"{wish.customer_url.rstrip('/')}/?{urlencode(asked)}" if asked else wish.customer_url
    return RedirectResponse(where, 307)


def routes() -> list[Route]:
    """Return the bare routes of the demo."""
    return [Route("/demo/customer", _customer)]
