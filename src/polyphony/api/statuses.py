"""Statuses: what agents may be doing, what each means per channel, and which reasons there are."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from polyphony.api.configuration import Language, given, listed
from polyphony.api.counter import STRUCTURE, Counter
from polyphony.api.desk import In, Now, answer
from polyphony.api.paging import etag, version_wanted
from polyphony.domain.channel import WorkChannel
from polyphony.flows import name_status
from polyphony.store.configuration import STATUS

router = APIRouter(prefix="/v1", route_class=Counter, tags=["presence"])

Mode = Literal["on", "transfer_only", "finish", "off"]
Place = Literal[WorkChannel, "live", "messaging", "async"]
Reason = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\r\n]*$")]
Word = Annotated[str, Field(max_length=60, pattern=r"^[^\r\n]*$")]
Colour = Literal["plain", "accent", "good", "warn", "bad", "note"]


class StatusChange(In):
    """Changes of a status; ``matrix`` by channel, else by class of channels, else off."""

    name: dict[Language, Word] | None = None
    matrix: dict[Place, Mode] | None = None
    reasons: list[Reason] | None = Field(None, max_length=30)
    colour: Colour | None = None
    place: int | None = Field(None, ge=0, le=10_000)


class StatusIn(StatusChange):
    """A status of the house."""

    key: str = Field(min_length=2, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")
    name: dict[Language, Word]
    matrix: dict[Place, Mode]


@router.get("/presence_statuses", name="presence_statuses.list")
async def statuses(call: Now) -> Response:
    """Return all statuses, those of the system included, in the order of the menu."""
    return await listed(call, STATUS)


@router.post(
    "/presence_statuses", name="presence_statuses.add", status_code=201, openapi_extra=STRUCTURE
)
async def add(call: Now, body: StatusIn) -> Response:
    """Add a status of the house."""
    id_ = call.key()
    call.entity = ("presence_status", id_)
    values = body.model_dump(exclude_none=True)
    told = await name_status.add(call.session, id_, values, call.actor)
    return answer(told, 201, {"ETag": etag(told["version"])})


@router.patch("/presence_statuses/{id}", name="presence_statuses.change", openapi_extra=STRUCTURE)
async def change(
    call: Now,
    request: Request,
    id: UUID,  # noqa: A002 - the name of the path
    body: StatusChange,
) -> Response:
    """Change a status; whoever is in it takes at once what it means now."""
    values = {name: one for name, one in given(body).items() if one is not None}
    call.facts["fields"] = sorted(values)
    version = version_wanted(request)
    told = await name_status.change(call.session, id, values, version, call.actor, call.at)
    return answer(told, headers={"ETag": etag(told["version"])})


@router.delete(
    "/presence_statuses/{id}",
    name="presence_statuses.remove",
    status_code=204,
    openapi_extra=STRUCTURE,
)
async def remove(call: Now, request: Request, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a status of the house away; refused while somebody is in it."""
    await name_status.remove(call.session, id, version_wanted(request), call.actor)
    return answer()
