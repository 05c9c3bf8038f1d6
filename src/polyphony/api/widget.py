"""Widget: the customers' side of web chat over bare routes; a line is answered after its commit."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyphony.api.widget_callback import Callbacks
from polyphony.api.widget_cases import Matters
from polyphony.api.widget_context import WidgetContext
from polyphony.api.widget_door import (
    JSON_BYTES,
    JSON_S,
    UPLOAD_S,
    Door,
    Visit,
    answer,
    answer_raw,
    json_of,
    packed,
    read_body,
    read_json,
)
from polyphony.domain import chat as rules
from polyphony.domain.errors import Invalid, Refusal
from polyphony.flows import carry_on, chat, confirm, greet
from polyphony.store.batch import MicroBatch

if TYPE_CHECKING:
    from polyphony.store.chat import Upload


def routes(desk: "Desk") -> list[Route]:
    """Return the routes below /v1/chat (the stream and its poll are live's)."""
    door, more, later = desk.door, desk.matters, desk.callbacks
    table: Sequence[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = (
        ("POST", "/v1/chat/sessions", door.opened(desk.begin)),
        ("GET", "/v1/chat/messages", door.guarded(desk.lines)),
        ("POST", "/v1/chat/messages", door.guarded(desk.post)),
        ("POST", "/v1/chat/uploads", door.guarded(desk.upload)),
        ("GET", "/v1/chat/files/{id}", door.guarded(desk.file)),
        ("POST", "/v1/chat/typing", door.guarded(desk.typing)),
        ("POST", "/v1/chat/receipts", door.guarded(desk.receipts)),
        ("POST", "/v1/chat/email", door.guarded(desk.email)),
        ("POST", "/v1/chat/code", door.guarded(desk.code)),
        ("POST", "/v1/chat/end", door.guarded(desk.end)),
        ("POST", "/v1/chat/ticket", door.guarded(desk.ticket)),
        ("GET", "/v1/chat/look", door.opened(more.look)),
        ("GET", "/v1/chat/logo", door.opened(more.logo)),
        ("GET", "/v1/chat/cases", door.guarded(more.listed)),
        ("GET", "/v1/chat/articles", door.guarded(more.articles)),
        ("POST", "/v1/chat/ratings", door.guarded(more.rate)),
        ("POST", "/v1/chat/transcripts", door.guarded(more.transcript)),
        ("POST", "/v1/chat/links", door.guarded(more.link)),
        ("POST", "/v1/chat/attributes", door.guarded(more.attributes)),
        ("GET", "/v1/chat/callback", door.guarded(later.options)),
        ("POST", "/v1/chat/callback", door.guarded(later.ask)),
        ("DELETE", "/v1/chat/callback", door.guarded(later.withdraw)),
    )
    paths = sorted({path for _, path, _ in table} | {"/v1/chat/poll"})
    return [
        Route("/widget/frame", more.frame),
        *(Route(path, handler, methods=[method]) for method, path, handler in table),
        *(Route(path, door.preflight, methods=["OPTIONS"]) for path in paths),
    ]


class Desk:
    """The handlers; one per process."""

    def __init__(self, context: WidgetContext) -> None:
        """Begin with an empty batch and nobody known."""
        self._on: Final = context
        self.door: Final = Door(context.database, context.now, context.own)
        self.matters: Final = Matters(context)
        self.callbacks: Final = Callbacks(context, self.matters)
        self._intake: Final = MicroBatch(self._keep)

    def now(self) -> datetime:
        """Tell the time."""
        return self._on.now()

    async def _keep(self, batch: Sequence[chat.Line]) -> Sequence[UUID]:
        async with self._on.database.single() as session:
            return await chat.keep(session, batch)

    async def begin(self, request: Request) -> Response:
        """POST sessions: let a visitor in, new or again."""
        origin = request.headers.get("origin", "")
        coming = greet.read_coming(await read_json(request), origin, self._on.client(request))
        at = self._on.now()
        async with self._on.database.transaction() as session:
            account = await greet.account_of(session, coming.account_key, origin, self._on.own())
            let_in = carry_on.follow_link if coming.link else greet.greet
            found = await let_in(session, account, coming, self._on.keys, at)
            screen = await chat.screen(session, found.session, account, at)
            ticket = await chat.ticket(session, found.session, at)
        who = found.session
        self.door.forget(who.id)
        body = {
            "token": found.token,
            "now": at,
            "session": {
                "id": who.id,
                "expires_at": who.expires_at,
                "how": who.how,
                "assurance": who.assurance,
                "name": who.name,
                "email": who.email,
                "email_claimed": who.email_claimed,
                "language": who.language,
            },
            "hours": screen.hours,
            "wait": screen.wait,
            "cases": screen.cases,
            "messages": screen.messages,
            "agent": screen.agent,
            "cursor": screen.cursor,
            "read": who.read_pos,
            "settings": chat.look(account),
            "ticket": ticket,
        }
        return answer(body, 201)

    async def post(self, request: Request, visit: Visit) -> Response:
        """POST messages: keep one line; 201 only after the commit, the same for a repeat."""
        raw = await read_body(request, JSON_BYTES, JSON_S)
        return answer_raw(await self.say(visit, raw, request.headers.get("idempotency-key")), 201)

    async def say(self, visit: Visit, raw: bytes, repeat: str | None) -> bytes:
        """Keep one line and return the answer; ``repeat`` is the Idempotency-Key, if given."""
        said = rules.said(json_of(raw))
        if repeat is not None and repeat.lower() != str(said.cid):
            raise Invalid("chat.cid", {"header": "Idempotency-Key"})
        at = self._on.now()
        self.door.pace(visit, at)
        if said.case is not None:
            await self.matters.owned(visit, said.case)
        files: Sequence[Upload] = ()
        if said.files:
            async with self._on.database.reads() as session:
                files = await chat.uploads_of(session, visit.who, said.files)
        kept = await self._intake.add(chat.line(visit.who, said, files, at))
        return packed({"id": kept, "cid": said.cid, "at": chat.kept_at(kept)})

    async def lines(self, request: Request, visit: Visit) -> Response:
        """GET messages: the newest lines, those behind or before a position, those of one Case."""
        asked = chat.Asked(*map(request.query_params.get, ("after", "before", "case")))
        async with self._on.database.reads() as session:
            found, agent, cursor = await chat.lines_after(session, visit.who, asked)
        last = max((m["position"] for m in found), default=0)  # type: ignore[type-var] # JSON
        return answer({"messages": found, "agent": agent, "position": last, "cursor": cursor})

    async def upload(self, request: Request, visit: Visit) -> Response:
        """POST uploads: keep a file for a line still to be written."""
        data = await read_body(request, rules.FILE_MAX_BYTES, UPLOAD_S)
        if not data:
            raise Invalid("chat.file_empty")
        at = self._on.now()
        self.door.pace(visit, at)
        name = _file_name(request)
        kind = request.headers.get("content-type", "application/octet-stream")
        upload = chat.new_upload(await self._on.files.put(data), name, kind, len(data), at)
        async with self._on.database.transaction() as session:
            await chat.add_upload(session, visit.who, upload, at)
        body = {
            "id": upload.id,
            "name": upload.name,
            "media_type": upload.media_type,
            "size": upload.size,
        }
        return answer(body, 201)

    async def file(self, request: Request, visit: Visit) -> Response:
        """GET files: one file of the visitor's own chats, always as a download."""
        async with self._on.database.reads() as session:
            found = await chat.file_of(session, visit.who, request.path_params["id"])
        data = await self._on.files.get(found.sha256)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        }
        return Response(data, media_type="application/octet-stream", headers=headers)

    async def typing(self, request: Request, visit: Visit) -> Response:
        """POST typing: tell the agent's screen, outside the log."""
        body = await read_json(request)
        told = body if isinstance(body, Mapping) else {}
        on = told.get("typing") is True
        case = chat.case_id(told["case"]) if told.get("case") else None
        topic = await self.door.interaction(visit, case, self._on.now())
        if topic is not None:
            self._on.say(f"visitor:{topic}", "typing", "customer", {"typing": on})
        return Response(status_code=204)

    async def receipts(self, request: Request, visit: Visit) -> Response:
        """POST receipts: what the widget received and what was visible for a second."""
        body = await read_json(request)
        if not isinstance(body, Mapping):
            raise Invalid("chat.body")
        async with self._on.database.transaction() as session:
            await chat.note_ticks(session, visit.who, body, self._on.now())
        return Response(status_code=204)

    async def email(self, request: Request, visit: Visit) -> Response:
        """POST email: note a typed address and mail a code; the answer says nothing about it."""
        body = await read_json(request)
        address = rules.address(body.get("address") if isinstance(body, Mapping) else None)
        at = self._on.now()
        async with self._on.database.transaction() as session:
            await confirm.count_asks(session, visit.who, self._on.client(request), at)
            await confirm.ask(session, visit.who, visit.account, address, self._on.keys, at)
        self.door.forget(visit.who.id)
        return answer({"address": address, "minutes": 10}, 202)

    async def code(self, request: Request, visit: Visit) -> Response:
        """POST code: check a typed code; right, it proves the address to this session."""
        body = await read_json(request)
        typed = body.get("code") if isinstance(body, Mapping) else None
        async with self._on.database.transaction() as session:
            found = await confirm.check(session, visit.who, typed, self._on.keys, self._on.now())
        if isinstance(found, Refusal):
            raise found
        self.door.forget(visit.who.id)
        return answer({"email": found.email, "assurance": found.assurance})

    async def end(self, request: Request, visit: Visit) -> Response:
        """POST end: the visitor closes the chat; his bearer opens nothing any more."""
        await read_body(request, JSON_BYTES, JSON_S)
        async with self._on.database.transaction() as session:
            await chat.end(session, visit.who, self._on.now())
        self.door.forget(visit.who.id)
        return Response(status_code=204)

    async def ticket(self, request: Request, visit: Visit) -> Response:
        """POST ticket: for one socket, single use, at most 30 seconds."""
        await read_body(request, JSON_BYTES, JSON_S)
        async with self._on.database.transaction() as session:
            drawn = await chat.ticket(session, visit.who, self._on.now())
        return answer({"ticket": drawn}, 201)


def _file_name(request: Request) -> str:
    raw = request.headers.get("x-file-name", "")
    try:
        return unquote(raw, errors="strict")
    except UnicodeDecodeError:
        return raw
