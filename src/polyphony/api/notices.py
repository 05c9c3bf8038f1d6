"""Notices: what the caller should know; read one, read all. Following a Case. Tags in use."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from polyphony.api.counter import Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.domain import tag
from polyphony.domain.errors import NotFound
from polyphony.domain.permission import Act
from polyphony.flows.announce import announce
from polyphony.store import followers, notices, projections, tags

router = APIRouter(prefix="/v1", route_class=Counter, tags=["notices"])


class NoticesIn(In):
    """Which notices."""

    unread: bool = False
    limit: int = Field(50, ge=1, le=200)


class TagsIn(In):
    """What the tag's name holds."""

    q: str = Field("", max_length=50)


@router.get("/notices", name="notices.list")
async def list_(call: Now, asked: Annotated[NoticesIn, Query()]) -> Response:
    """Return the caller's notices, newest first, and how many are unread."""
    ids = await notices.page(call.session, call.scope, unread=asked.unread, limit=asked.limit)
    found = await projections.of(call.session, "notice", ids)
    unread = await notices.unread(call.session, call.scope)
    return answer({"items": [found[one] for one in ids if one in found], "unread": unread})


@router.post("/notices/{id}/read", name="notices.read")
async def read(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Mark one notice as read."""
    if not await notices.mine(call.session, call.me, id):
        raise NotFound("notice")
    return await _read(call, await notices.read(call.session, call.me, call.at, [id]))


@router.post("/notices/read", name="notices.read_all")
async def read_all(call: Now) -> Response:
    """Mark all notices as read."""
    return await _read(call, await notices.read(call.session, call.me, call.at))


async def _read(call: Call, changed: list[UUID]) -> Response:
    await announce(call.session, actor=call.actor, notices=changed)
    return answer({"unread": await notices.unread(call.session, call.scope)})


# ── following ───────────────────────────────────────────────────────────────────────────────────


async def following(call: Call, case: UUID) -> Json:
    """Return who follows a Case, and whether the caller does."""
    found = await followers.of(call.session, case)
    mine = any(one.id == call.me for one in found)
    return {"me": {"following": mine}, "followers": found}


@router.put("/cases/{id}/follow", name="cases.follow")
async def follow(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Let the caller hear of replies in a Case he sees."""
    await call.may(Act.READ, id)
    await followers.follow(call.session, id, call.me, call.at)
    return answer(await following(call, id))


@router.delete("/cases/{id}/follow", name="cases.unfollow")
async def unfollow(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Let the caller hear no more of a Case."""
    await call.may(Act.READ, id)
    await followers.unfollow(call.session, id, call.me)
    return answer(await following(call, id))


# ── tags ────────────────────────────────────────────────────────────────────────────────────────


@router.get("/tags", name="tags.list")
async def tags_list(call: Now, asked: Annotated[TagsIn, Query()]) -> Response:
    """Return tags in use in the caller's lists, the most used first."""
    found = await tags.in_use(call.session, call.scope, " ".join(asked.q.split()))
    items = [{"name": one.name, "colour": tag.colour(one.name), "uses": one.uses} for one in found]
    return answer({"items": items})
