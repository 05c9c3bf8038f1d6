"""Agents: presence by hand, switches per channel, "I am here"; a supervisor changes others'."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, Field

from polyphony.api.counter import SUPERVISOR, Counter
from polyphony.api.desk import Call, In, Now, answer
from polyphony.domain.errors import Forbidden, NotFound
from polyphony.domain.move import By
from polyphony.domain.permission import leads
from polyphony.flows import attend, step_in
from polyphony.store import projections, staff

router = APIRouter(prefix="/v1", route_class=Counter, tags=["presence"])


class PresenceIn(In):
    """A status somebody chooses: of the system, or one of the house by its key."""

    status: str = Field(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")
    reason: str | None = Field(None, max_length=200)
    planned_return: AwareDatetime | None = None


class StepIn(PresenceIn):
    """A status a supervisor gives somebody, and why: the agent reads it."""

    reason: str = Field(min_length=1, max_length=200, pattern=r"\S")


class SwitchIn(In):
    """One channel on or off."""

    on: bool


def _agent(call: Call) -> UUID:
    if not call.scope.agent:
        raise Forbidden("rights.missing", {"needs": ["take"]})
    return call.me


def _wish(body: PresenceIn) -> attend.Wish:
    return attend.Wish(body.status, body.reason, body.planned_return)


def _self(call: Call) -> attend.Doer:
    return attend.Doer(call.actor, By.AGENT)


async def _told(call: Call, agent: UUID) -> Response:
    found = await projections.presences(call.session, [agent])
    load = await projections.loads(call.session, [agent])
    return answer({"presence": found[agent], "load": load.get(agent)})


@router.put("/presence", name="presence.choose")
async def choose(call: Now, body: PresenceIn) -> Response:
    """Choose a status; Offers that no longer fit are withdrawn at once."""
    agent = _agent(call)
    await attend.choose(call.session, agent, _wish(body), call.at, _self(call))
    return await _told(call, agent)


@router.put("/presence/channels/{kind}", name="presence.switch")
async def switch(call: Now, kind: str, body: SwitchIn) -> Response:
    """Switch one channel on or off."""
    agent = _agent(call)
    await attend.toggle(call.session, agent, kind, call.at, on=body.on, doer=_self(call))
    return await _told(call, agent)


@router.post("/presence/here", name="presence.here")
async def here(call: Now) -> Response:
    """Say "I am here" after missed Offers."""
    agent = _agent(call)
    await attend.here(call.session, agent, call.at, _self(call))
    return await _told(call, agent)


@router.put("/agents/{id}/presence", name="presence.supervise", openapi_extra=SUPERVISOR)
async def supervise(call: Now, id: UUID, body: StepIn) -> Response:  # noqa: A002 - the name of the path
    """Change the presence of somebody of the caller's departments; he is told who did and why."""
    departments = await staff.departments_of(call.session, id)
    if departments is None:
        raise NotFound("agent")
    if not leads(call.scope, departments):
        raise Forbidden("rights.missing", {"needs": ["supervise"]})
    call.facts |= {"status": body.status, "reason": body.reason}
    await step_in.step_in(call.session, id, _wish(body), call.staff, call.at)
    return await _told(call, id)
