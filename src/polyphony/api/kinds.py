"""Kinds: kinds of Cases with their processes; drafted, published, kept version by version."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from polyphony.api.configuration import Language, added, changed, given, listed
from polyphony.api.counter import RULES, Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.api.paging import version_wanted
from polyphony.domain.deadline import TEMPLATES
from polyphony.domain.errors import Invalid
from polyphony.flows import configure, design
from polyphony.store import kinds, sla
from polyphony.store.kinds import CASE_KIND, ProcessRow

router = APIRouter(prefix="/v1", route_class=Counter, tags=["configuration"])

Words = dict[Language, Annotated[str, Field(max_length=120)]]


class KindChange(In):
    """Changes of a kind of Case."""

    name: Words | None = None
    department_id: UUID | None = None
    complaint: bool | None = None
    deadline: str | None = Field(None, max_length=60, pattern=r"^[a-z][a-z0-9_]*$")
    visibility: Literal["open", "sealed"] | None = None


class KindIn(KindChange):
    """A new kind of Case; rules and files know it by its key."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")


class ProcessIn(In):
    """The steps of the process of a kind, as a draft."""

    kind_id: UUID
    steps: list[dict[str, object]] = Field(max_length=50)


class ProcessesIn(In):
    """Of which kind; of all when missing."""

    kind_id: UUID | None = None


def _told(one: ProcessRow) -> Json:
    names = ("id", "kind_id", "no", "state", "steps", "by_id", "by_name", "at", "published_at")
    return {name: getattr(one, name) for name in (*names, "version", "running")}


@router.get("/case_kinds", name="case_kinds.list")
async def list_(call: Now) -> Response:
    """Return all kinds of Cases."""
    return await listed(call, CASE_KIND)


async def _law(call: Call, body: KindChange) -> None:
    """Refuse a deadline of the law nobody has written down."""
    if body.deadline is not None and body.deadline not in {
        *TEMPLATES,
        *await sla.templates(call.session),
    }:
        raise Invalid("deadline.unknown", {"field": "deadline"})


@router.post("/case_kinds", name="case_kinds.add", status_code=201, openapi_extra=RULES)
async def add(call: Now, body: KindIn) -> Response:
    """Add a kind of Case; it has no process yet."""
    if body.key == "request":
        raise Invalid("case_kind.reserved", {"field": "key"})
    await _law(call, body)
    return await added(call, CASE_KIND, body)


@router.patch("/case_kinds/{id}", name="case_kinds.change", openapi_extra=RULES)
async def change(call: Now, request: Request, id: UUID, body: KindChange) -> Response:  # noqa: A002 - the name of the path
    """Change a kind of Case."""
    await _law(call, body)
    values = given(body)
    for name in ("name", "complaint"):
        if name in values and values[name] is None:
            del values[name]
    return await changed(call, request, CASE_KIND, id, values)


@router.delete("/case_kinds/{id}", name="case_kinds.remove", status_code=204, openapi_extra=RULES)
async def remove(call: Now, request: Request, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a kind away; refused while a Case is of it."""
    await configure.remove(call.session, CASE_KIND, id, version_wanted(request), call.actor)
    return answer()


@router.get("/processes", name="processes.list", openapi_extra=RULES)
async def processes(call: Now, asked: Annotated[ProcessesIn, Query()]) -> Response:
    """Return the versions of processes, newest first, and how many Cases run by each."""
    found = await kinds.processes(call.session, asked.kind_id)
    return answer({"items": [_told(one) for one in found]})


@router.post("/processes", name="processes.draft", openapi_extra=RULES)
async def draft(call: Now, body: ProcessIn) -> Response:
    """Keep steps as the draft of a kind: nothing runs by it before it is published."""
    made = await design.draft(call.session, body.kind_id, body.steps, call.actor, call.at)
    call.entity = ("process", made.id)
    return answer(_told(made))


@router.post("/processes/{id}/publish", name="processes.publish", openapi_extra=RULES)
async def publish(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Let Cases begin with a draft from now on; what runs keeps the version it began with."""
    call.entity = ("process", id)
    return answer(_told(await design.publish(call.session, id, call.actor, call.at)))


@router.delete(
    "/case_kinds/{id}/draft", name="processes.discard", status_code=204, openapi_extra=RULES
)
async def discard(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Throw the draft of a kind away."""
    await design.discard(call.session, id, call.actor)
    return answer()
