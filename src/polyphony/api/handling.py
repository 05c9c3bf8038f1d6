"""Handling: put a Case aside, ask for help, link it, send it on; what moments words mean."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, Field

from polyphony.api.counter import KEYED, WORKER, Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.api.matters import case_now
from polyphony.domain import when
from polyphony.domain.errors import Forbidden, Invalid
from polyphony.domain.permission import Act, Allow, decide
from polyphony.flows import forward, help_out, link, snooze
from polyphony.store import feed, inbox, projections, snoozes

router = APIRouter(prefix="/v1", route_class=Counter, tags=["cases"])


class WhenIn(In):
    """Words that mean a moment; ``zone`` = where the screen is, else the person's own."""

    text: str = Field("", max_length=when.TEXT_MAX)
    zone: str = Field("", max_length=60)


class SnoozeIn(In):
    """Until when: a moment, or words for one."""

    until: AwareDatetime | None = None
    text: str = Field("", max_length=when.TEXT_MAX)
    zone: str = Field("", max_length=60)


class HelpIn(In):
    """What the matter is, in one line."""

    text: str = Field(max_length=1_000)


class LinkIn(In):
    """The other Case, and how they belong together."""

    other_id: UUID
    kind: Literal["perhaps", "follows", "duplicate"] = "perhaps"


class ForwardIn(In):
    """Whom to send what: one Message or, without one, the whole Case."""

    to: list[str] = Field(min_length=1, max_length=10)
    text: str = Field("", max_length=20_000)
    message_id: UUID | None = None
    files: bool = True


@router.get("/when", name="when.read")
async def read_when(call: Now, asked: Annotated[WhenIn, Query()]) -> Response:
    """Return the moments words may mean, most likely first; without words the usual ones."""
    language, zone = await snoozes.clock_of(call.session, call.me)
    here = when.zone_of(asked.zone or zone)
    found = (
        when.moments(asked.text, call.at, here, language)
        if asked.text.strip()
        else when.usual(call.at, here)
    )
    return answer({"items": found, "zone": here.key})


@router.post("/cases/{id}/snooze", name="cases.snooze", openapi_extra=WORKER)
async def put_aside(call: Now, id: UUID, body: SnoozeIn) -> Response:  # noqa: A002 - the name of the path
    """Put a Case aside until a moment; it comes back to the caller with a notice."""
    await call.may(Act.WRITE, id)
    until = body.until or await _meant(call, body)
    call.facts["until"] = until.isoformat()
    await snooze.snooze(call.session, id, until, call.staff, call.at, body.text)
    undo = {"method": "DELETE", "path": f"/v1/cases/{id}/snooze?take=true"}
    return answer({"case": await case_now(call, id), "until": until, "undo": undo})


async def _meant(call: Call, body: SnoozeIn) -> datetime:
    language, zone = await snoozes.clock_of(call.session, call.me)
    found = when.moments(body.text, call.at, when.zone_of(body.zone or zone), language)
    if not found:
        raise Invalid("when.not_understood", {"field": "text"})
    return found[0].at


@router.delete("/cases/{id}/snooze", name="cases.wake", openapi_extra=WORKER)
async def wake(call: Now, id: UUID, *, take: bool = False) -> Response:  # noqa: A002 - the name of the path
    """Take a Case up again before its time; ``take``: the caller goes on with its work."""
    await call.may(Act.WRITE, id)
    mine = take and call.scope.agent
    taken = await snooze.wake(call.session, id, call.staff, call.at, take=mine)
    return answer({"case": await case_now(call, id), "taken": taken or not mine})


@router.post("/cases/{id}/help", name="cases.ask_help", openapi_extra=WORKER)
async def ask_help(call: Now, id: UUID, body: HelpIn) -> Response:  # noqa: A002 - the name of the path
    """Raise the flag: the supervisors of the department are told."""
    await call.may(Act.WRITE, id)
    await help_out.ask(call.session, id, body.text, call.staff, call.at)
    return answer(await case_now(call, id))


@router.delete("/cases/{id}/help", name="cases.settle_help", openapi_extra=WORKER)
async def settle_help(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Lower the flag: who raised it, and supervisors."""
    await call.may(Act.WRITE, id)
    flag = await snoozes.flag(call.session, id) or {}
    facts = (await inbox.facts(call.session, [id]))[id]
    leads = isinstance(decide(call.scope, Act.ASSIGN, facts), Allow)
    if not leads and flag.get("by") not in (None, str(call.me)):
        raise Forbidden("help.not_yours", {"needs": ["supervise"]})
    await help_out.settle(call.session, id, call.staff, call.at)
    return answer(await case_now(call, id))


@router.post("/cases/{id}/links", name="cases.link", openapi_extra=WORKER)
async def add_link(call: Now, id: UUID, body: LinkIn) -> Response:  # noqa: A002 - the name of the path
    """Tie this Case to another one the caller sees."""
    await call.may(Act.WRITE, id)
    await call.may(Act.READ, body.other_id)
    call.facts |= {"other": str(body.other_id), "kind": body.kind}
    await link.link(call.session, id, body.other_id, body.kind, call.staff, call.at)
    return answer(await case_now(call, id))


@router.delete("/cases/{id}/links", name="cases.unlink", openapi_extra=WORKER)
async def drop_link(call: Now, id: UUID, asked: Annotated[LinkIn, Query()]) -> Response:  # noqa: A002 - the name of the path
    """Untie two Cases."""
    await call.may(Act.WRITE, id)
    await call.may(Act.READ, asked.other_id)
    call.facts |= {"other": str(asked.other_id), "kind": asked.kind}
    await link.unlink(call.session, id, asked.other_id, asked.kind, call.staff, call.at)
    return answer(await case_now(call, id))


@router.post("/cases/{id}/forward", name="cases.forward", status_code=201, openapi_extra=KEYED)
async def send_on(call: Now, id: UUID, body: ForwardIn) -> Response:  # noqa: A002 - the name of the path
    """Send a Message or the whole Case to addresses outside, as a letter of its own."""
    await call.may(Act.WRITE, id)
    if call.cid is None:
        raise Invalid("idempotency.key_needed", {"header": "Idempotency-Key"})
    if (
        body.message_id is not None
        and await call.case_of(Act.READ, "message", body.message_id) != id
    ):
        raise Invalid("forward.message", {"field": "message_id"})
    language, zone = await snoozes.clock_of(call.session, call.me)
    wish = forward.Wish(
        id, body.to, call.cid, body.text, body.message_id, body.files, language, when.zone_of(zone)
    )
    call.facts |= {"to": body.to, "message": str(body.message_id or "")}
    done = await forward.forward(call.session, wish, call.staff, call.at, call.desk.outside)
    call.entity = ("message", done.message)
    found: Json = (await projections.messages(call.session, [done.message]))[done.message]
    return answer({"message": feed.with_links(found)}, 201)
