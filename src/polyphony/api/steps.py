"""Steps: a Case gets a kind; its steps are noted at, finished, rejected, waived, reopened."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from polyphony.api.counter import WORKER, Counter
from polyphony.api.desk import Call, In, Now, answer
from polyphony.api.matters import case_now
from polyphony.domain.errors import Forbidden, NotFound
from polyphony.domain.move import By
from polyphony.domain.permission import Act, Allow, decide
from polyphony.flows import walk
from polyphony.store import inbox, projections
from polyphony.store import steps as store

router = APIRouter(prefix="/v1", route_class=Counter, tags=["cases"])


class KindOfCase(In):
    """Which kind a Case is of; null = of none."""

    kind_id: UUID | None


class NoteIn(In):
    """Checks done (true) or undone, answers given or taken back (null); ``version`` guards."""

    checklist: dict[str, bool] = Field(default_factory=dict, max_length=50)
    answers: dict[str, str | int | float | bool | None] = Field(default_factory=dict, max_length=50)
    version: int | None = Field(None, ge=1)


class FinishIn(In):
    """What was found, in a few words."""

    reason: str = Field("", max_length=500)


class ReasonIn(In):
    """Why; demanded."""

    reason: str = Field(max_length=500)


@router.put("/cases/{id}/kind", name="cases.set_kind", openapi_extra=WORKER)
async def set_kind(call: Now, id: UUID, body: KindOfCase) -> Response:  # noqa: A002 - the name of the path
    """Make a Case one of a kind; the process of the kind begins."""
    await call.may(Act.WRITE, id)
    call.facts["kind"] = str(body.kind_id or "")
    await walk.set_kind(call.session, id, body.kind_id, call.staff.actor, call.at)
    return await _told(call, id)


async def _told(call: Call, case: UUID) -> Response:
    found = await projections.case_steps(call.session, await store.ids_of(call.session, case))
    steps = sorted(found.values(), key=lambda one: (str(one["run_id"]), one["position"]))
    return answer({"case": await case_now(call, case), "steps": steps})


async def _as_whom(call: Call, step: UUID, *, lead: bool = False) -> By:
    """Return as whom the caller acts on a step; raise NotFound or Forbidden.

    His own work is his; so is what waits in a queue he serves or in a department he writes in.
    Others' work is moved by who leads the department of the Case, and only they waive and reopen.
    """
    place = await store.place_of(call.session, step)
    if place is None or place.case_id not in await inbox.visible(
        call.session, call.scope, [place.case_id]
    ):
        raise NotFound("case_step")
    facts = (await inbox.facts(call.session, [place.case_id]))[place.case_id]
    if isinstance(decide(call.scope, Act.ASSIGN, facts), Allow):
        return By.SUPERVISOR if place.agent_id != call.me else By.AGENT
    if lead:
        await call.may(Act.ASSIGN, place.case_id)
    if place.agent_id == call.me:
        return By.AGENT
    if place.agent_id is not None:
        raise Forbidden("work_item.not_yours", {"needs": ["assign"], "by": place.agent_id})
    if place.queue_id not in call.scope.queues:
        await call.may(Act.WRITE, place.case_id)
    return By.COLLEAGUE


@router.patch("/case_steps/{id}", name="case_steps.note", openapi_extra=WORKER)
async def note(call: Now, id: UUID, body: NoteIn) -> Response:  # noqa: A002 - the name of the path
    """Tick checks and fill in the form of a step that is being done."""
    await _as_whom(call, id)
    noted = walk.Noted(body.checklist, body.answers, body.version)
    await walk.note(call.session, id, noted, call.actor, call.at)
    return answer((await projections.case_steps(call.session, [id]))[id])


@router.post("/case_steps/{id}/finish", name="case_steps.finish", openapi_extra=WORKER)
async def finish(call: Now, id: UUID, body: FinishIn) -> Response:  # noqa: A002 - the name of the path
    """Finish a step: its checklist and form must be complete; the process goes on."""
    act = walk.Act(call.staff.actor, await _as_whom(call, id), body.reason)
    return await _told(call, await walk.finish(call.session, id, act, call.at))


@router.post("/case_steps/{id}/reject", name="case_steps.reject", openapi_extra=WORKER)
async def reject(call: Now, id: UUID, body: ReasonIn) -> Response:  # noqa: A002 - the name of the path
    """Refuse a step: the process goes back as designed, or ends."""
    act = walk.Act(call.staff.actor, await _as_whom(call, id), body.reason)
    return await _told(call, await walk.reject(call.session, id, act, call.at))


@router.post("/case_steps/{id}/waive", name="case_steps.waive", openapi_extra=WORKER)
async def waive(call: Now, id: UUID, body: ReasonIn) -> Response:  # noqa: A002 - the name of the path
    """Let a step go; who leads the department only."""
    await _as_whom(call, id, lead=True)
    act = walk.Act(call.staff.actor, By.SUPERVISOR, body.reason)
    return await _told(call, await walk.waive(call.session, id, act, call.at))


@router.post("/case_steps/{id}/reopen", name="case_steps.reopen", openapi_extra=WORKER)
async def reopen(call: Now, id: UUID, body: ReasonIn) -> Response:  # noqa: A002 - the name of the path
    """Take a finished step up again, and what came after it; who leads the department only."""
    await _as_whom(call, id, lead=True)
    act = walk.Act(call.staff.actor, By.SUPERVISOR, body.reason)
    return await _told(call, await walk.reopen(call.session, id, act, call.at))
