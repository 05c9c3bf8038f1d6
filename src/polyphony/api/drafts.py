"""Drafts: unsent text kept for its author, read and taken over by colleagues, dropped."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from polyphony.api.counter import WORKER, Counter
from polyphony.api.desk import Call, In, Now, answer
from polyphony.domain.errors import Invalid, NotFound
from polyphony.domain.permission import Act
from polyphony.flows import draft
from polyphony.store import drafts, staff
from polyphony.store.drafts import Place

router = APIRouter(prefix="/v1", route_class=Counter, tags=["drafts"])

Channel = Annotated[Literal["", "email", "chat", "loopback"], Query()]


class DraftIn(In):
    """Unsent text; ``version`` is the one it was made from (0 = none), ``html`` its rich form.

    ``over``: another device's text was seen to be newer and shall be put aside.
    """

    text: str
    html: str | None = None
    files: list[UUID] = Field([], max_length=50)
    version: int = Field(0, ge=0, le=2**62)
    over: bool = False


def _place(call: Call, case: UUID, mode: str, channel: str) -> Place:
    if mode not in ("reply", "note"):
        raise Invalid("draft.mode", {"known": ["reply", "note"]})
    return Place(case, call.me, mode, channel)


@router.put("/cases/{id}/drafts/{mode}", name="drafts.keep", openapi_extra=WORKER)
async def keep(call: Now, id: UUID, mode: str, body: DraftIn, channel: Channel = "") -> Response:  # noqa: A002 - the name of the path
    """Keep unsent text; 409 with the newer one when another device was faster."""
    await call.may(Act.READ, id)
    settings = (await staff.one(call.session, call.me)).get("settings")
    private = isinstance(settings, dict) and settings.get("draft_private") is True
    wish = drafts.Wish(body.text, body.html, body.files, body.version, shared=not private)
    place = _place(call, id, mode, channel)
    kept = await draft.keep(call.session, place, wish, call.at, over=body.over)
    return answer({**draft.told(kept.draft), "aside": kept.aside})


@router.delete("/cases/{id}/drafts/{mode}", status_code=204, name="drafts.drop")
async def drop(call: Now, id: UUID, mode: str, channel: Channel = "") -> Response:  # noqa: A002 - the name of the path
    """Throw unsent text away."""
    await call.may(Act.READ, id)
    await draft.drop(call.session, _place(call, id, mode, channel))
    return answer(None)


@router.get("/cases/{id}/drafts/{mode}/others", name="drafts.others")
async def others(call: Now, id: UUID, mode: str, channel: Channel = "") -> Response:  # noqa: A002 - the name of the path
    """Return what other devices of the caller wrote here in the last seven days."""
    await call.may(Act.READ, id)
    return answer({"items": await drafts.others(call.session, _place(call, id, mode, channel))})


@router.post("/drafts/{id}/adopt", name="drafts.adopt", openapi_extra=WORKER)
async def adopt(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a colleague's draft over: it is the caller's now, his own words are put aside."""
    found = await drafts.by_id(call.session, id, call.me)
    if found is None:
        raise NotFound("draft")
    await call.may(Act.WRITE, found.case_id)
    call.entity = ("case", found.case_id)
    return answer(draft.told(await draft.adopt(call.session, id, call.me, call.at)))
