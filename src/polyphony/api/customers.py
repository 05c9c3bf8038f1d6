"""Customers: who somebody is, what he wrote over all channels."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from polyphony.api.counter import LOOK, WORKER, Counter
from polyphony.api.desk import In, Json, Now, answer
from polyphony.api.paging import cursor_of, etag, moved_on, place_of, version_wanted
from polyphony.domain import customer as judge
from polyphony.domain.errors import Invalid
from polyphony.domain.permission import Scope
from polyphony.flows.identify import correct
from polyphony.store import customers, portrait, projections
from polyphony.store import timeline as lines
from polyphony.store.database import Session

router = APIRouter(prefix="/v1", route_class=Counter, tags=["customers"])


class CustomerIn(In):
    """What people may correct about a customer."""

    name: str | None = Field(None, max_length=200)
    tier: Literal["standard", "priority", "vip"] | None = None
    language: str | None = Field(None, pattern="^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$", max_length=20)
    attrs: dict[str, str | None] | None = Field(None, max_length=judge.ATTRIBUTES_MAX)


@router.get("/customers", name="customers.list")
async def page(  # noqa: PLR0913 - the query of the list
    call: Now,
    *,
    q: Annotated[str, Query(max_length=200)] = "",
    sort: Literal["recent", "name", "first"] = "recent",
    tier: Literal["standard", "priority", "vip"] | None = None,
    language: Annotated[str | None, Query(max_length=20)] = None,
    cursor: Annotated[str, Query(max_length=600)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Return customers, found without diacritics by name or address."""
    after = None
    if cursor:
        order, place, mark = place_of(call.desk.outside.keys, cursor, 3)
        if order != sort:
            raise Invalid("cursor.malformed")
        after = (place, UUID(mark))
    wanted = customers.Wanted(sort, q.strip(), tier, language, after, limit)
    found = await customers.page(call.session, call.scope, wanted)
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    following = cursor_of(call.desk.outside.keys, sort, last.place, last.mark) if last else None
    return answer({"items": [_row(one) for one in shown], "next_cursor": following})


def _row(one: customers.Listed) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "tier": one.tier,
        "language": one.language,
        "first_seen": one.first_seen,
        "last_seen": one.last_seen,
        "cases": one.cases,
        "open_cases": one.open_cases,
        "channels": one.channels,
        "addresses": one.addresses,
    }


@router.get("/customers/{id}", name="customers.read", openapi_extra=LOOK)
async def read(
    call: Now,
    id: UUID,  # noqa: A002 - the name of the path
) -> Response:
    """Return a customer with addresses and Cases; the timeline is a list of its own.

    An old id of somebody who was joined with another goes on working: ``canonical_id`` says who
    he is now.
    """
    customer = await portrait.one(call.session, call.scope, id)
    now = customer.id
    ids = await portrait.cases(call.session, call.scope, now)
    cases = await projections.cases(call.session, ids)
    call.entity = ("customer", now)
    addresses = await portrait.addresses(call.session, now)
    told = {
        "customer": customer,
        "canonical_id": now,
        "identities": addresses,
        "cases": [cases[one] for one in ids],
        "summary": await portrait.summary(call.session, call.scope, now),
        "usual": await _usual(call.session, call.scope, now, addresses),
    }
    return answer(told, headers={"ETag": etag(customer.version)})


async def _usual(
    session: Session, scope: Scope, customer: UUID, addresses: list[portrait.Address]
) -> judge.Usual | None:
    good = frozenset(one.kind for one in addresses if one.role == "uses" and one.state == "good")
    return judge.usual(await portrait.contacts(session, scope, customer), good)


@router.get("/customers/{id}/timeline", name="customers.timeline", openapi_extra=LOOK)
async def timeline(  # noqa: PLR0913 - the filters of the timeline
    call: Now,
    *,
    id: UUID,  # noqa: A002 - the name of the path
    channel: Annotated[str | None, Query(max_length=40)] = None,
    kind: Literal["in", "out", "note"] | None = None,
    department: UUID | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """Return what was said with a customer, newest first: fifty lines, chosen by the filters."""
    now = (await portrait.one(call.session, call.scope, id)).id
    call.entity = ("customer", now)
    wanted = lines.Wanted(channel, kind, department, q.strip())
    found = await lines.timeline(call.session, call.scope, now, _before(call, cursor), wanted)
    page = found[: lines.PAGE]
    last = page[-1] if len(found) > lines.PAGE else None
    following = (
        cursor_of(call.desk.outside.keys, last.at.isoformat(), last.message_id) if last else None
    )
    return answer({"items": page, "next_cursor": following})


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
    """Correct name, tier, language (empty = unknown); set attributes (null takes one away)."""
    was = await portrait.one(call.session, call.scope, id)
    values = body.model_dump(exclude={"attrs"}, exclude_none=True)
    if body.attrs is not None:
        after = judge.attributes(was.attrs, body.attrs)
        values["attrs"] = {name: after.get(name) for name in body.attrs}
    guard = version_wanted(request) or (was.version if body.attrs is not None else None)
    version = await correct(call.session, was.id, values, call.actor, call.at, guard)
    now = await portrait.one(call.session, call.scope, was.id)
    if version is None:
        raise moved_on({"id": str(was.id), "version": now.version, "name": now.name})
    call.entity = ("customer", was.id)
    call.facts["fields"] = sorted(values)
    return answer({"customer": now}, headers={"ETag": etag(now.version)})
