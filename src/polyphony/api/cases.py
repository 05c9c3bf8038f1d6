"""Cases: lists, the whole of one Case, its older items, its history, reading marks."""

from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import Field

from polyphony.api.bootstrap import page_of
from polyphony.api.counter import LOOK, Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.api.doors import ways
from polyphony.api.notices import following
from polyphony.api.paging import etag, place_of
from polyphony.domain import filter as filters
from polyphony.domain.errors import Invalid, NotFound
from polyphony.domain.permission import Act, Allow, CaseFacts, decide
from polyphony.flows import chat, draft, fill
from polyphony.flows.announce import announce
from polyphony.store import (
    dossier,
    drafts,
    feed,
    inbox,
    notices,
    packets,
    projections,
    steps,
    views,
)

router = APIRouter(prefix="/v1", route_class=Counter, tags=["cases"])

MANY = 100_000
"""No list is counted further, no job takes more."""

Limit = Annotated[int, Query(ge=1, le=200)]


class Asked(In):
    """Which Cases: a tab, a filter tree as JSON, or a kept view."""

    tab: Literal["mine", "team", "all", "mentions", "snoozed", "repair", "view"] = "mine"
    state: Literal["open", "solved", "closed", "any"] = "open"
    department: UUID | None = None
    q: str = Field("", max_length=200)
    sort: Literal["due", "newest", "oldest", "priority"] = "due"
    filter: str = Field("", max_length=8000)
    view: UUID | None = None


class ListIn(Asked):
    """Which page of them; ``counted`` adds how many there are in all pages, up to 100,000."""

    limit: int = Field(50, ge=1, le=500)
    cursor: str = Field("", max_length=400)
    counted: bool = False


class ReadIn(In):
    """How far somebody has read."""

    position: int = Field(ge=0, le=2**62)


@router.get("/cases", name="cases.list")
async def list_(call: Now, asked: Annotated[ListIn, Query()]) -> Response:
    """Return one page of a tab."""
    edge = await feed.horizon(call.session)
    wish = replace(
        await wish_of(call, asked),
        limit=asked.limit,
        behind=_behind(call, asked.sort, asked.cursor),
    )
    page = await page_of(call.session, call.desk, call.scope, wish)
    listing = page["list"]
    told: Json = {**listing} if isinstance(listing, dict) else {}
    told |= {name: page[name] for name in ("work_items", "drafts", "reads", "unread")}
    told["as_of"] = str(edge.cursor)
    if asked.counted:
        told["count"] = await inbox.count(call.session, call.scope, wish, MANY)
    if asked.tab == "repair":
        told["arrivals"] = await inbox.quarantined(call.session, call.scope)
    return answer(told, headers={"Polyphony-Cursor": str(edge.cursor)})


async def wish_of(call: Call, asked: Asked) -> inbox.Wish:
    """Return what is asked for, without its page; raise NotFound for a view they do not have."""
    tree: object = None
    if asked.view is not None:
        view = await views.one(call.session, call.scope, asked.view)
        if view is None:
            raise NotFound("view")
        tree = view.filter
    elif asked.filter:
        tree = _tree(asked.filter)
    node = None if tree is None else filters.read(tree)
    zone = "UTC" if node is None else await inbox.zone(call.session, call.me)
    return inbox.Wish(
        asked.tab,
        asked.state,
        asked.department,
        asked.q.strip(),
        asked.sort,
        node=node,
        context=inbox.context(call.scope, call.at, zone),
    )


