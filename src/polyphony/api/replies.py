"""Replies: answers and notes, and the fate of what shall leave: undo, send now, retry, give up."""

from dataclasses import replace
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, Field

from polyphony.api.counter import KEYED, WORKER, Counter
from polyphony.api.desk import Call, In, Json, Now, answer, require
from polyphony.api.matters import case_now
from polyphony.domain.errors import Invalid, NotFound
from polyphony.domain.language import recognise
from polyphony.domain.permission import Act, Allow, decide
from polyphony.domain.reply import Then
from polyphony.flows import reply
from polyphony.store import feed, followers, inbox, projections

router = APIRouter(prefix="/v1", route_class=Counter, tags=["replies"])


class ReplyIn(In):
    """An answer; the Idempotency-Key is its client id for ever."""

    text: str
    html: str | None = None
    files: list[UUID] = Field(default_factory=list, max_length=50)
    expected_last_item: int = Field(ge=0, le=2**62)
    then: Then | None = None
    undo_s: int | None = Field(None, ge=0, le=120)
    anyway: bool = False
    schedule_at: AwareDatetime | None = None
    pinned: bool = False
    join: bool = False
    signed: bool = True


class WayIn(ReplyIn):
    """An answer by a chosen way; another channel than the customer's last needs a reason once."""

    account_id: UUID
    identity_id: UUID
    reason: str = Field("", max_length=300)


class ScheduleIn(In):
    """When it leaves; ``pinned``: also when the customer writes first."""

    at: AwareDatetime
    pinned: bool = False


class MentionIn(In):
    """Whom a note names."""

    kind: Literal["person", "department"]
    id: UUID


class NoteIn(In):
    """A line for colleagues; ``consult_with`` asks one for advice, ``whisper_to``: one hears."""

    text: str
    mentions: list[MentionIn] = Field(default_factory=list, max_length=50)
    consult_with: UUID | None = None
    whisper_to: UUID | None = None


class WhyIn(In):
    """How a person knows."""

    reason: str = Field("", max_length=500)


async def _message(call: Call, message: UUID) -> Json:
    found = (await projections.messages(call.session, [message]))[message]
    return feed.with_links(found)


def _cid(call: Call) -> UUID:
    if call.cid is None:
        raise Invalid("idempotency.key_needed", {"header": "Idempotency-Key"})
    return call.cid


@router.post(
    "/interactions/{id}/messages", name="replies.send", status_code=201, openapi_extra=KEYED
)
async def send(call: Now, id: UUID, body: ReplyIn) -> Response:  # noqa: A002 - the name of the path
    """Answer by the door the customer used; 409 case-moved-on when somebody was faster."""
    await call.case_of(Act.WRITE, "interaction", id)
    return await _sent(call, _answer(call, id, body))


@router.post("/cases/{id}/messages", name="replies.send_by", status_code=201, openapi_extra=KEYED)
async def send_by(call: Now, id: UUID, body: WayIn) -> Response:  # noqa: A002 - the name of the path
    """Answer by another way; the Interaction by it is begun in the same Case when needed."""
    await call.may(Act.WRITE, id)
    chosen = reply.Chosen(id, body.account_id, body.identity_id, body.reason)
    way = await reply.by_way(call.session, chosen, call.staff, call.at)
    call.facts["reason"] = body.reason
    return await _sent(call, replace(_answer(call, way, body), channel_reason=body.reason))


def _answer(call: Call, interaction: UUID, body: ReplyIn) -> reply.Answer:
    return reply.Answer(
        interaction=interaction,
        text=body.text,
        cid=_cid(call),
        expected_last_item=body.expected_last_item,
        html=body.html,
        files=body.files,
        then=body.then,
        undo_s=body.undo_s,
        anyway=body.anyway,
        schedule_at=body.schedule_at,
        pinned=body.pinned,
        join=body.join,
        signed=body.signed,
    )


async def _sent(call: Call, wish: reply.Answer) -> Response:
    done = await reply.send(call.session, wish, call.staff, call.at, call.desk.outside)
    call.entity = ("message", done.message)
    told = {"message": await _message(call, done.message), "case": await case_now(call, done.case)}
    return answer(told, 201)


