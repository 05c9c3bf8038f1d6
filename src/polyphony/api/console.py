"""Console: what those who lead see and do: agents, what waits, alerts, taking over."""

from collections.abc import Collection
from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from polyphony.api.counter import SUPERVISOR, WORKER, Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.domain.alert import is_grave
from polyphony.domain.errors import Forbidden, NotFound
from polyphony.domain.permission import Act, supervised, where
from polyphony.domain.role import Right
from polyphony.flows import alarm, take_over
from polyphony.flows.handle import Over
from polyphony.store import alerts, inbox, projections, supervision

router = APIRouter(prefix="/v1", route_class=Counter, tags=["console"])

ALERTS_MAX = 200


class TakeOverIn(In):
    """Why; the agent who had it reads it."""

    reason: str = Field(min_length=1, max_length=200)


def _departments(call: Call, wanted: UUID | None) -> Collection[UUID]:
    """Return the departments the caller leads, or one of them."""
    led = supervised(call.scope)
    if wanted is None:
        return led
    if wanted not in led:
        raise NotFound("department")
    return {wanted}


@router.get("/console", name="console.agents", openapi_extra=SUPERVISOR)
async def console(call: Now, department_id: UUID | None = None) -> Response:
    """Return the agents of the departments the caller leads, with what they have in hand."""
    places = _departments(call, department_id)
    found = await supervision.agents(call.session, places, call.at)
    ids = [one.id for one in found]
    present = await projections.presences(call.session, ids)
    loads = await projections.loads(call.session, ids)
    held: dict[UUID, list[Json]] = {}
    for one in await supervision.held(call.session, call.scope, ids):
        told = asdict(one)
        held.setdefault(told.pop("agent_id"), []).append(told)
    rows = [
        asdict(one)
        | {
            "presence": present.get(one.id),
            "load": loads.get(one.id),
            "work": held.get(one.id, []),
        }
        for one in found
    ]
    return answer({"items": rows, "departments": sorted(places), "at": call.at})


@router.get("/queues/{id}/waiting", name="console.waiting", openapi_extra=SUPERVISOR)
async def waiting(call: Now, id: UUID, channel: str | None = None) -> Response:  # noqa: A002 - the name of the path
    """Return what waits in a queue of a department the caller leads, longest first."""
    department = await supervision.department_of(call.session, id)
    if department is None or department not in supervised(call.scope):
        raise NotFound("queue")
    found, total = await supervision.waiting(call.session, call.scope, id, channel)
    return answer({"items": [asdict(one) for one in found], "total": total, "at": call.at})


@router.get("/alerts", name="alerts.list", openapi_extra=SUPERVISOR)
async def list_alerts(
    call: Now,
    over: bool = False,  # noqa: FBT001, FBT002 - of the query
    department_id: UUID | None = None,
) -> Response:
    """Return what needs those who lead, newest first, and whose flag is raised.

    ``over`` = those that were settled or ended by themselves instead.
    """
    places = _departments(call, department_id)
    listed = await alerts.listed(call.session, places, over=over, limit=ALERTS_MAX)
    flags = [] if over else await alerts.flagged(call.session, places, ALERTS_MAX)
    cases = {case for _, case in listed if case is not None} | set(flags)
    seen = await inbox.visible(call.session, call.scope, sorted(cases))
    wanted = [one for one, case in listed if case is None or case in seen]
    found = await projections.of(call.session, "alert", wanted)
    items = [found[one] | {"grave": is_grave(str(found[one]["kind"]))} for one in wanted]
    raised = await projections.cases(call.session, [one for one in flags if one in seen])
    return answer({"items": items, "flags": list(raised.values()), "at": call.at})


@router.post("/alerts/{id}/settle", name="alerts.settle", openapi_extra=SUPERVISOR)
async def settle_alert(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Say that one took care of an alert; 409 when it is over."""
    await alarm.settle(call.session, id, call.scope, call.staff, call.at)
    return answer((await projections.of(call.session, "alert", [id]))[id])


@router.post("/cases/{id}/take_over", name="cases.take_over", openapi_extra=WORKER)
async def take(call: Now, id: UUID, body: TakeOverIn) -> Response:  # noqa: A002 - the name of the path
    """Take the work of a Case from whoever has it; who leads its department only."""
    await call.may(Act.ASSIGN, id)
    if not call.scope.agent:
        raise Forbidden("rights.missing", {"needs": ["take"]})
    facts = (await inbox.facts(call.session, [id]))[id]
    over = Over(facts.department in where(call.scope, Right.OVERBOOK), body.reason)
    call.facts["reason"] = body.reason
    done = await take_over.take_over(call.session, id, body.reason, call.staff, over, call.at)
    call.facts["from"] = [str(one) for one in done.former]
    items = await projections.work_items(call.session, [one.work_item for one in done.handled])
    case = (await projections.cases(call.session, [id]))[id]
    return answer({"case": case, "work_items": list(items.values()), "from": done.former})


@router.post("/cases/{id}/listen", name="cases.listen", openapi_extra=SUPERVISOR)
async def listen(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Say that one reads along; it stands in the audit log, and the agents are told by policy."""
    await call.may(Act.SUPERVISE, id)
    told = await take_over.monitor(call.session, id, call.staff, call.at)
    call.facts["told"] = [str(one) for one in told]
    return answer({"told": told})
