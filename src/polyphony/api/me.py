"""Me: the settings of the person who calls, and the devices that are told while nobody looks."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from polyphony.api.counter import Counter
from polyphony.api.desk import In, Now, answer
from polyphony.domain import preference
from polyphony.domain.errors import Conflict, NotFound
from polyphony.flows import draft, push
from polyphony.store import staff, web_push

router = APIRouter(prefix="/v1/me", route_class=Counter, tags=["me"])

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Name = Annotated[str, Field(max_length=40)]
Kind = Literal[
    "offer", "message", "mention", "followed_reply", "sla_warning", "delivery_failed",
    "help_raised", "whisper", "job_done", "snooze_over", "escalation",
    "presence_changed", "return_due", "rule_failed", "alert", "taken_over", "monitored",
]  # fmt: skip


class WaysIn(In):
    """How notices of one kind reach the person; what is left out stays."""

    screen: bool | None = None
    sound: bool | None = None
    os: bool | None = None
    email: bool | None = None


class QuietIn(In):
    """Quiet hours in the person's zone; ``days`` 0 = Monday, none = every day."""

    from_: Clock = Field(alias="from")
    to: Clock
    days: list[Annotated[int, Field(ge=0, le=6)]] = Field([], max_length=7)


class SettingsIn(In):
    """A change of settings: only what is named changes; null in a map takes an entry back."""

    theme: Literal["system", "light", "dark", "contrast"] | None = None
    density: Literal["comfortable", "cosy", "compact"] | None = None
    font_scale: int | None = Field(None, ge=90, le=150)
    single_keys: bool | None = None
    keys: dict[Name, Annotated[str, Field(max_length=40)] | None] | None = None
    panels: dict[Name, Annotated[int, Field(ge=100, le=4000)] | None] | None = None
    notify: dict[Kind, WaysIn | None] | None = None
    quiet: QuietIn | None = None
    volume: int | None = Field(None, ge=0, le=100)
    draft_private: bool | None = None
    send_and: Literal["reply", "solve"] | None = None


@router.get("/settings", name="me.settings")
async def settings(call: Now) -> Response:
    """Return all settings of the caller, those never changed as they are built."""
    return answer(preference.complete(await staff.settings(call.session, call.me)))


@router.patch("/settings", name="me.change_settings")
async def change(call: Now, body: SettingsIn) -> Response:
    """Change settings of the caller; ``quiet: null`` ends the quiet hours."""
    named = body.model_dump(by_alias=True, exclude_unset=True)
    wished = {
        key: _said(value) for key, value in named.items() if value is not None or key == "quiet"
    }
    kept = await staff.settings(call.session, call.me, lock=True)
    now = preference.merged(kept, wished)
    await staff.keep_settings(call.session, call.me, now)
    if wished.get("draft_private") is True:
        await draft.make_private(call.session, call.me)
    call.facts["fields"] = sorted(wished)
    return answer(preference.complete(now))


def _said(value: object) -> object:
    """Drop the ways that were sent as null: they stay as they are."""
    if not isinstance(value, dict):
        return value
    return {
        key: {way: on for way, on in one.items() if on is not None}
        if isinstance(one, dict)
        else one
        for key, one in value.items()
    }


# ── devices ─────────────────────────────────────────────────────────────────────────────────────

Base64 = Annotated[str, Field(min_length=16, max_length=200, pattern=r"^[A-Za-z0-9_-]+={0,2}$")]


class PushKeysIn(In):
    """Keys only the browser can open."""

    p256dh: Base64
    auth: Base64


class DeviceIn(In):
    """A browser's subscription; push services are spoken to by HTTPS only."""

    endpoint: str = Field(max_length=1000, pattern=r"^https://[^\s@]+$")
    keys: PushKeysIn
    device: str = Field("", max_length=120, pattern=r"^[^\r\n]*$")


async def _devices(call: Now) -> Response:
    return answer({"devices": await web_push.devices(call.session, call.me)})


@router.get("/push", name="me.devices")
async def devices(call: Now) -> Response:
    """Return the devices of the caller."""
    return await _devices(call)


@router.post("/push/key", name="me.push_key")
async def key(call: Now) -> Response:
    """Return the public key to subscribe with; the pair is made at the first asking."""
    outside = call.desk.outside
    if outside.pusher is None:
        raise Conflict("push.unavailable")
    made = await push.public_key(call.session, outside.pusher, outside.keys, call.at)
    return answer({"key": made})


@router.post("/push", name="me.add_device", status_code=201)
async def add_device(call: Now, body: DeviceIn) -> Response:
    """Tell this device from now on."""
    new = web_push.NewDevice(
        call.key(), call.me, body.endpoint, body.keys.p256dh, body.keys.auth, body.device, call.at
    )
    await web_push.add(call.session, new)
    return await _devices(call)


@router.delete("/push/{id}", name="me.drop_device")
async def drop_device(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Tell a device no more."""
    if not await web_push.drop(call.session, call.me, id):
        raise NotFound("device")
    return await _devices(call)
