"""Call out: other systems a ladder tells, what became of the calls, and who is on call."""

import secrets
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from polyphony.api.configuration import MaybeName, Name, added, changed, given, listed
from polyphony.api.counter import STRUCTURE, Counter
from polyphony.api.desk import Call, In, Now, answer
from polyphony.api.paging import version_wanted
from polyphony.domain.errors import NotFound
from polyphony.domain.hook import SECRET_BYTES, check_url
from polyphony.domain.roster import PEOPLE_MAX, TURNS_MAX
from polyphony.flows import configure, hook, keep_roster
from polyphony.store import configuration, hooks
from polyphony.store.hooks import HOOK

router = APIRouter(prefix="/v1", route_class=Counter, tags=["configuration"])

CALLS_MAX = 50


class HookIn(In):
    """Another system that may be told."""

    name: str = Name
    url: str = Field(min_length=1, max_length=2000)
    active: bool = True


class HookChange(In):
    """Changes of one."""

    name: str | None = MaybeName
    url: str | None = Field(None, min_length=1, max_length=2000)
    active: bool | None = None


class TurnIn(In):
    """Somebody is on call from one moment until another."""

    person: UUID
    from_: datetime = Field(alias="from")
    until: datetime


class RosterIn(In):
    """Who is on call: a week each from ``begins`` on, changing at ``hour``; turns go before."""

    people: list[UUID] = Field(default_factory=list, max_length=PEOPLE_MAX)
    begins: date | None = None
    hour: int = Field(8, ge=0, le=23)
    turns: Annotated[list[TurnIn], Field(max_length=TURNS_MAX)] = Field(default_factory=list)


@router.get("/hooks", name="hooks.list", openapi_extra=STRUCTURE)
async def list_(call: Now) -> Response:
    """Return the systems that may be told; never their secrets."""
    return await listed(call, HOOK)


@router.post("/hooks", name="hooks.add", status_code=201, openapi_extra=STRUCTURE)
async def add(call: Now, body: HookIn) -> Response:
    """Add a system; it is called only once it has a secret (``POST /v1/hooks/{id}/secret``)."""
    return await added(call, HOOK, body.model_copy(update={"url": check_url(body.url)}))


@router.patch("/hooks/{id}", name="hooks.change", openapi_extra=STRUCTURE)
async def change(call: Now, request: Request, id: UUID, body: HookChange) -> Response:  # noqa: A002 - the name of the path
    """Change a system; switched off, it is told nothing, and what waits waits on."""
    values = given(body)
    if "url" in values:
        values["url"] = check_url(str(values["url"]))
    return await changed(call, request, HOOK, id, values)


@router.delete("/hooks/{id}", name="hooks.remove", status_code=204, openapi_extra=STRUCTURE)
async def remove(call: Now, request: Request, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a system away with its calls; refused while a ladder tells it."""
    await keep_roster.unused(call.session, id)
    await configure.remove(call.session, HOOK, id, version_wanted(request), call.actor)
    return answer()


@router.post("/hooks/{id}/secret", name="hooks.secret", openapi_extra=STRUCTURE)
async def secret(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Make a new secret and tell it, once; the old one signs beside it for a day."""
    call.entity = ("hook", id)
    keys = call.desk.outside.keys
    chance = secrets.token_bytes(SECRET_BYTES)
    made = await hook.new_secret(call.session, id, chance, keys, call.at)
    return answer({"secret": made})


@router.post("/hooks/{id}/test", name="hooks.test", openapi_extra=STRUCTURE)
async def test(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Promise a call that only says that it is one."""
    call.entity = ("hook", id)
    return answer({"id": await hook.test(call.session, id, call.at)}, 202)


@router.get("/hooks/{id}/calls", name="hooks.calls", openapi_extra=STRUCTURE)
async def calls(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return the newest calls to a system and what became of them."""
    if await configuration.one(call.session, HOOK, id) is None:
        raise NotFound("hook")
    found = await hooks.calls(call.session, id, CALLS_MAX)
    return answer({"items": [asdict(one) for one in found]})


@router.get("/rosters", name="rosters.list")
async def rosters(call: Now) -> Response:
    """Return who is on call in each department, and who it is now."""
    return await _rosters(call)


@router.put("/rosters/{id}", name="rosters.put", openapi_extra=STRUCTURE)
async def put(call: Now, request: Request, id: UUID, body: RosterIn) -> Response:  # noqa: A002 - the name of the path
    """Set who is on call in a department; nobody at all takes the roster away."""
    call.entity = ("department", id)
    values = body.model_dump(mode="json", by_alias=True)
    wish = keep_roster.Wish(id, values, call.key(), version_wanted(request, required=False))
    await keep_roster.put(call.session, wish, call.actor)
    return await _rosters(call)


async def _rosters(call: Call) -> Response:
    return answer({"items": await keep_roster.shown(call.session, call.at)})
