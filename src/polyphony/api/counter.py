"""Counter: the one way through which every call of a person goes; rights, repeats, transaction."""

import hashlib
import hmac
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.routing import APIRoute

from polyphony.api.desk import Call, Desk, storable
from polyphony.api.errors import body_of, language_of, of_refusal
from polyphony.domain.errors import Forbidden, Invalid, NotAuthenticated, Refusal
from polyphony.domain.permission import Act, Deny, Scope, decide
from polyphony.flows import sign_in
from polyphony.flows.sign_in import Caller
from polyphony.store import audit, idempotency, people
from polyphony.store.database import Session

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF = "x-polyphony-csrf"
KEY_MAX = 255

PUBLIC: dict[str, Any] = {"x-public": True}
"""Anybody may call it; it opens its own transactions."""
LOOK: dict[str, Any] = {"x-look": True}
"""Reading it leaves a line in the audit log: somebody looked at a customer or a matter."""
PEOPLE: dict[str, Any] = {"x-needs": Act.PEOPLE.value}
ROLES: dict[str, Any] = {"x-needs": Act.ROLES.value}
STRUCTURE: dict[str, Any] = {"x-needs": Act.STRUCTURE.value}
CHANNELS: dict[str, Any] = {"x-needs": Act.CHANNELS.value}
RULES: dict[str, Any] = {"x-needs": Act.RULES.value}
CONFIGURE: dict[str, Any] = {"x-needs": Act.CONFIGURE.value}
OPERATE: dict[str, Any] = {"x-needs": Act.OPERATE.value}
LEVERS: dict[str, Any] = {"x-needs": Act.LEVERS.value}
BOARDS: dict[str, Any] = {"x-needs": Act.BOARDS.value}
AUDITOR: dict[str, Any] = {"x-needs": Act.EXAMINE.value}
MERGER: dict[str, Any] = {"x-needs": Act.MERGE.value}
WORKER: dict[str, Any] = {"x-needs": Act.WRITE.value}
SUPERVISOR: dict[str, Any] = {"x-needs": Act.SUPERVISE.value}
KEYED: dict[str, Any] = {"x-needs": Act.WRITE.value, "x-keyed": True}
"""Something leaves the house: an Idempotency-Key is demanded."""
UNSET: dict[str, Any] = {"x-before-password": True}
"""Allowed to who has not chosen the demanded password yet."""
BARE: dict[str, Any] = {"x-bare": True}
"""For signed-in people, but the handler opens its own (short) transactions."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Counter(APIRoute):
    """A route for people: knows who calls before the body is looked at."""

    def get_route_handler(self) -> Handler:
        """Wrap the framework's handler."""
        inner = super().get_route_handler()
        extra = dict(self.openapi_extra or {})
        name = self.name

        async def handle(request: Request) -> Response:
            if extra.get("x-public"):
                check_origin(request)
                return await inner(request)
            await request.body()  # a slow sender holds no transaction
            return await _serve(request, inner, extra, name)

        return handle


def caller_of(request: Request) -> Caller:
    """Return from where somebody calls."""
    address = request.client.host if request.client else ""
    return Caller(address, request.headers.get("user-agent", "")[:200])


def check_origin(request: Request) -> None:
    """Refuse unsafe requests that a browser sends from somebody else's page."""
    if request.method in SAFE:
        return
    origin = request.headers.get("origin")
    desk: Desk = request.app.state.desk
    if origin is not None:
        foreign = origin not in desk.origins
    else:
        foreign = request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
    if foreign:
        raise Forbidden("sign_in.csrf", {"needs": ["origin"]})


def _transaction(
    desk: Desk, method: str, extra: Mapping[str, Any]
) -> AbstractAsyncContextManager[Session]:
    if method in SAFE and not extra.get("x-look"):
        return desk.database.reads()
    return desk.database.transaction()


async def _serve(request: Request, inner: Handler, extra: Mapping[str, Any], name: str) -> Response:
    desk: Desk = request.app.state.desk
    check_origin(request)
    at = desk.now()
    denied: Refusal | None = None
    async with _transaction(desk, request.method, extra) as session:
        signed = await recognise(request, session)
        call = Call(
            desk,
            session,
            signed,
            at,
            caller_of(request),
            request.state.request_id,
            language_of(request.headers.get("accept-language")),
        )
        request.state.call = call
        try:
            _admit(request, call, extra)
            response = await _keyed(request, call, inner, extra)
            await _note(call, request, name, extra)
        except Forbidden as refused:
            await session.rollback()
            denied = refused
    if denied is not None:
        await _note_denied(desk, call, name)
        raise denied
    await _seen(desk, signed, call)
    response.headers["RateLimit-Policy"] = '"default";q=1200;w=60'
    return response


async def recognise(request: Request, session: Session) -> people.SignIn:
    """Return the living session of the request's cookie; raise NotAuthenticated."""
    desk: Desk = request.app.state.desk
    token = request.cookies.get(desk.cookie)
    if not token:
        raise NotAuthenticated("sign_in.needed")
    signed = await sign_in.recognise(session, token, desk.now())
    if signed is None:
        raise NotAuthenticated("sign_in.over")
    return signed


