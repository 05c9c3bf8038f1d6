"""Queues: what waits where, by which rules, and who serves it."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from polyphony.api.configuration import MaybeName, Name, Signature, added, changed, given, listed
from polyphony.api.counter import STRUCTURE, Counter
from polyphony.api.desk import In, Now, answer
from polyphony.domain.channel import WorkChannel
from polyphony.domain.errors import NotFound
from polyphony.flows import attend, configure, set_up_queue
from polyphony.store import changes, configuration, crew
from polyphony.store.configuration import QUEUE

router = APIRouter(prefix="/v1", route_class=Counter, tags=["configuration"])


class SubstituteIn(In):
    """A skill that does as well, from a level on."""

    skill: str = Field(min_length=1, max_length=60)
    min_level: int = Field(1, ge=1, le=5)


class RequirementIn(In):
    """A skill work of a queue needs."""

    skill: str = Field(min_length=1, max_length=60)
    min_level: int = Field(1, ge=1, le=5)
    kind: Literal["legal", "required", "desired"] = "required"
    substitutes: list[SubstituteIn] = Field([], max_length=20)


class TargetsIn(In):
    """Targets of one channel, in seconds of working time; without one its usual target holds."""

    first_response_s: int | None = Field(None, ge=1, le=31_536_000)
    resolution_s: int | None = Field(None, ge=1, le=31_536_000)


Level = Annotated[int, Field(ge=0, le=4)]
Micro = Annotated[float, Field(ge=0, le=3)]


class RungIn(In):
    """One step of a ladder: from a share of the target (`at_x`) or so many seconds of it on.

    `lower` and `lower_all` are levels less than before; at `add_member_rank` members up to that
    rank join, `related` lets those of the related queues join.
    """

    at_x: Micro | None = None
    at_s: int | None = Field(None, ge=0, le=31_536_000)
    drop: list[str] = Field([], max_length=50)
    lower: dict[str, Level] = Field({}, max_length=50)
    lower_all: Level = 0
    drop_desired: bool = False
    substitutes: bool = False
    add_member_rank: int = Field(0, ge=0, le=9)
    add_queue_members: list[UUID] = Field([], max_length=20)
    related: bool = False


class ConditionIn(In):
    """A fact of overflow: plain ones hold or not, the others are compared with `than`."""

    fact: str = Field(pattern=r"^[a-z_]{1,30}$")
    than: float | None = Field(None, ge=0, le=1_000_000_000)


class ActionIn(In):
    """What overflow does: another queue, a callback, a form, a message."""

    do: Literal["queue", "callback", "form", "message"]
    queue_id: UUID | None = None
    text: Signature | None = None


class OverflowIn(In):
    """A rule of overflow: its action when any or all conditions hold."""

    when: Literal["any", "all"] = "any"
    conditions: list[ConditionIn] = Field(min_length=1, max_length=8)
    action: ActionIn


class ReserveIn(In):
    """How many whole agents are kept free for live work."""

    agents: int = Field(ge=0, le=10_000)


class AnnounceIn(In):
    """What is told to who waits."""

    position: bool = True
    wait: bool = True


class QueueChange(In):
    """Changes of a queue; times in seconds, weight in thousandths."""

    name: str | None = MaybeName
    calendar_id: UUID | None = None
    channels: list[WorkChannel] | None = Field(None, max_length=20)
    delivery: Literal["push", "pull", "open"] | None = None
    requirements: list[RequirementIn] | None = Field(None, max_length=50)
    weight_milli: int | None = Field(None, ge=10, le=100_000)
    offer_timeout_s: dict[WorkChannel, Annotated[int, Field(ge=1, le=86_400)]] | None = None
    auto_accept: bool | None = None
    decline_reasons: list[str] | None = Field(None, max_length=50)
    wrap_up_s: int | None = Field(None, ge=0, le=3600)
    disposition_required: bool | None = None
    sticky: Literal["off", "prefer", "require"] | None = None
    targets: dict[WorkChannel, TargetsIn] | None = None
    max_waiting: int | None = Field(None, ge=1)
    signature: Signature | None = None
    ladder: list[RungIn] | None = Field(None, min_length=1, max_length=8)
    related: list[UUID] | None = Field(None, max_length=20)
    skip_if_nobody: bool | None = None
    ordering: Literal["score", "longest_idle", "static_priority", "fifo"] | None = None
    reserve: ReserveIn | None = None
    reserve_off_before_close_s: int | None = Field(None, ge=0, le=86_400)
    decline_allowed: bool | None = None
    miss_limits: dict[WorkChannel, Annotated[int, Field(ge=1, le=50)]] | None = None
    miss_limit_all: int | None = Field(None, ge=1, le=50)
    grace_s: int | None = Field(None, ge=0, le=86_400)
    async_kept_s: int | None = Field(None, ge=0, le=86_400)
    auto_ready: bool | None = None
    paused: bool | None = None
    overflow_before: list[OverflowIn] | None = Field(None, max_length=8)
    overflow_after: list[OverflowIn] | None = Field(None, max_length=8)
    announce: AnnounceIn | None = None
    callback: bool | None = None


class QueueIn(QueueChange):
    """A new queue of a department."""

    department_id: UUID
    name: str = Name


class MemberIn(In):
    """An agent of a queue; rank 1 is asked first."""

    agent_id: UUID
    rank: int = Field(1, ge=1, le=9)


@router.get("/queues", name="queues.list")
async def queues(call: Now) -> Response:
    """Return all queues."""
    return await listed(call, QUEUE)


@router.post("/queues", name="queues.add", status_code=201, openapi_extra=STRUCTURE)
async def add_queue(call: Now, body: QueueIn) -> Response:
    """Add a queue to a department."""
    return await added(call, QUEUE, body)


@router.patch("/queues/{id}", name="queues.change", openapi_extra=STRUCTURE)
async def change_queue(
    call: Now,
    request: Request,
    id: UUID,  # noqa: A002 - the name of the path
    body: QueueChange,
) -> Response:
    """Change a queue."""
    return await changed(call, request, QUEUE, id, given(body))


class LadderIn(In):
    """A ladder to look at, with what it is for; without a queue nobody serves it yet."""

    queue_id: UUID | None = None
    requirements: list[RequirementIn] = Field([], max_length=50)
    ladder: list[RungIn] | None = Field(None, min_length=1, max_length=8)
    related: list[UUID] = Field([], max_length=20)


@router.post("/queues/check_ladder", name="queues.check_ladder", openapi_extra=STRUCTURE)
async def check_ladder(call: Now, body: LadderIn) -> Response:
    """Say for each step of a ladder what it asks and how many agents it reaches."""
    wanted = body.model_dump(exclude={"queue_id"})
    return answer({"items": await set_up_queue.rungs(call.session, body.queue_id, wanted)})


@router.get("/queues/{id}/members", name="queues.members")
async def members(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return who works a queue."""
    return answer({"items": await crew.members(call.session, id)})


@router.put("/queues/{id}/members", name="queues.set_members", openapi_extra=STRUCTURE)
async def set_members(call: Now, id: UUID, body: list[MemberIn]) -> Response:  # noqa: A002 - the name of the path
    """Replace who works a queue."""
    if await configuration.one(call.session, QUEUE, id) is None:
        raise NotFound("queue")
    before = await crew.members(call.session, id)
    wanted = [(one.agent_id, one.rank) for one in body[:2000]]
    touched = await crew.set_members(call.session, id, wanted)
    await configure.tell_rights(call.session, touched, call.actor)
    await attend.changed(call.session, touched, call.at, call.actor)
    queue = await configure.change(call.session, QUEUE, id, {}, None, call.actor)
    now = await crew.members(call.session, id)
    named = {"name": queue["name"]}
    states = (named | {"members": before}, named | {"members": now})
    await changes.record(call.session, "members", id, states, call.me)
    return answer({"items": now})
