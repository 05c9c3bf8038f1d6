"""Matters: changes of a Case; its facts, its moves, merging, taking a merge back, splitting."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, Field

from polyphony.api.counter import WORKER, Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.api.paging import etag, version_wanted
from polyphony.domain.case import CaseMove
from polyphony.domain.permission import Act
from polyphony.flows import settle
from polyphony.store import projections

router = APIRouter(prefix="/v1", route_class=Counter, tags=["cases"])


class CaseChange(In):
    """Facts of a Case people may change."""

    title: str | None = Field(None, max_length=500)
    priority: Literal["low", "normal", "high", "critical"] | None = None
    tags: list[str] | None = Field(None, max_length=50)
    language: str | None = Field(None, max_length=20)


class MoveIn(In):
    """A move of a Case; a waiting state needs ``due_at``, reopening a closed one a reason."""

    move: Literal["solve", "reopen", "ask", "refer", "resume", "close", "discard", "restore"]
    due_at: AwareDatetime | None = None
    reason: str = Field("", max_length=2000)
    disposition: str = Field("", max_length=100)


class MergeIn(In):
    """The Case in which this one goes on."""

    into: UUID


class SplitIn(In):
    """Which Interactions become a Case of their own."""

    interaction_ids: list[UUID] = Field(min_length=1, max_length=100)


async def case_now(call: Call, case: UUID) -> Json:
    """Return a Case as it is now."""
    return (await projections.cases(call.session, [case]))[case]


async def _told(call: Call, case: UUID) -> Response:
    now = await case_now(call, case)
    return answer(now, headers={"ETag": etag(now["version"])})


@router.patch("/cases/{id}", name="cases.change", openapi_extra=WORKER)
async def change(call: Now, request: Request, id: UUID, body: CaseChange) -> Response:  # noqa: A002 - the name of the path
    """Change title, priority, tags or language."""
    await call.may(Act.WRITE, id)
    wish = settle.Edit(body.title, body.priority, body.tags, body.language, version_wanted(request))
    call.facts["fields"] = sorted(body.model_fields_set)
    return await _told(call, await settle.edit(call.session, id, wish, call.staff, call.at))


@router.post("/cases/{id}/moves", name="cases.move", openapi_extra=WORKER)
async def move(call: Now, id: UUID, body: MoveIn) -> Response:  # noqa: A002 - the name of the path
    """Move a Case: solve, reopen, wait, close, discard, restore."""
    await call.may(Act.WRITE, id)
    wish = settle.CaseWish(CaseMove(body.move), body.due_at, body.reason, body.disposition)
    call.facts["move"] = body.move
    return await _told(call, await settle.move(call.session, id, wish, call.staff, call.at))


@router.post("/cases/{id}/merge", name="cases.merge", openapi_extra=WORKER)
async def merge(call: Now, id: UUID, body: MergeIn) -> Response:  # noqa: A002 - the name of the path
    """Let this Case go on in another; the answer is the other one."""
    await call.may(Act.WRITE, id)
    await call.may(Act.WRITE, body.into)
    call.facts["into"] = str(body.into)
    done = await settle.merge(call.session, id, body.into, call.staff, call.at)
    return await _told(call, done)


@router.post("/cases/{id}/unmerge", name="cases.unmerge", openapi_extra=WORKER)
async def unmerge(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a merge back."""
    await call.may(Act.WRITE, id)
    return await _told(call, await settle.unmerge(call.session, id, call.staff, call.at))


@router.post("/cases/{id}/split", name="cases.split", status_code=201, openapi_extra=WORKER)
async def split(call: Now, id: UUID, body: SplitIn) -> Response:  # noqa: A002 - the name of the path
    """Move Interactions into a new Case; ``undo`` says how to take it back."""
    await call.may(Act.WRITE, id)
    made = await settle.split(
        call.session, id, body.interaction_ids, call.staff, call.at, call.desk.outside.keys
    )
    undo = {"method": "POST", "path": f"/v1/cases/{made}/merge", "body": {"into": str(id)}}
    return answer({"case": await case_now(call, made), "undo": undo}, 201)
