"""Web push at a service of our own: it opens what it was sent by RFC 8291 and checks RFC 8292."""

import base64

import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.make.push import Browser, service

from polyphony.integrations.outgoing import Outgoing
from polyphony.integrations.web_push import WebPusher
from polyphony.ports import Pushed, Subscription

PUSHER = WebPusher(Outgoing(loopback=True), "postmaster@desk.example")
PAYLOAD = {"kind": "offer", "title": "Nová nabídka: Žofie", "body": "Счёт"}


async def test_the_device_and_only_it_reads_what_was_pushed() -> None:
    keys, browser = PUSHER.make_keys(), Browser()
    async with service() as there:
        to = browser.subscription(there.url)
        assert await PUSHER.push(to, PAYLOAD, keys.private, 30) is Pushed.SENT
    [(head, body)] = there.got
    assert head[":line"] == "POST /push/device HTTP/1.1"
    assert head["content-encoding"] == "aes128gcm"
    assert (head["ttl"], head["urgency"]) == ("30", "high")
    assert orjson.loads(browser.opened(body)) == PAYLOAD
    assert b"nab" not in body


async def test_the_sender_proves_to_be_the_one_the_browser_subscribed_to() -> None:
    keys, browser = PUSHER.make_keys(), Browser()
    async with service() as there:
        await PUSHER.push(browser.subscription(there.url), PAYLOAD, keys.private, 30)
    scheme, _, rest = there.got[0][0]["authorization"].partition(" ")
    given = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid"
    assert given["k"] == keys.public
    point = base64.urlsafe_b64decode(keys.public + "=" * (-len(keys.public) % 4))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(given["t"], public, ["ES256"], audience="http://127.0.0.1")
    assert claims["sub"] == "mailto:postmaster@desk.example"


@pytest.mark.parametrize(
    ("status", "fate"),
    [(201, Pushed.SENT), (404, Pushed.GONE), (410, Pushed.GONE), (429, Pushed.FAILED),
     (500, Pushed.FAILED), (302, Pushed.FAILED)],
)  # fmt: skip
async def test_what_the_service_answers_decides(status: int, fate: Pushed) -> None:
    keys, browser = PUSHER.make_keys(), Browser()
    async with service() as there:
        there.status = status
        assert await PUSHER.push(browser.subscription(there.url), PAYLOAD, keys.private, 5) is fate


async def test_nobody_there_and_inner_addresses_are_failures_not_errors() -> None:
    keys, browser = PUSHER.make_keys(), Browser()
    async with service() as there:
        nowhere = there.url
    assert await PUSHER.push(browser.subscription(nowhere), {}, keys.private, 5) is Pushed.FAILED
    closed = WebPusher(Outgoing(), "postmaster@desk.example")
    async with service() as there:
        told = await closed.push(browser.subscription(there.url), {}, keys.private, 5)
    assert told is Pushed.FAILED
    assert there.got == []


async def test_keys_that_are_no_keys_end_the_subscription() -> None:
    keys = PUSHER.make_keys()
    async with service() as there:
        to = Subscription(there.url, "AAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAA")
        assert await PUSHER.push(to, {}, keys.private, 5) is Pushed.GONE
    assert there.got == []
