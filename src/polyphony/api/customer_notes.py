"""Customer notes: what colleagues should know of a customer, whatever the matter."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from polyphony.api.counter import LOOK, WORKER, Counter
from polyphony.api.desk import In, Now, answer
from polyphony.api.paging import etag, moved_on, version_wanted
from polyphony.domain.errors import Forbidden, Invalid, NotFound
from polyphony.domain.event import NewEvent, Op
from polyphony.domain.permission import supervised
from polyphony.store import customer_notes, events, portrait
from polyphony.store.customer_notes import Note

router = APIRouter(prefix="/v1", route_class=Counter, tags=["customers"])
TEXT_MAX = 5_000


class NoteIn(In):
    """A note."""

    text: str = Field(min_length=1, max_length=TEXT_MAX)


def _text(body: NoteIn) -> str:
    text = body.text.strip()
    if not text:
        raise Invalid("note.empty")
    return text


@router.get("/customers/{id}/notes", name="customer_notes.list", openapi_extra=LOOK)
async def read(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return the notes about a customer, newest first."""
    now = (await portrait.one(call.session, call.scope, id)).id
    call.entity = ("customer", now)
    return answer({"items": await customer_notes.of(call.session, now)})


@router.post(
    "/customers/{id}/notes", name="customer_notes.add", status_code=201, openapi_extra=WORKER
)
async def add(
    call: Now,
    id: UUID,  # noqa: A002 - the name of the path
    body: NoteIn,
) -> Response:
    """Write a note about a customer; every colleague who may know him reads it."""
    now = (await portrait.one(call.session, call.scope, id)).id
    made = call.key()
    await customer_notes.add(call.session, made, now, call.me, _text(body), call.at)
    await _tell(call, now)
    call.entity = ("customer_note", made)
    return answer({"note": await _one(call, made)}, 201)


@router.patch("/customer_notes/{id}", name="customer_notes.change", openapi_extra=WORKER)
async def change(
    call: Now,
    request: Request,
    id: UUID,  # noqa: A002 - the name of the path
    body: NoteIn,
) -> Response:
    """Change the text of one's own note."""
    note = await _one(call, id)
    if note.author_id != call.me:
        raise Forbidden("rights.missing", {"needs": ["author"]})
    text = _text(body)
    version = await customer_notes.edit(call.session, id, text, call.at, version_wanted(request))
    now = await _one(call, id)
    if version is None:
        raise moved_on({"id": str(id), "version": now.version, "text": now.text})
    await _tell(call, note.customer_id)
    return answer({"note": now}, headers={"ETag": etag(version)})


@router.delete("/customer_notes/{id}", name="customer_notes.remove", openapi_extra=WORKER)
async def remove(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a note away: one's own, or any as a supervisor."""
    note = await _one(call, id)
    if note.author_id != call.me and not supervised(call.scope):
        raise Forbidden("rights.missing", {"needs": ["author", "supervise"]})
    await customer_notes.remove(call.session, id)
    call.facts["author"] = str(note.author_id)
    await _tell(call, note.customer_id)
    return answer()


async def _one(call: Now, id_: UUID) -> Note:
    """Return a note about a customer the caller may know; raise NotFound."""
    note = await customer_notes.one(call.session, id_)
    if note is None:
        raise NotFound("customer_note")
    await portrait.one(call.session, call.scope, note.customer_id)
    return note


async def _tell(call: Now, customer: UUID) -> None:
    """Let screens that show the customer fetch anew; nothing of the note is in the log."""
    now = await portrait.one(call.session, call.scope, customer)
    told = NewEvent(
        "customer.changed", Op.TOUCH, "customer", now.id, now.version, ["all"],
        actor_kind="person", actor_id=call.me, cid=call.cid, customer_id=now.id,
    )  # fmt: skip
    await events.append(call.session, [told])
