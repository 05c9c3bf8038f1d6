"""Accounts: our ends of the channels; settings, secrets that never come back, checks and tests."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from polyphony.api.configuration import MaybeName, Name, given
from polyphony.api.counter import BARE, CHANNELS, Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.api.paging import etag, version_wanted
from polyphony.domain.channel import Address, ChannelKind, Manifest
from polyphony.domain.errors import Conflict, NotFound, Refusal
from polyphony.domain.failure import SendFailure
from polyphony.domain.message import Outbound
from polyphony.flows import configure
from polyphony.flows.vet import vet
from polyphony.ports import Account, Channel
from polyphony.store import accounts as store
from polyphony.store import configuration
from polyphony.store.configuration import ACCOUNT
from polyphony.store.light import lights

router = APIRouter(prefix="/v1", route_class=Counter, tags=["channel accounts"])

Secrets = dict[str, str | None]


class AccountIn(In):
    """A new end of a channel; ``secrets`` are sealed and never told again."""

    kind: Literal["email", "chat", "loopback"]
    name: str = Name
    address: str = Field(min_length=1, max_length=320, pattern=r"^[^\s]+$")
    department_id: UUID
    default_queue: UUID | None = None
    mail_account: UUID | None = None
    brand_id: UUID | None = None
    language: str = Field("en", pattern="^[a-z]{2,3}$")
    settings: dict[str, object] = Field(default_factory=dict)
    secrets: Secrets = Field(default_factory=dict)


class AccountChange(In):
    """Changes; settings replace the old ones, secrets are merged (null removes one)."""

    name: str | None = MaybeName
    department_id: UUID | None = None
    default_queue: UUID | None = None
    mail_account: UUID | None = None
    brand_id: UUID | None = None
    language: str | None = Field(None, pattern="^[a-z]{2,3}$")
    settings: dict[str, object] | None = None
    secrets: Secrets | None = None


class TestIn(In):
    """To whom the test goes; missing = to the account's own address."""

    to: str | None = Field(None, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")


@router.get("/channel_kinds", name="channel_kinds.list", openapi_extra=CHANNELS)
async def kinds(call: Now) -> Response:
    """Return the manifests of the doors: titles, capabilities, the form of their settings."""
    return answer({"items": [_manifest(one) for one in call.desk.manifests]})


def _manifest(one: Manifest) -> Json:
    return {
        "door": one.door,
        "kind": one.kind,
        "how": one.how,
        "title": one.title,
        "help": one.help,
        "settings": one.settings,
        "capabilities": one.capabilities,
        "undo_s": one.undo_s,
        "undo_max_s": one.undo_max_s,
    }


@router.get("/channel_accounts", name="accounts.list", openapi_extra=CHANNELS)
async def list_(call: Now) -> Response:
    """Return all accounts; of secrets only their names."""
    names = await configure.secrets_set(call.session, call.desk.outside.keys)
    items = await configuration.all_of(call.session, ACCOUNT)
    for one in items:
        one["secrets_set"] = names.get(UUID(str(one["id"])), [])
    return answer({"items": items})


@router.post("/channel_accounts", name="accounts.add", status_code=201, openapi_extra=CHANNELS)
async def add(call: Now, body: AccountIn) -> Response:
    """Add an account."""
    _check(call, body.kind, body.settings, body.secrets)
    values = body.model_dump(exclude_none=True, exclude={"secrets"})
    values["address"] = body.address.lower() if body.kind == "email" else body.address
    id_ = call.key()
    call.entity = ("account", id_)
    told = await configure.add(call.session, ACCOUNT, id_, values, call.actor)
    await configure.set_pace(call.session, id_, body.settings, call.at)
    told["secrets_set"] = await configure.set_secrets(
        call.session, id_, body.secrets, call.desk.outside.keys
    )
    return answer(told, 201, {"ETag": etag(told["version"])})


@router.patch("/channel_accounts/{id}", name="accounts.change", openapi_extra=CHANNELS)
async def change(
    call: Now,
    request: Request,
    id: UUID,  # noqa: A002 - the name of the path
    body: AccountChange,
) -> Response:
    """Change an account; a blind write is refused."""
    before = await _one(call, id)
    _check(call, str(before["kind"]), body.settings or {}, body.secrets or {})
    values = given(body)
    values.pop("secrets", None)
    call.facts["fields"] = sorted(body.model_fields_set)
    version = version_wanted(request, required=True)
    told = await configure.change(call.session, ACCOUNT, id, values, version, call.actor)
    if body.settings is not None:
        await configure.set_pace(call.session, id, body.settings, call.at)
    keys = call.desk.outside.keys
    told["secrets_set"] = await configure.set_secrets(call.session, id, body.secrets or {}, keys)
    return answer(told, headers={"ETag": etag(told["version"])})


async def _one(call: Call, id_: UUID) -> Json:
    found = await configuration.one(call.session, ACCOUNT, id_)
    if found is None:
        raise NotFound("account")
    return found


def _check(
    call: Call, kind: str, settings: Mapping[str, object], secrets: Mapping[str, str | None]
) -> None:
    """Refuse settings the door does not know or that do not fit, and secrets among them."""
    manifest = next((one for one in call.desk.manifests if one.kind == kind), None)
    if manifest is not None:
        manifest.check(settings, secrets)
        manifest.check_secrets(secrets)


@router.post("/channel_accounts/{id}/pause", name="accounts.pause", openapi_extra=CHANNELS)
async def pause(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Pause: nothing is fetched, what must leave is held."""
    return await _state(call, id, "paused")


@router.post("/channel_accounts/{id}/resume", name="accounts.resume", openapi_extra=CHANNELS)
async def resume(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Resume a paused account."""
    return await _state(call, id, "working")


async def _state(call: Call, id_: UUID, state: str) -> Response:
    told = await configure.change(call.session, ACCOUNT, id_, {"state": state}, None, call.actor)
    return answer(told, headers={"ETag": etag(told["version"])})


@router.get("/channel_accounts/{id}/snippet", name="accounts.snippet", openapi_extra=CHANNELS)
async def snippet(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return the line of HTML that brings the widget onto a page."""
    found = await _one(call, id)
    if found["kind"] != "chat":
        raise Conflict("account.no_widget")
    base, key = call.desk.address, found["address"]
    return answer({"html": f'<script async src="{base}/w.js" data-key="{key}"></script>'})


# ── trying an account: outside of any transaction ───────────────────────────────────────────────


@router.post("/channel_accounts/{id}/check", name="accounts.check", openapi_extra=CHANNELS | BARE)
async def check(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Try both directions without sending anything to anybody."""
    channel, account = await _opened(call, id)
    return answer(await _health(call, channel, account))


async def _opened(call: Call, id_: UUID) -> tuple[Channel, Account]:
    row = (await store.by_ids(call.session, [id_])).get(id_)
    if row is None:
        raise NotFound("account")
    channel = call.desk.outside.channels.get(ChannelKind(row.kind))
    if channel is None:
        raise Conflict("account.door_missing", {"kind": row.kind})
    words = await configure.open_secrets(call.session, id_, call.desk.outside.keys)
    await call.session.commit()  # asking a foreign server must not hold a transaction
    account = Account(id_, ChannelKind(row.kind), row.name, row.address, row.settings, words)
    return channel, account


async def _health(call: Call, channel: Channel, account: Account) -> Json:
    try:
        found = await channel.check(account)
    except SendFailure as failure:
        told: Json = {"state": "broken", "code": failure.code, "detail": failure.detail}
    else:
        told = {"state": found.state, "code": found.code, "detail": found.detail}
        if found.expires_at is not None:
            told["expires_at"] = found.expires_at
        if found.sign_in_lasts_s is not None:
            told["sign_in_until"] = call.at + timedelta(seconds=found.sign_in_lasts_s)
    health = {"code": told["code"], "detail": told["detail"], "checked_at": call.at.isoformat()}
    health["sign_in_until"] = None
    for name in ("expires_at", "sign_in_until"):
        until = told.get(name)
        if isinstance(until, datetime):
            health[name] = until.isoformat()
    await store.set_health(call.session, store.HealthNow(account.id, str(told["state"]), health))
    await configure.tell_account(call.session, account.id, call.actor)
    return told | {"checked_at": call.at}


@router.post("/channel_accounts/{id}/domain", name="accounts.domain", openapi_extra=CHANNELS | BARE)
async def domain(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Ask the DNS whether the domain of a mailbox lets its mail in and out, step by step."""
    found = await _one(call, id)
    if found["kind"] != "email":
        raise Conflict("account.no_mailbox")
    names = call.desk.outside.names
    if names is None:
        raise Conflict("account.door_missing", {"kind": "dns"})
    await call.session.commit()  # asking a foreign server must not hold a transaction
    steps = await vet(names, str(found["address"]))
    return answer({"items": steps})


@router.post("/channel_accounts/{id}/test", name="accounts.test", openapi_extra=CHANNELS | BARE)
async def test(call: Now, id: UUID, body: TestIn) -> Response:  # noqa: A002 - the name of the path
    """Send a test message and tell step by step how far it came."""
    channel, account = await _opened(call, id)
    steps: list[Json] = []
    health = await _health(call, channel, account)
    await call.session.commit()
    steps.append({"step": "check", "ok": health["state"] == "working", **health})
    to = body.to or account.address
    outbound = Outbound(
        call.key(), account.id, Address(account.kind, to), TEST_TEXT[call.language],
        subject="Polyphony", purpose="service", language=call.language, at=call.at,
    )  # fmt: skip
    steps += await _send(channel, account, outbound)
    return answer({"ok": all(bool(one["ok"]) for one in steps), "to": to, "steps": steps})


async def _send(channel: Channel, account: Account, outbound: Outbound) -> list[Json]:
    try:
        rendered = channel.render(outbound, account)
    except Refusal as refusal:
        return [{"step": "render", "ok": False, "code": refusal.code, "detail": ""}]
    steps: list[Json] = [{"step": "render", "ok": True, "code": "", "detail": ""}]
    try:
        sent = await channel.send(account, rendered, outbound.id)
    except SendFailure as failure:
        told = {"step": "send", "ok": False, "code": failure.code, "detail": failure.detail}
        return [*steps, told]
    return [*steps, {"step": "send", "ok": True, "code": "", "detail": sent.provider_id}]


TEST_TEXT = {
    "en": "This is a test. If you can read it, sending works.",
    "cs": "Toto je zkouška. Pokud ji čtete, odesílání funguje.",
    "pl": "To jest test. Jeśli to czytasz, wysyłanie działa.",
    "ru": "Это проверка. Если вы это читаете, отправка работает.",
}


@router.get("/channel_lights", name="accounts.lights", openapi_extra=CHANNELS)
async def lights_of_all(call: Now) -> Response:
    """Return signs of life of all accounts: last in and out, unsent, unread, failed in a day."""
    return answer({"items": await lights(call.session, call.at - timedelta(days=1))})
