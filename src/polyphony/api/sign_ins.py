"""Sign-ins: in by password or one-time link, who am I, out; own password and second factor."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from polyphony.api.counter import BARE, PUBLIC, UNSET, Counter, caller_of
from polyphony.api.desk import AtDesk, Call, Desk, In, Now, answer
from polyphony.api.qr import drawing
from polyphony.domain import password
from polyphony.domain.errors import NotFound
from polyphony.domain.permission import fingerprint
from polyphony.flows import sign_in
from polyphony.store import audit, people, staff
from polyphony.store.keys import key

router = APIRouter(prefix="/v1", route_class=Counter, tags=["sign-ins"])


class SignInIn(In):
    """Who signs in."""

    email: str = Field(max_length=320)
    password: str = Field(max_length=1024)
    code: str | None = Field(None, max_length=16)


class LinkIn(In):
    """The token of a one-time link."""

    token: str = Field(max_length=200)


class PasswordIn(In):
    """A new password; the old one unless there is none yet."""

    old: str | None = Field(None, max_length=1024)
    new: str = Field(max_length=2048)


class CodeIn(In):
    """A code of the authenticator app."""

    code: str = Field(max_length=16)


class MeIn(In):
    """What a person may change about himself."""

    name: str | None = Field(None, min_length=1, max_length=200)
    language: str | None = Field(None, pattern="^(en|cs|pl|ru)$")
    zone: str | None = Field(None, max_length=60)


def _with_cookie(desk: Desk, response: Response, token: str) -> Response:
    response.set_cookie(
        desk.cookie,
        token,
        max_age=int(sign_in.ABSOLUTE.total_seconds()),
        path="/",
        secure=desk.secure,
        httponly=True,
        samesite="lax",
    )
    return response


@router.post("/sign_ins", status_code=201, openapi_extra=PUBLIC, name="sign_in.by_password")
async def by_password(request: Request, desk: AtDesk, body: SignInIn) -> Response:
    """Sign in by password, and by code when the second factor is on."""
    caller, at, email = caller_of(request), desk.now(), body.email.strip().lower()
    async with desk.database.transaction() as session:
        known = await sign_in.knock(session, email, caller, at)
    try:
        async with desk.argon:
            proved = await asyncio.to_thread(sign_in.prove, known, body.password)
        async with desk.database.transaction() as session:
            strong = await sign_in.second_factor(session, proved, body.code, desk.outside.keys, at)
            begun = await sign_in.begin(session, proved.id, caller, at, strong=strong)
            await sign_in.welcome(session, email, caller)
            await audit.add(session, [_entry(request, proved.id, "sign_in.by_password", desk)])
            me = await staff.one(session, proved.id)
    except Exception:
        async with desk.database.transaction() as session:
            who = known.id if known else None
            await audit.add(session, [_entry(request, who, "sign_in.refused", desk)])
        raise
    return _with_cookie(desk, answer({"csrf": begun.csrf, "person": me}, 201), begun.token)


def _entry(request: Request, who: UUID | None, act: str, desk: Desk) -> audit.Entry:
    return audit.Entry(
        key(desk.now()),
        "person" if who else "anonymous",
        who,
        act,
        "person" if who else None,
        who,
        {},
        request.state.request_id,
        caller_of(request).address,
    )


@router.post("/sign_ins/link", status_code=201, openapi_extra=PUBLIC, name="sign_in.by_link")
async def by_link(request: Request, desk: AtDesk, body: LinkIn) -> Response:
    """Use a one-time link up and sign in."""
    caller, at = caller_of(request), desk.now()
    async with desk.database.transaction() as session:
        await sign_in.guard_link(session, caller, at)
    async with desk.database.transaction() as session:
        begun = await sign_in.by_link(session, body.token, caller, at)
        await sign_in.welcome_link(session, caller)
        known = await people.credentials(session, person=begun.person)
        me = await staff.one(session, begun.person)
        await audit.add(session, [_entry(request, begun.person, "sign_in.by_link", desk)])
    must = not desk.loopback and (known is None or known.password_hash is None)
    told = {"csrf": begun.csrf, "person": me, "must_set_password": must}
    return _with_cookie(desk, answer(told, 201), begun.token)


@router.get("/sign_ins/current", openapi_extra=UNSET, name="sign_in.current")
async def current(call: Now) -> Response:
    """Say who is signed in."""
    me = await staff.one(call.session, call.me)
    must = not (call.signed.has_password or call.desk.loopback)
    told = {"csrf": call.signed.csrf, "person": me, "must_set_password": must}
    return answer(told | {"grants": fingerprint(call.scope)})


@router.delete("/sign_ins/current", status_code=204, openapi_extra=UNSET, name="sign_in.end")
async def end(call: Now) -> Response:
    """Sign out: the session ends, its sockets close, the browser forgets."""
    await sign_in.end(call.session, call.actor, call.at, sign_in=call.signed.id)
    return _forget(call)


@router.delete("/sign_ins", status_code=204, openapi_extra=UNSET, name="sign_in.end_all")
async def end_all(call: Now) -> Response:
    """End all sessions of the caller, everywhere."""
    await sign_in.end(call.session, call.actor, call.at, person=call.me)
    return _forget(call)


def _forget(call: Call) -> Response:
    response = answer(None, headers={"Clear-Site-Data": '"cache", "storage"'})
    desk = call.desk
    response.delete_cookie(desk.cookie, path="/", secure=desk.secure, httponly=True, samesite="lax")
    return response


@router.put(
    "/people/me/password", status_code=204, openapi_extra=UNSET | BARE, name="person.password"
)
async def set_password(call: Now, body: PasswordIn) -> Response:
    """Choose a password; other sessions of the caller end."""
    known = await people.credentials(call.session, person=call.me)
    if known is None:
        raise NotFound("person")
    await call.session.commit()  # half a second of argon2 must not hold a transaction
    async with call.desk.argon:
        digest = await asyncio.to_thread(
            sign_in.new_digest, known, body.old, body.new, by_link=known.password_hash is None
        )
    await sign_in.change_password(call.session, call.me, digest, call.signed.id, call.at)
    return answer(None)


@router.patch("/people/me", name="person.change_me")
async def change_me(call: Now, body: MeIn) -> Response:
    """Change own name, language, zone."""
    await staff.change_me(call.session, call.me, body.model_dump(exclude_none=True))
    return answer(await staff.one(call.session, call.me))


@router.post("/people/me/totp", name="person.propose_totp")
async def propose_totp(call: Now) -> Response:
    """Begin a second factor: the secret for an authenticator app, and its QR code as a path."""
    known = await people.credentials(call.session, person=call.me)
    if known is None:
        raise NotFound("person")
    secret = await sign_in.propose_totp(call.session, call.me, call.desk.outside.keys)
    uri = password.totp_uri(secret, known.email)
    return answer({"secret": password.base32(secret), "uri": uri, "qr": drawing(uri)})


@router.put("/people/me/totp", status_code=204, name="person.confirm_totp")
async def confirm_totp(call: Now, body: CodeIn) -> Response:
    """Switch the second factor on by its first code."""
    known = await people.credentials(call.session, person=call.me)
    if known is None:
        raise NotFound("person")
    await sign_in.confirm_totp(call.session, known, body.code, call.desk.outside.keys, call.at)
    await people.strengthen(call.session, call.signed.id)
    return answer(None)


@router.delete("/people/me/totp", status_code=204, name="person.drop_totp")
async def drop_totp(call: Now) -> Response:
    """Switch the second factor off; only a session that was begun with it may."""
    await sign_in.drop_totp(call.session, call.me, strong=call.signed.strong)
    return answer(None)
