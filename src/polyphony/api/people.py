"""People: staff accounts, roles, invitations, sign-ins; agents, their skills and capacity."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from polyphony.api.counter import PEOPLE, STRUCTURE, Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.api.paging import etag, moved_on, version_wanted
from polyphony.domain.channel import WorkChannel
from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.move import By
from polyphony.flows import attend, configure, empower, sign_in
from polyphony.store import changes, crew, people, staff

router = APIRouter(prefix="/v1", route_class=Counter, tags=["people"])

RoleName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class LimitIn(In):
    """A role limited to one department."""

    role: RoleName
    department_id: UUID


class PersonIn(In):
    """Somebody to invite."""

    name: str = Field(min_length=1, max_length=200, pattern=r"^[^\r\n]*$")
    email: str = Field(max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")
    roles: list[RoleName] = Field(["agent"], max_length=20)
    role_departments: list[LimitIn] = Field([], max_length=100)
    departments: list[UUID] = Field([], max_length=100)
    language: Literal["en", "cs", "pl", "ru"] = "en"


class PersonChange(In):
    """What the administrator may change of a person."""

    name: str | None = Field(None, min_length=1, max_length=200, pattern=r"^[^\r\n]*$")
    email: str | None = Field(None, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")
    roles: list[RoleName] | None = Field(None, max_length=20)
    role_departments: list[LimitIn] | None = Field(None, max_length=100)
    departments: list[UUID] | None = Field(None, max_length=100)
    language: Literal["en", "cs", "pl", "ru"] | None = None
    zone: str | None = Field(None, max_length=60)


class SkillLevel(In):
    """How well an agent knows something, from when to when, by whose word; a licence's number.

    What is left out stays as it is.
    """

    skill_id: UUID
    level: int = Field(ge=1, le=5)
    valid_from: date | None = None
    valid_to: date | None = None
    source: Literal["admin", "scim", "test"] = "admin"
    evidence: str = Field("", max_length=500)


class AgentIn(In):
    """What an agent takes: channels, units, skills."""

    channels: list[WorkChannel] | None = Field(None, max_length=20)
    cap_max: int | None = Field(None, ge=0, le=300)
    skills: list[SkillLevel] | None = Field(None, max_length=200)
    department_id: UUID | None = None


def _roles(roles: list[RoleName], limited: list[LimitIn]) -> list[tuple[str, UUID | None]]:
    """A role named in both is limited to the departments named."""
    bound = {one.role for one in limited}
    whole: list[tuple[str, UUID | None]] = [(role, None) for role in roles if role not in bound]
    return whole + [(one.role, one.department_id) for one in limited]


@router.get("/people", name="people.list", openapi_extra=PEOPLE)
async def list_(call: Now) -> Response:
    """Return all people, and when each was last here."""
    items = await staff.everybody(call.session)
    seen = await people.last_seen(call.session)
    for one in items:
        one["last_seen"] = seen.get(UUID(str(one["id"])))
    return answer({"items": items})


@router.post("/people", name="people.invite", status_code=201, openapi_extra=PEOPLE)
async def invite(call: Now, body: PersonIn) -> Response:
    """Add a person; the answer holds the link to hand over, good for 72 hours."""
    roles = _roles(body.roles, body.role_departments)
    new = staff.NewPerson(
        call.key(), body.email.strip().lower(), body.name.strip(), body.language, [], [],
    )  # fmt: skip
    await staff.add(call.session, new)
    call.entity = ("person", new.id)
    await empower.give(call.session, _giver(call), new.id, roles, body.departments)
    person = await configure.tell_person(call.session, new.id, call.actor)
    await changes.record(call.session, "person", new.id, (None, person), call.me)
    return answer({"person": person, "link": await _link(call, new.id)}, 201)


def _giver(call: Call) -> empower.Giver:
    return empower.Giver(call.scope, call.actor, call.at)


async def _link(call: Call, person: UUID) -> str:
    token = await sign_in.link(call.session, person, "invite", call.at)
    return f"{call.desk.address}/{sign_in.PAGE}{token}"


@router.patch("/people/{id}", name="people.change", openapi_extra=PEOPLE)
async def change(call: Now, request: Request, id: UUID, body: PersonChange) -> Response:  # noqa: A002 - the name of the path
    """Change name, address, roles or departments of a person."""
    before = await staff.one(call.session, id)
    await empower.check_target(call.session, _giver(call), id)
    values = body.model_dump(
        exclude_none=True, exclude={"roles", "role_departments", "departments"}
    )
    if "email" in values:
        values["email"] = values["email"].strip().lower()
    if not await staff.change(call.session, id, values, version_wanted(request)):
        raise moved_on(before)
    roles = None if body.roles is None else _roles(body.roles, body.role_departments or [])
    await empower.give(call.session, _giver(call), id, roles, body.departments)
    call.facts["fields"] = sorted(body.model_fields_set)
    person = await configure.tell_person(call.session, id, call.actor, before)
    return answer(person, headers={"ETag": etag(person["version"])})


@router.post("/people/{id}/disable", name="people.disable", openapi_extra=PEOPLE)
async def disable(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Disable a person: sessions and sockets end at once, open work goes back."""
    if id == call.me:
        raise Conflict("person.last_admin")
    before = await staff.one(call.session, id)
    await empower.check_target(call.session, _giver(call), id)
    await staff.change(call.session, id, {"state": "disabled"}, None)
    if not await staff.governed(call.session):
        raise Conflict("person.last_admin")
    await sign_in.end(call.session, call.actor, call.at, person=id)
    if before["agent"]:
        await attend.dismiss(call.session, id, call.at, attend.Doer(call.actor, By.ADMIN))
    return answer(await configure.tell_person(call.session, id, call.actor, before))


