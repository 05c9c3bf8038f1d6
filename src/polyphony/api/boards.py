"""Boards: wallboards set up by those who lead, links to them, and the door of screens on walls."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from polyphony.api.counter import BOARDS, PUBLIC, Counter
from polyphony.api.desk import AtDesk, Call, In, Json, Now, answer
from polyphony.api.paging import etag, version_wanted
from polyphony.domain.errors import Forbidden, NotFound
from polyphony.domain.ids import DepartmentId
from polyphony.domain.metric import BUILT_IN, SHORT_MS
from polyphony.domain.permission import watched, watches
from polyphony.flows import overlook, show
from polyphony.flows.show import Setter
from polyphony.store import boards, feed
from polyphony.store.boards import BoardRow

router = APIRouter(prefix="/v1", route_class=Counter, tags=["boards"])

TICKET_LIFE = timedelta(seconds=30)
Language = Literal["en", "cs", "pl", "ru"]
Figure = Literal[
    "waiting", "longest", "in_work", "breached", "due_soon", "service_level", "service_level_half",
    "answered", "abandon_pct", "abandon_pct_half", "entered", "asa", "work_span", "ready", "online",
    "offer_accept_pct",
]  # fmt: skip
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\r\n]*$")]


class PageIn(In):
    """One page: a few large figures, a table of queues, or plots of the last half hour."""

    title: str = Field("", max_length=80, pattern=r"^[^\r\n]*$")
    kind: Literal["figures", "queues", "plots"] = "figures"
    figures: list[Figure] = Field([], max_length=12)
    queues: list[UUID] = Field([], max_length=60)


class ThresholdIn(In):
    """From where on a figure is marked: in its own unit (pieces, milliseconds, thousandths)."""

    warn: int = Field(ge=0, le=10_000_000_000)
    bad: int = Field(ge=0, le=10_000_000_000)


class BoardChange(In):
    """Changes of a board."""

    name: Name | None = None
    pages: list[PageIn] | None = Field(None, max_length=12)
    thresholds: dict[Figure, ThresholdIn] | None = None
    seconds: int | None = Field(None, ge=5, le=600)
    language: Language | None = None


class BoardIn(BoardChange):
    """A new board of a department, or of the house."""

    name: Name
    department_id: UUID | None = None


class LinkIn(In):
    """A link for one screen: six to twelve digits open it."""

    name: Name
    pin: str = Field(pattern=r"^[0-9]{6,12}$")
    days: int | None = Field(None, ge=1, le=3650)


class OpenIn(In):
    """What a screen proves itself by: the PIN once, then the key it got for it."""

    pin: str = Field("", max_length=20)
    key: str = Field("", max_length=200)


def _setter(call: Call) -> Setter:
    return Setter(call.scope, call.me)


def _wish(body: BoardChange) -> show.Wish:
    marks = body.thresholds
    return show.Wish(
        body.name,
        None if body.pages is None else [one.model_dump(mode="json") for one in body.pages],
        None
        if marks is None
        else {name: {"warn": x.warn, "bad": x.bad} for name, x in marks.items()},
        body.seconds,
        body.language,
    )


def _told(board: BoardRow) -> Json:
    return asdict(board)


def definitions() -> list[Mapping[str, object]]:
    """Return what the figures mean: key, version, clock, bucket and switches of each."""
    return [
        {
            "key": one.key,
            "version": one.version,
            "kind": one.kind,
            "unit": one.unit,
            "clock": one.clock,
            "bucket": one.bucket,
            "better": one.better,
            "switches": asdict(one.switches),
            "short_ms": SHORT_MS,
        }
        for one in BUILT_IN.values()
    ]


@router.get("/boards", name="boards.list", openapi_extra=BOARDS)
async def list_boards(call: Now) -> Response:
    """Return the boards of the places the caller may watch, and what their figures mean."""
    found = await show.visible(call.session, call.scope)
    return answer({"items": [_told(one) for one in found], "metrics": definitions()})


@router.get("/boards/overlook", name="boards.overlook", openapi_extra=BOARDS)
async def over(call: Now, department_id: UUID | None = None) -> Response:
    """Return what stands beside the counters: the half hour to come, doors, levers, the log's lag.

    Of a department the caller watches, or of all of them.
    """
    if department_id is None:
        reached = watched(call.scope)
    elif watches(call.scope, str(department_id)):
        reached = frozenset({DepartmentId(department_id)})
    else:
        raise NotFound("department")
    return answer(await overlook.over(call.session, reached, call.at))


@router.post("/boards", name="boards.add", status_code=201, openapi_extra=BOARDS)
async def add_board(call: Now, body: BoardIn) -> Response:
    """Set a board up."""
    empty = BoardRow(call.key(), body.name, body.department_id, [], {}, 20, "en", 1)
    new = _wish(body).of(empty)
    call.entity = ("board", new.id)
    return answer(_told(await show.set_up(call.session, new, _setter(call))), 201)


@router.patch("/boards/{id}", name="boards.change", openapi_extra=BOARDS)
async def change_board(
    call: Now,
    request: Request,
    id: UUID,  # noqa: A002 - the name of the path
    body: BoardChange,
) -> Response:
    """Change what a board shows."""
    call.entity = ("board", id)
    found = await show.change(call.session, id, _wish(body), version_wanted(request), _setter(call))
    return answer(_told(found), 200, {"ETag": etag(found.version)})


@router.delete("/boards/{id}", name="boards.remove", status_code=204, openapi_extra=BOARDS)
async def remove_board(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a board away; screens that show it go dark."""
    call.entity = ("board", id)
    await show.take_down(call.session, id, _setter(call))
    return answer()


