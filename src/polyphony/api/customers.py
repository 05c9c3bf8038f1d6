"""Customers: who somebody is, what he wrote over all channels; the search."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from polyphony.api.counter import LOOK, WORKER, Counter
from polyphony.api.desk import In, Json, Now, answer
from polyphony.api.paging import cursor_of, etag, moved_on, place_of, version_wanted
from polyphony.domain.errors import Invalid
from polyphony.domain.event import NewEvent, Op
from polyphony.flows.announce import announce
from polyphony.store import events, portrait, projections, search

router = APIRouter(prefix="/v1", route_class=Counter, tags=["customers"])


class CustomerIn(In):
    """What people may correct about a customer."""

    name: str | None = Field(None, max_length=200)
    tier: Literal["standard", "priority", "vip"] | None = None
    language: str | None = Field(None, pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)


@router.get("/customers/{id}", name="customers.read", openapi_extra=LOOK)
async def read(
    call: Now,
    id: UUID,  # noqa: A002 - the name of the path
    cursor: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """Return a customer with addresses, Cases and timeline."""
    customer = await portrait.one(call.session, call.scope, id)
    moments = await portrait.timeline(call.session, call.scope, id, _before(call, cursor))
    page = moments[: portrait.PAGE]
    ids = await portrait.cases(call.session, call.scope, id)
    cases = await projections.cases(call.session, ids)
    last = page[-1] if len(moments) > portrait.PAGE else None
    following = (
        cursor_of(call.desk.outside.keys, last.at.isoformat(), last.message_id) if last else None
    )
    call.entity = ("customer", id)
    told: Json = {
        "customer": customer,
        "identities": await portrait.addresses(call.session, id),
        "cases": [cases[one] for one in ids],
        "timeline": page,
        "next": following,
    }
    return answer(told, headers={"ETag": etag(customer.version)})


def _before(call: Now, cursor: str) -> tuple[datetime, UUID] | None:
    if not cursor:
        return None
    at, last = place_of(call.desk.outside.keys, cursor, 2)
    return datetime.fromisoformat(at), UUID(last)


@router.patch("/customers/{id}", name="customers.change", openapi_extra=WORKER)
async def change(
    call: Now,
    request: Request,
    id: UUID,  # noqa: A002 - the name of the path
    body: CustomerIn,
) -> Response:
    """Correct name, tier or language."""
    await portrait.one(call.session, call.scope, id)
    values = body.model_dump(exclude_none=True)
    version, cases = await portrait.change(call.session, id, values, version_wanted(request))
    if version is None:
        now = await portrait.one(call.session, call.scope, id)
        raise moved_on({"id": str(id), "version": now.version, "name": now.name})
    told = NewEvent(
        "customer.changed", Op.TOUCH, "customer", id, version, ["all"],
        actor_kind="person", actor_id=call.me, cid=call.cid, customer_id=id,
    )  # fmt: skip
    await events.append(call.session, [told])
    await announce(call.session, actor=call.actor, cases=cases)
    call.facts["fields"] = sorted(values)
    now = await portrait.one(call.session, call.scope, id)
    return answer({"customer": now}, headers={"ETag": etag(now.version)})


@router.get("/search", name="search", openapi_extra=LOOK)
async def find(call: Now, q: Annotated[str, Query(max_length=200)]) -> Response:
    """Find Cases and customers by words, reference or address."""
    words = q.strip()
    if len(words) < 2:
        raise Invalid("search.too_short", {"min": 2})
    ids = await search.cases(call.session, call.scope, words)
    cases = await projections.cases(call.session, ids)
    people = await search.customers(call.session, call.scope, words)
    return answer({"cases": [cases[one] for one in ids], "customers": people})