@router.post("/people/{id}/enable", name="people.enable", openapi_extra=PEOPLE)
async def enable(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Let a disabled person in again."""
    before = await staff.one(call.session, id)
    await empower.check_target(call.session, _giver(call), id)
    await staff.change(call.session, id, {"state": "active"}, None)
    return answer(await configure.tell_person(call.session, id, call.actor, before))


@router.post(
    "/people/{id}/invite", name="people.invite_again", status_code=201, openapi_extra=PEOPLE
)
async def invite_again(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Make a new link for a person; earlier ones are spent."""
    person = await staff.one(call.session, id)
    await empower.check_target(call.session, _giver(call), id)
    return answer({"person": person, "link": await _link(call, id)}, 201)


@router.get("/people/{id}/sign_ins", name="people.sign_ins", openapi_extra=PEOPLE)
async def sign_ins(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return where a person is signed in: device, address, since when, last seen."""
    await staff.one(call.session, id)
    found = await people.living(call.session, id, call.at, call.at - sign_in.IDLE)
    mine = call.signed.id
    return answer({"items": [asdict(one) | {"current": one.id == mine} for one in found]})


@router.delete(
    "/people/{id}/sign_ins", name="people.end_sign_ins", status_code=204, openapi_extra=PEOPLE
)
async def end_sign_ins(call: Now, id: UUID, sign_in_id: UUID | None = None) -> Response:  # noqa: A002 - the name of the path
    """Sign a person out, of one session or everywhere; the sockets close at once."""
    await staff.one(call.session, id)
    await empower.check_target(call.session, _giver(call), id)
    living = await people.living(call.session, id, call.at, call.at - sign_in.IDLE)
    if sign_in_id is None:
        ended = await sign_in.end(call.session, call.actor, call.at, person=id)
    elif sign_in_id in {one.id for one in living}:
        ended = await sign_in.end(call.session, call.actor, call.at, sign_in=sign_in_id)
    else:
        raise NotFound("sign_in")
    call.facts["ended"] = ended
    return answer()


# ── agents ──────────────────────────────────────────────────────────────────────────────────────


@router.get("/agents", name="agents.list")
async def agents(call: Now) -> Response:
    """Return all agents with skills, queues and capacity."""
    return answer({"items": await crew.agents(call.session)})


@router.get("/agents/{id}", name="agents.read")
async def agent(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return one agent."""
    return answer(await _agent(call, id))


async def _agent(call: Call, id_: UUID) -> Json:
    found = await crew.agents(call.session, id_)
    if not found:
        raise NotFound("agent")
    return found[0]


@router.patch("/agents/{id}", name="agents.change", openapi_extra=STRUCTURE)
async def change_agent(call: Now, id: UUID, body: AgentIn) -> Response:  # noqa: A002 - the name of the path
    """Change channels, capacity and skills of an agent."""
    values = body.model_dump(exclude_none=True, exclude={"skills"})
    if body.skills is not None:
        values["skills"] = [one.model_dump(exclude_unset=True) for one in body.skills]
    before = await _agent(call, id)
    if not await crew.change_agent(call.session, id, values):
        raise NotFound("agent")
    await configure.tell_agent(call.session, id, call.actor)
    await attend.changed(call.session, [id], call.at, call.actor)
    call.facts["fields"] = sorted(values)
    now = await _agent(call, id)
    await changes.record(call.session, "agent", id, (before, now), call.me)
    return answer(now)