@router.get("/boards/{id}/links", name="boards.links", openapi_extra=BOARDS)
async def links(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return the links of a board; their tokens are told once, when they are made."""
    await show.one(call.session, call.scope, id)
    return answer({"items": await boards.links(call.session, id)})


@router.post("/boards/{id}/links", name="boards.link", status_code=201, openapi_extra=BOARDS)
async def add_link(call: Now, id: UUID, body: LinkIn) -> Response:  # noqa: A002 - the name of the path
    """Make a link that shows the board to who knows its PIN."""
    until = None if body.days is None else call.at + timedelta(days=body.days)
    new = show.Link(call.key(), body.name, body.pin, until)
    call.entity = ("board", id)
    token = await show.link(call.session, id, new, call.desk.outside.keys, _setter(call))
    address = f"{call.desk.address}/tv/{token}" if call.desk.address else f"/tv/{token}"
    return answer({"id": new.id, "name": new.name, "address": address}, 201)


@router.delete(
    "/boards/{id}/links/{link}", name="boards.unlink", status_code=204, openapi_extra=BOARDS
)
async def remove_link(call: Now, id: UUID, link: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a link away; its screen goes dark within seconds."""
    await show.one(call.session, call.scope, id)
    if not await boards.remove_link(call.session, id, link):
        raise NotFound("board_link")
    call.entity = ("board", id)
    return answer()


@router.post("/tv/{token}", name="boards.open", openapi_extra=PUBLIC)
async def open_board(desk: AtDesk, token: str, body: OpenIn) -> Response:
    """Let a screen in by link and PIN: what to show, a ticket for one socket, a key for later."""
    at = desk.now()
    proof = show.Proof(body.pin, body.key)
    async with desk.database.transaction() as session:
        opened = await show.let_in(session, token[:200], proof, desk.outside.keys, at)
        if opened is None:
            told: Json = {}
        else:
            link, key = opened
            board = await boards.one(session, link.board_id)
            if board is None:  # pragma: no cover - a link goes with its board
                raise NotFound("board")
            ticket = secrets.token_urlsafe(32)
            principal = feed.Ticket(f"board:{link.id}", link.id)
            await feed.add_ticket(session, show.hashed(ticket), principal, at, at + TICKET_LIFE)
            names = await boards.queue_names(session, board.department_id)
            told = {"board": _told(board), "queues": names, "metrics": definitions(),
                    "key": key, "ticket": ticket, "now": at}  # fmt: skip
    if not told:
        raise Forbidden("board.pin")
    return answer(told, 200, {"Cache-Control": "no-store"})
