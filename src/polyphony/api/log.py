"""Log: the audit for auditors, unreadable arrivals for those who look after them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from polyphony.api.counter import AUDITOR, CHANNELS, Counter
from polyphony.api.desk import In, Now, answer
from polyphony.api.paging import cursor_of, place_of
from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.event import NewEvent, Op
from polyphony.flows import seal
from polyphony.store import audit, content, events, inbox, wake

router = APIRouter(prefix="/v1", route_class=Counter, tags=["log"])


class AuditIn(In):
    """Which lines."""

    actor: UUID | None = None
    entity: UUID | None = None
    customer: UUID | None = None
    act: str = Field("", max_length=60, pattern="^[a-z_.:]*$")
    until: datetime | None = None
    limit: int = Field(50, ge=1, le=200)
    cursor: str = Field("", max_length=400)


@router.get("/audit", name="audit.list", openapi_extra=AUDITOR | {"x-look": True})
async def lines(call: Now, asked: Annotated[AuditIn, Query()]) -> Response:
    """Return who did or saw what, newest first; ``customer`` means him and all his matters."""
    before = None
    if asked.cursor:
        at, last = place_of(call.desk.outside.keys, asked.cursor, 2)
        before = (datetime.fromisoformat(at), UUID(last))
    things = [asked.entity] if asked.entity else None
    if asked.customer is not None:
        things = [*(things or []), *await audit.about(call.session, asked.customer)]
    found = await audit.page(
        call.session,
        audit.Wanted(asked.actor, things, asked.act, asked.until),
        before=before,
        limit=asked.limit + 1,
    )
    page = found[: asked.limit]
    last_line = page[-1] if len(found) > asked.limit else None
    following = (
        cursor_of(call.desk.outside.keys, last_line.at.isoformat(), last_line.id)
        if last_line
        else None
    )
    return answer({"items": page, "next_cursor": following})


@router.get("/audit/chain", name="audit.chain", openapi_extra=AUDITOR | {"x-look": True})
async def chain(call: Now) -> Response:
    """Return how the hash chain of the audit stands; its head belongs outside of this house."""
    return answer({"chain": await seal.state(call.session, call.at)})


@router.get("/arrivals", name="arrivals.list")
async def arrivals(call: Now, state: str = "quarantined") -> Response:
    """Return the arrivals nobody could read, of the caller's departments."""
    if state != "quarantined":
        return answer({"items": []})
    return answer({"items": await inbox.quarantined(call.session, call.scope)})


@router.post("/arrivals/{id}/read_again", name="arrivals.read_again", openapi_extra=CHANNELS)
async def read_again(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Put an unreadable arrival back in line."""
    found = await content.raw(call.session, id)
    if found is None or not content.handles(call.scope, found):
        raise NotFound("arrival")
    if not await content.read_again(call.session, id):
        raise Conflict("arrival.not_quarantined", {"state": found.state})
    told = NewEvent(
        "arrival.read_again", Op.FACT, "arrival", id, None, [f"dept:{found.department_id}"],
        actor_kind="person", actor_id=call.me,
    )  # fmt: skip
    await events.append(call.session, [told])
    wake.mark(call.session, "arrivals")
    return answer({"id": id, "state": "new"}, 202)
