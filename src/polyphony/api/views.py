"""Views: the lists a person has under a name; made, changed, taken away."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from polyphony.api.counter import Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.api.paging import etag, version_wanted
from polyphony.domain.errors import NotFound
from polyphony.domain.ids import DepartmentId
from polyphony.domain.permission import Scope
from polyphony.flows import arrange
from polyphony.store import inbox, views
from polyphony.store.views import SavedView

router = APIRouter(prefix="/v1", route_class=Counter, tags=["cases"])

Sharing = Literal["personal", "team", "shared"]
Colour = Literal["plain", "accent", "good", "warn", "bad", "note"]
Sort = Literal["due", "newest", "oldest", "priority"]


class ViewIn(In):
    """A new view; ``filter`` is a filter tree, ``department_id`` belongs to a team's."""

    name: str = Field(min_length=1, max_length=60, pattern=r"^[^\r\n]*$")
    filter: Json
    sharing: Sharing = "personal"
    department_id: DepartmentId | None = None
    colour: Colour = "plain"
    sort: Sort = "due"
    place: int = Field(0, ge=-1000, le=1000)


class ViewChange(In):
    """Changes of a view."""

    name: str | None = Field(None, min_length=1, max_length=60, pattern=r"^[^\r\n]*$")
    filter: Json | None = None
    sharing: Sharing | None = None
    department_id: DepartmentId | None = None
    colour: Colour | None = None
    sort: Sort | None = None
    place: int | None = Field(None, ge=-1000, le=1000)


def told(scope: Scope, view: SavedView) -> Json:
    """Return a view as screens know it."""
    return {
        "id": view.id,
        "name": view.name,
        "sharing": view.sharing,
        "owner_id": view.owner_id,
        "department_id": view.department_id,
        "colour": view.colour,
        "sort": view.sort,
        "place": view.place,
        "filter": view.filter,
        "version": view.version,
        "may_edit": not arrange.needs(scope, view),
    }


def _who(call: Call) -> arrange.Arranger:
    return arrange.Arranger(call.scope, call.actor, call.at)


def _answered(call: Call, view: SavedView, status: int = 200) -> Response:
    call.entity = ("saved_view", view.id)
    return answer(told(call.scope, view), status, headers={"ETag": etag(view.version)})


@router.get("/views", name="views.list")
async def list_(call: Now, *, counted: bool = False) -> Response:
    """Return the caller's views; ``counted`` adds how many Cases stand in each, up to 1,000."""
    found = await views.listed(call.session, call.scope)
    items = [told(call.scope, one) for one in found]
    if counted:
        zone = await inbox.zone(call.session, call.me)
        for one, item in zip(found, items, strict=True):
            wish = inbox.view_wish(one.filter, inbox.context(call.scope, call.at, zone))
            item["count"] = await inbox.count(call.session, call.scope, wish, inbox.COUNT_MAX)
    return answer({"items": items})


@router.get("/views/{id}", name="views.read")
async def read(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return one view."""
    found = await views.one(call.session, call.scope, id)
    if found is None:
        raise NotFound("view")
    return _answered(call, found)


@router.post("/views", name="views.add", status_code=201)
async def add(call: Now, body: ViewIn) -> Response:
    """Keep a list under a name."""
    made = SavedView(
        call.key(),
        body.name.strip() or body.name,
        body.sharing,
        call.me,
        body.department_id,
        body.colour,
        body.sort,
        body.place,
        body.filter,
        1,
    )
    await arrange.add(call.session, _who(call), made)
    return _answered(call, made, 201)


@router.patch("/views/{id}", name="views.change")
async def change(call: Now, request: Request, id: UUID, body: ViewChange) -> Response:  # noqa: A002 - the name of the path
    """Change a view."""
    values = body.model_dump(exclude_unset=True, exclude_none=True)
    call.facts["fields"] = sorted(values)
    version = version_wanted(request)
    after = await arrange.change(call.session, _who(call), id, values, version)
    return _answered(call, after)


@router.delete("/views/{id}", name="views.remove", status_code=204)
async def remove(call: Now, request: Request, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a view away from everybody who has it."""
    await arrange.remove(call.session, _who(call), id, version_wanted(request))
    return answer()