def _tree(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as broken:
        raise Invalid("filter.malformed", {"pointer": "/", "why": "not_json"}) from broken


def _behind(call: Call, sort: str, cursor: str) -> tuple[str, UUID] | None:
    if not cursor:
        return None
    of, key, id_ = place_of(call.desk.outside.keys, cursor, 3)
    if of != sort:
        raise Invalid("cursor.malformed")
    return key, UUID(id_)


@router.get("/cases/{id}", name="cases.read", openapi_extra=LOOK)
async def read(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return everything the screen of one Case shows."""
    edge = await feed.horizon(call.session)
    facts = await visible_facts(call, id)
    outline = await dossier.outline(call.session, call.scope, id)
    case = (await projections.cases(call.session, [id]))[id]
    newest = outline.messages[: dossier.PAGE]
    messages = await projections.messages(call.session, newest)
    interactions = await projections.interactions(call.session, outline.interactions)
    work = await projections.work_items(call.session, outline.work_items)
    of_case = await steps.ids_of(call.session, id)
    walked = await projections.case_steps(call.session, of_case)
    older = outline.positions[dossier.PAGE - 1] if len(outline.messages) > dossier.PAGE else None
    whole: Json = {
        "case": case,
        "interactions": [interactions[one] for one in outline.interactions],
        "work_items": [work[one] for one in outline.work_items],
        "steps": [walked[one] for one in of_case],
        "participants": await dossier.participants(call.session, id),
        "messages": [feed.with_links(messages[one]) for one in reversed(newest)],
        "older_cursor": older,
        "drafts": [draft.told(one) for one in await drafts.of_case(call.session, id, call.me)],
        "may": may(call, facts, case),
        "reply_to": _reply_to(await dossier.reply_to(call.session, id)),
        "doors": await ways(call, case, work.values()),
        "variables": await fill.values(call.session, id, call.me, call.at),
        "packet": await packets.of_case(call.session, id, call.at),
        "as_of": str(edge.cursor),
        **await following(call, id),
    }
    call.entity = ("case", id)
    headers = {"ETag": etag(case["version"]), "Polyphony-Cursor": str(edge.cursor)}
    return answer(whole, headers=headers)


async def visible_facts(call: Call, case: UUID) -> CaseFacts:
    """Return what rights need to know of a visible Case; raise NotFound otherwise."""
    facts = (await inbox.facts(call.session, [case])).get(case)
    if facts is None or not isinstance(decide(call.scope, Act.READ, facts), Allow):
        raise NotFound("case")
    return facts


def may(call: Call, facts: CaseFacts, case: Json) -> dict[str, bool]:
    """Tell the screen which buttons work for this reader."""
    write = isinstance(decide(call.scope, Act.WRITE, facts), Allow)
    open_ = case["state"] not in ("merged", "discarded", "closed")
    lead = isinstance(decide(call.scope, Act.ASSIGN, facts), Allow)
    return {
        "reply": write and open_,
        "note": write,
        "move": write,
        "edit": write,
        "transfer": write and open_,
        "merge": write and open_,
        "claim": write and call.scope.agent,
        "assign": lead,
    }


def _reply_to(found: dossier.ReplyTo | None) -> Json | None:
    if found is None:
        return None
    why = None
    if found.identity_state != "good":
        why = f"address_{found.identity_state}"
    elif found.account_state in ("paused", "broken"):
        why = f"account_{found.account_state}"
    return {
        "interaction_id": found.interaction_id,
        "channel_kind": found.channel_kind,
        "account_id": found.account_id,
        "account": found.account,
        "address": found.address,
        "allowed": found.identity_state == "good",
        "why": why,
    }


@router.get("/cases/{id}/items", name="cases.items", openapi_extra=LOOK)
async def items(call: Now, id: UUID, before: int, limit: Limit = 50) -> Response:  # noqa: A002 - the name of the path
    """Return older messages of a Case, oldest first."""
    await call.may(Act.READ, id)
    found = await dossier.older(call.session, call.scope, id, before, limit)
    page = found[:limit]
    messages = await projections.messages(call.session, page)
    told = [feed.with_links(messages[one]) for one in reversed(page)]
    older = told[0]["position"] if len(found) > limit else None
    return answer({"messages": told, "older_cursor": older})


@router.get("/cases/{id}/events", name="cases.events")
async def events(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return who did what, when and why with this Case."""
    await call.may(Act.READ, id)
    return answer({"items": await dossier.history(call.session, id)})


@router.put("/cases/{id}/read", status_code=204, name="cases.read_to")
async def read_to(call: Now, id: UUID, body: ReadIn) -> Response:  # noqa: A002 - the name of the path
    """Note how far the caller has read."""
    facts = await visible_facts(call, id)
    before = await chat.read_so_far(call.session, id)
    await dossier.read_to(call.session, id, call.me, body.position)
    if isinstance(decide(call.scope, Act.WRITE, facts), Allow):  # a mere onlooker leaves no tick
        await chat.staff_read(call.session, id, before, body.position)
    told = await notices.read_of_case(call.session, call.me, id, call.at)
    await announce(call.session, actor=call.actor, notices=told)
    return answer(None)
