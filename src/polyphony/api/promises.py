"""Promises: what is promised of a Case, by which policy; rungs somebody has; turns to come."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from polyphony.api.counter import SUPERVISOR, WORKER, Counter
from polyphony.api.desk import In, Now, answer
from polyphony.domain.errors import NotFound
from polyphony.domain.permission import Act
from polyphony.domain.service_hours import to_ms
from polyphony.flows import escalate, foresee, oblige, set_promise, show_promises
from polyphony.store import inbox, queues, sla

router = APIRouter(prefix="/v1", route_class=Counter, tags=["targets"])


class HandIn(In):
    """Which policy holds for a Case (null = what the rules choose), and why."""

    policy_id: UUID | None = None
    reason: str = Field(min_length=1, max_length=200)


class ExtendIn(In):
    """What the customer was told about why it takes longer."""

    reason: str = Field(min_length=1, max_length=200)


class LawIn(In):
    """The template of the deadline; null = the law wants nothing."""

    template: str | None = Field(max_length=40, pattern=r"^[a-z][a-z0-9_]{1,39}$")


class TurnsIn(In):
    """Of which Queues; only what will be late."""

    queue_id: list[UUID] = Field(default_factory=list, max_length=100)
    late: bool = True


@router.get("/cases/{id}/sla", name="cases.sla")
async def of_case(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return the clocks of a Case with policy and losers, the law, rungs, and what is foreseen."""
    await call.may(Act.READ, id)
    told = await show_promises.of_case(call.session, id, call.at)
    around = (await sla.around(call.session, [id])).get(id)
    turns = await foresee.turns(call.session, [around.queue_id] if around else [], call.at)
    mine = [one.as_json() for one in turns if one.case == id]
    return answer({**told, "foreseen": mine[0] if mine else None, "server_ms": to_ms(call.at)})


@router.put("/cases/{id}/sla", name="cases.set_sla", openapi_extra=WORKER)
async def set_by_hand(call: Now, id: UUID, body: HandIn) -> Response:  # noqa: A002 - the name of the path
    """Decide which policy holds for a Case; the reason stands in the Case."""
    await call.may(Act.WRITE, id)
    await set_promise.set_by_hand(
        call.session, id, body.policy_id, body.reason, call.staff, call.at
    )
    return answer(await show_promises.of_case(call.session, id, call.at))


@router.put("/cases/{id}/legal_deadline", name="cases.set_deadline", openapi_extra=WORKER)
async def set_deadline(call: Now, id: UUID, body: LawIn) -> Response:  # noqa: A002 - the name of the path
    """Say by which template the law wants an answer to a Case, counted from the day it came."""
    await call.may(Act.WRITE, id)
    await oblige.set_by_hand(call.session, id, body.template, call.staff, call.at)
    return answer(await show_promises.of_case(call.session, id, call.at))


@router.post(
    "/cases/{id}/legal_deadline/extend", name="cases.extend_deadline", openapi_extra=WORKER
)
async def extend(call: Now, id: UUID, body: ExtendIn) -> Response:  # noqa: A002 - the name of the path
    """Take the longer time the law allows when the customer is told why."""
    await call.may(Act.WRITE, id)
    due = await oblige.extend(call.session, id, body.reason, call.staff, call.at)
    return answer({"due_at": due})


@router.post(
    "/escalation_runs/{id}/acknowledge", name="escalation_runs.acknowledge", openapi_extra=WORKER
)
async def acknowledge(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Say that one has it: repeats and later rungs do not fire."""
    run = await sla.run(call.session, id)
    if run is None:
        raise NotFound("escalation_run")
    await call.may(Act.READ, run.case_id)
    done = await escalate.acknowledge(call.session, id, call.actor, call.at)
    return answer({"id": done.id, "ack_at": done.ack_at, "ack_by": done.ack_by})


@router.get("/foreseen", name="foreseen.list", openapi_extra=SUPERVISOR)
async def foreseen(call: Now, asked: Annotated[TurnsIn, Query()]) -> Response:
    """Return when the turn of waiting work comes, by place and pace; only of Cases one may see."""
    wanted = asked.queue_id or sorted(await queues.of(call.session))
    turns = await foresee.turns(call.session, wanted, call.at)
    if asked.late:
        turns = [one for one in turns if one.late_s]
    visible = await inbox.visible(call.session, call.scope, sorted({one.case for one in turns}))
    return answer({"items": [one.as_json() for one in turns if one.case in visible]})