@router.post("/cases/{id}/notes", name="notes.write", status_code=201, openapi_extra=KEYED)
async def note(call: Now, id: UUID, body: NoteIn) -> Response:  # noqa: A002 - the name of the path
    """Write a note; it never leaves the house."""
    await _may_note(call, id, body)
    named = [reply.Mention(one.kind, one.id) for one in body.mentions]
    wish = reply.Note(id, body.text, _cid(call), named, body.consult_with, body.whisper_to)
    done = await reply.note(call.session, wish, call.staff, call.at)
    call.entity = ("message", done.message)
    return answer({"message": await _message(call, done.message)}, 201)


async def _may_note(call: Call, case: UUID, body: NoteIn) -> None:
    """Who was asked for advice may answer, though the matter is another department's."""
    facts = (await inbox.facts(call.session, [case])).get(case)
    if facts is None:
        raise NotFound("case")
    asked = body.consult_with is not None and isinstance(decide(call.scope, Act.READ, facts), Allow)
    if not (asked and await followers.consulted(call.session, case, call.me)):
        require(decide(call.scope, Act.WRITE, facts))


@router.post("/deliveries/{id}/cancel", name="deliveries.cancel", openapi_extra=WORKER)
async def cancel(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take an answer back while it is held."""
    await call.case_of(Act.WRITE, "delivery", id)
    done = await reply.cancel(call.session, id, call.staff, call.at)
    return answer({"message": await _message(call, done)})


@router.post("/deliveries/{id}/release", name="deliveries.release", openapi_extra=WORKER)
async def release(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Let a held answer go at once."""
    await call.case_of(Act.WRITE, "delivery", id)
    done = await reply.release(call.session, [id], call.at, call.staff)
    return answer({"message": await _message(call, done[0])})


@router.post("/deliveries/{id}/schedule", name="deliveries.schedule", openapi_extra=WORKER)
async def schedule(call: Now, id: UUID, body: ScheduleIn) -> Response:  # noqa: A002 - the name of the path
    """Let a scheduled answer leave at another moment."""
    await call.case_of(Act.WRITE, "delivery", id)
    done = await reply.reschedule(
        call.session, id, body.at, call.staff, call.at, pinned=body.pinned
    )
    return answer({"message": await _message(call, done)})


class TextIn(In):
    """Words nobody has sent yet."""

    text: str = Field(max_length=100_000)


@router.post("/language", name="language.recognise")
async def language(call: Now, body: TextIn) -> Response:
    """Tell in which language a text is; null when it is short or nobody can tell."""
    del call
    return answer({"language": recognise(body.text)})


@router.post("/deliveries/{id}/retry", name="deliveries.retry", openapi_extra=WORKER)
async def retry(call: Now, id: UUID, body: WhyIn | None = None) -> Response:  # noqa: A002 - the name of the path
    """Try a failed or doubtful one again."""
    await call.case_of(Act.WRITE, "delivery", id)
    reason = body.reason if body else ""
    call.facts["reason"] = reason
    done = await reply.retry(call.session, id, call.staff, call.at, reason)
    return answer({"message": await _message(call, done)})


@router.post("/deliveries/{id}/mark_sent", name="deliveries.mark_sent", openapi_extra=WORKER)
async def mark_sent(call: Now, id: UUID, body: WhyIn) -> Response:  # noqa: A002 - the name of the path
    """Take a doubtful one for sent: somebody found out that it arrived."""
    await call.case_of(Act.WRITE, "delivery", id)
    call.facts["reason"] = body.reason
    done = await reply.mark_sent(call.session, id, call.staff, call.at, body.reason)
    return answer({"message": await _message(call, done)})


@router.post("/deliveries/{id}/give_up", name="deliveries.give_up", openapi_extra=WORKER)
async def give_up(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Treat a doubtful one as not delivered."""
    await call.case_of(Act.WRITE, "delivery", id)
    done = await reply.give_up(call.session, id, call.staff, call.at)
    return answer({"message": await _message(call, done)})
