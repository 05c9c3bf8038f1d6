"""Roles: which rights each gives; own ones are made, changed and taken away here."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from polyphony.api.configuration import MaybeName, Name
from polyphony.api.counter import PEOPLE, ROLES, Counter
from polyphony.api.desk import Call, In, Now, answer
from polyphony.api.paging import etag, version_wanted
from polyphony.domain.role import GROUPS, brought
from polyphony.flows import empower
from polyphony.store import configuration, staff
from polyphony.store.configuration import ROLE

router = APIRouter(prefix="/v1", route_class=Counter, tags=["people"])

Rights = Field(max_length=50)


class RoleIn(In):
    """A role of one's own; the key is made from the name unless it is given."""

    key: str | None = Field(None, pattern=r"^[a-z][a-z0-9_]{1,39}$")
    name: str = Name
    note: str = Field("", max_length=500)
    rights: list[str] = Rights


class RoleChange(In):
    """Changes of a role; its key stays."""

    name: str | None = MaybeName
    note: str | None = Field(None, max_length=500)
    rights: list[str] | None = Field(None, max_length=50)


def _giver(call: Call) -> empower.Giver:
    return empower.Giver(call.scope, call.actor, call.at)


@router.get("/roles", name="roles.list", openapi_extra=PEOPLE)
async def list_(call: Now) -> Response:
    """Return all roles, how many people have each, and the closed list of rights in groups."""
    items = await configuration.all_of(call.session, ROLE)
    uses = await staff.role_uses(call.session)
    for one in items:
        one["people"] = uses.get(str(one["key"]), 0)
    groups = [{"name": name, "rights": list(rights)} for name, rights in GROUPS.items()]
    return answer({"items": items, "groups": groups, "brings": brought()})


@router.post("/roles", name="roles.add", status_code=201, openapi_extra=ROLES)
async def add(call: Now, body: RoleIn) -> Response:
    """Make a role."""
    id_ = call.key()
    call.entity = ("role", id_)
    told = await empower.add_role(call.session, _giver(call), id_, body.model_dump())
    return answer(told, 201, {"ETag": etag(told["version"])})


@router.patch("/roles/{id}", name="roles.change", openapi_extra=ROLES)
async def change(call: Now, request: Request, id: UUID, body: RoleChange) -> Response:  # noqa: A002 - the name of the path
    """Change a role; whoever has it has the new rights at once."""
    values = body.model_dump(exclude_none=True)
    call.facts["fields"] = sorted(values)
    version = version_wanted(request)
    told = await empower.change_role(call.session, _giver(call), id, values, version)
    return answer(told, headers={"ETag": etag(told["version"])})


@router.delete("/roles/{id}", name="roles.remove", status_code=204, openapi_extra=ROLES)
async def remove(call: Now, request: Request, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a role away; refused while somebody has it."""
    await empower.remove_role(call.session, _giver(call), id, version_wanted(request))
    return answer()
