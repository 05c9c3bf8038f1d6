"""Widget Cases: what a visitor does with his own matters beside writing; the look of a widget."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from polyphony.api.widget_context import WidgetContext
from polyphony.api.widget_door import JSON_BYTES, JSON_S, Visit, answer, read_body, read_json
from polyphony.domain import chat as rules
from polyphony.domain.brand import picture_kind
from polyphony.domain.errors import Invalid, NotAuthenticated, NotFound, Refusal
from polyphony.flows import carry_on, chat, copy_by_mail, greet, rate
from polyphony.flows.rate import Opinion
from polyphony.store import chat as chats
from polyphony.store import knowledge

if TYPE_CHECKING:
    from polyphony.store.chat import ChatAccount

LOOK_S: Final = 60
ASKED_MAX: Final = 500
KNOWN_FOR: Final = timedelta(seconds=20)
KNOWN_MOST: Final = 1_000


class Matters:
    """The handlers; one per process."""

    def __init__(self, context: WidgetContext) -> None:
        """Begin knowing no account."""
        self._on: Final = context
        self._looks: dict[tuple[str, str], tuple[datetime, Mapping[str, object]]] = {}

    async def look(self, request: Request) -> Response:
        """GET look: colours, words, hours of an account, for a launcher nobody has opened yet."""
        key, origin = request.query_params.get("key", ""), request.headers.get("origin", "")
        at = self._on.now()
        held = self._looks.get((key, origin))
        if held is None or held[0] <= at:
            async with self._on.database.reads() as session:
                account = await greet.account_of(session, key, origin, self._on.own())
                hours = await chat.hours(session, account, at)
            if len(self._looks) >= KNOWN_MOST:
                self._looks.clear()
            held = self._looks[(key, origin)] = (
                at + KNOWN_FOR,
                {"settings": chat.look(account), "hours": hours},
            )
        response = answer({**held[1], "now": at})
        response.headers["Cache-Control"] = f"private, max-age={LOOK_S}"
        return response

    async def logo(self, request: Request) -> Response:
        """GET logo: the picture of the account's brand; a page draws it, nobody opens it."""
        key, origin = request.query_params.get("key", ""), request.headers.get("origin", "")
        async with self._on.database.reads() as session:
            account = await greet.account_of(session, key, origin, self._on.own())
        if account.logo_sha256 is None:
            raise NotFound("chat.logo")
        data = await self._on.files.get(account.logo_sha256)
        headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
        kind = picture_kind(data) or "application/octet-stream"
        return Response(data, media_type=kind, headers=headers)

    async def listed(self, request: Request, visit: Visit) -> Response:
        """GET cases: the visitor's own matters, with the place of each that waits."""
        del request
        at = self._on.now()
        async with self._on.database.transaction() as session:
            who = await chats.by_id(session, visit.who.id, at)
            if who is None:
                raise NotAuthenticated("chat.session")
            return answer({"cases": await chat.matters(session, who, at)})

    async def rate(self, request: Request, visit: Visit) -> Response:
        """POST ratings: one to five stars for the newest chat of a Case, with words or without."""
        body = await _body(request)
        said = Opinion(
            chat.case_id(body.get("case")),
            rules.score(body.get("score")),
            rules.opinion(body.get("words")),
        )
        async with self._on.database.transaction() as session:
            await rate.rate(session, visit.who, said, self._on.now())
        return Response(status_code=204)

    async def transcript(self, request: Request, visit: Visit) -> Response:
        """POST transcripts: mail a copy of a matter to the visitor's confirmed address."""
        case = chat.case_id((await _body(request)).get("case"))
        at = self._on.now()
        async with self._on.database.transaction() as session:
            who = await chats.by_id(session, visit.who.id, at)
            if who is None:
                raise NotAuthenticated("chat.session")
            await copy_by_mail.copy_by_mail(session, who, visit.account, case, at)
        return answer({"address": who.email}, 202)

    async def link(self, request: Request, visit: Visit) -> Response:
        """POST links: a secret that brings the visitor's chats to another device, once."""
        await read_body(request, JSON_BYTES, JSON_S)
        async with self._on.database.transaction() as session:
            token, until = await carry_on.make_link(
                session, visit.who, visit.account, self._on.now()
            )
        return answer({"link": token, "expires_at": until}, 201)

    async def attributes(self, request: Request, visit: Visit) -> Response:
        """POST attributes: what the page says of its visitor; agents see it as a claim."""
        given = rules.attributes(await _body(request))
        async with self._on.database.transaction() as session:
            await chats.describe(session, visit.who.id, given)
        return Response(status_code=204)

    async def articles(self, request: Request, visit: Visit) -> Response:
        """GET articles: what customers may read anyway and fits the words being written."""
        stems = rules.sought(request.query_params.get("q", "")[:ASKED_MAX])
        if not stems:
            return answer({"items": []})
        async with self._on.database.reads() as session:
            language = visit.who.language or visit.account.language
            found = await knowledge.public_articles(session, visit.account.id, stems, language)
        return answer({"items": found})

    async def owned(self, visit: Visit, case: UUID) -> None:
        """Raise NotFound unless a Case is the visitor's own; asked once per visit."""
        if case in visit.cases:
            return
        async with self._on.database.reads() as session:
            if not await chat.owns(session, visit.who, case):
                raise NotFound("chat.case")
        visit.cases.add(case)

    async def frame(self, request: Request) -> Response:
        """GET frame: the page the widget lives in where a site wants it apart from its scripts."""
        key, origin = (request.query_params.get(name, "") for name in ("key", "origin"))
        try:
            async with self._on.database.reads() as session:
                account = await greet.account_of(session, key, origin, self._on.own())
        except Refusal:
            return Response("This site may not show the chat.", 403, media_type="text/plain")
        return HTMLResponse(_FRAME, headers={"Content-Security-Policy": self._policy(account)})

    def _policy(self, account: "ChatAccount") -> str:
        listed = account.settings.get("origins")
        named = [str(one) for one in listed] if isinstance(listed, list) else []
        framers = " ".join(
            one for one in [*named, *sorted(self._on.own())] if one.isascii() and _plain(one)
        )
        sockets = " ".join(
            one.replace("http", "ws", 1) for one in sorted(self._on.own()) if "[" not in one
        )
        return (
            f"default-src 'none'; script-src 'self'; connect-src 'self' {sockets};"
            f" frame-ancestors {framers}; base-uri 'none'; form-action 'none'"
        )


def _plain(origin: str) -> bool:
    """Tell whether a policy has words for an origin; for IPv6 literals it has none."""
    return not set(origin) & set(" ;,'\"[")


_FRAME = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Chat</title>"
    '<meta name=viewport content="width=device-width,initial-scale=1">'
    '<body><script type=module src="/widget/inside.js"></script></body></html>'
)


async def _body(request: Request) -> Mapping[str, object]:
    body = await read_json(request)
    if not isinstance(body, Mapping):
        raise Invalid("chat.body")
    return body