def check_csrf(request: Request, signed: people.SignIn) -> None:
    """Demand the session's secret on unsafe methods: only our own pages know it."""
    if request.method in SAFE:
        return
    given = request.headers.get(CSRF, "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), signed.csrf.encode()):
        raise Forbidden("sign_in.csrf", {"needs": ["csrf"]})


def _admit(request: Request, call: Call, extra: Mapping[str, Any]) -> None:
    """Everything that is decided before the body is looked at."""
    check_csrf(request, call.signed)
    if not (call.signed.has_password or call.desk.loopback or extra.get("x-before-password")):
        raise Forbidden("password.needed_first", {"needs": ["password"]})
    call.desk.pace.spend(f"person:{call.me}")
    check_needs(call.scope, extra)
    if not all(storable(word) for word in request.query_params.values()):
        raise Invalid("query.not_text")


def check_needs(scope: Scope, extra: Mapping[str, Any]) -> None:
    """Check what an operation needs in general; single Cases are decided by its handler."""
    needs = extra.get("x-needs")
    if needs is not None:
        decision = decide(scope, Act(needs))
        if isinstance(decision, Deny):
            raise Forbidden("rights.missing", {"needs": list(decision.needs)})


async def _keyed(
    request: Request, call: Call, inner: Handler, extra: Mapping[str, Any]
) -> Response:
    """Run the handler; with a key, once only, and keep the answer beside its effect."""
    key = _key_of(request, extra)
    if key is None or request.method in SAFE or extra.get("x-bare"):
        return await inner(request)
    call.cid = _as_uuid(key)
    print_ = fingerprint(request, await request.body())
    principal = f"person:{call.me}"
    kept = await idempotency.begin(call.session, principal, key, print_)
    if kept is not None:
        return _again(kept)
    try:
        async with call.session.transaction():
            response = await inner(request)
    except Refusal as refusal:
        worded = _refused(refusal, call)
        if worded is None:
            raise
        response = worded
    if response.status_code < 500:
        headers = {k: v for k, v in response.headers.items() if k in ("etag", "location")}
        body = bytes(response.body)
        media = response.headers.get("content-type", "")
        await idempotency.finish(
            call.session, principal, key, response.status_code, body, headers | {"type": media}
        )
    return response


def _refused(refusal: Refusal, call: Call) -> Response | None:
    """Word a refusal that will be the same next time; others are not kept.

    What depends on the moment (rights, pace, what somebody else did meanwhile) leaves the key
    free: the same Message may be sent again under it, knowing what is new.
    """
    problem = of_refusal(refusal)
    if problem.status in (403, 409, 412, 429):
        return None
    return Response(
        body_of(problem, call.language, call.request_id),
        problem.status,
        headers=dict(problem.headers) | {"Content-Language": call.language},
        media_type="application/problem+json",
    )


def _again(kept: idempotency.Kept) -> Response:
    headers = dict(kept.headers)
    media = headers.pop("type", "application/json")
    return Response(
        kept.body or b"",
        kept.status or 200,
        headers=headers | {"Idempotency-Replayed": "true"},
        media_type=media or None,
    )


def _key_of(request: Request, extra: Mapping[str, Any]) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        if extra.get("x-keyed"):
            raise Invalid("idempotency.key_needed", {"header": "Idempotency-Key"})
        return None
    if not 1 <= len(key) <= KEY_MAX or not all("!" <= char <= "~" for char in key):
        raise Invalid("idempotency.key_malformed", {"header": "Idempotency-Key"})
    if extra.get("x-keyed") and _as_uuid(key) is None:
        raise Invalid("idempotency.key_not_uuid", {"header": "Idempotency-Key"})
    return key


def _as_uuid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def fingerprint(request: Request, body: bytes) -> bytes:
    """Return what makes two requests the same."""
    whole = hashlib.sha256()
    for part in (request.method, request.url.path, request.url.query):
        whole.update(part.encode() + b"\0")
    whole.update(body)
    return whole.digest()


async def _note(call: Call, request: Request, name: str, extra: Mapping[str, Any]) -> None:
    """Leave the audit line of a change, or of a look at a customer or a Case."""
    if request.method in SAFE and not extra.get("x-look"):
        return
    entity = call.entity
    if entity is None and "id" in request.path_params:
        id_ = _as_uuid(str(request.path_params["id"]))
        entity = (request.url.path.split("/")[2].rstrip("s"), id_) if id_ else None
    await audit.add(call.session, [_entry(call, name, entity, call.facts)])


def _entry(
    call: Call, act: str, entity: tuple[str, UUID] | None, facts: Mapping[str, object]
) -> audit.Entry:
    return audit.Entry(
        call.key(),
        "person",
        call.me,
        act,
        entity[0] if entity else None,
        entity[1] if entity else None,
        dict(facts),
        call.request_id,
        call.caller.address,
    )


async def _note_denied(desk: Desk, call: Call, name: str) -> None:
    async with desk.database.transaction() as session:
        await audit.add(session, [_entry(call, f"denied:{name}", call.entity, {})])


async def _seen(desk: Desk, signed: people.SignIn, call: Call) -> None:
    """Keep the session from growing idle; one small write a minute."""
    if call.at - signed.seen_at < sign_in.SEEN_EVERY:
        return
    async with desk.database.transaction() as session:
        await people.seen(session, signed.id, call.at)
