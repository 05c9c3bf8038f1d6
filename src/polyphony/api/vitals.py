"""Vitals: system health for who runs it: figures and their state, what gave up, trying it again."""

import time
from dataclasses import asdict
from datetime import timedelta
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response

from polyphony.api.counter import OPERATE, Counter
from polyphony.api.desk import Call, In, Now, answer
from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.event import NewEvent, Op
from polyphony.domain.vital import judge, worst
from polyphony.flows import index, reply, seal
from polyphony.store import content, events, hooks, vitals, wake

DAY, WEEK = timedelta(days=1), timedelta(days=7)
DEAD_MAX = 100

router = APIRouter(prefix="/v1", route_class=Counter, tags=["health"])


class RetryIn(In):
    """What is tried again."""

    kind: Literal["arrival", "delivery", "hook"]
    id: UUID


@router.get("/health", name="health.read", openapi_extra=OPERATE)
async def read(call: Now) -> Response:
    """Return the figures of the running system, each judged, and the work that gave up."""
    began = time.perf_counter()
    found = await vitals.figures(call.session, call.at, call.at - DAY)
    mine = call.desk.vitals() if call.desk.vitals else {}
    behind = await index.lag(call.session, call.at)
    chain = await seal.state(call.session, call.at)
    took = time.perf_counter() - began
    judged = judge(
        {
            **asdict(found),
            **mine,
            "database_answer": took,
            "search_lag": behind.lag_s,
            "audit_unsealed": chain.unsealed_s,
        }
    )
    dead = await vitals.dead(call.session, call.scope, call.at - WEEK, DEAD_MAX)
    return answer(
        {"at": call.at, "state": worst(judged), "items": judged, "dead": dead,
         "build": call.desk.build, "search": behind, "audit": chain}
    )  # fmt: skip


@router.post("/health/retry", name="health.retry", openapi_extra=OPERATE | {"x-keyed": True})
async def retry(call: Now, body: RetryIn) -> Response:
    """Try again what gave up: read an arrival, send a Delivery, call a system once more."""
    there = await vitals.dead(call.session, call.scope, call.at - WEEK, DEAD_MAX)
    if (body.kind, body.id) not in {(one.kind, one.id) for one in there}:
        raise NotFound(body.kind)
    call.entity = (body.kind, body.id)
    if body.kind == "hook":
        await hooks.again(call.session, body.id, call.at)
    elif body.kind == "delivery":
        await reply.retry(call.session, body.id, call.staff, call.at, "system health")
    else:
        await _read_again(call, body.id)
    return answer({"id": body.id, "kind": body.kind}, 202)


async def _read_again(call: Call, id_: UUID) -> None:
    if not await content.read_again(call.session, id_):
        raise Conflict("arrival.not_quarantined")
    told = NewEvent(
        "arrival.read_again", Op.FACT, "arrival", id_, None, ["admin"],
        actor_kind="person", actor_id=call.me,
    )  # fmt: skip
    await events.append(call.session, [told])
    wake.mark(call.session, "arrivals")
