"""Web push as services speak it: RFC 8291 encryption, RFC 8292 keys, one POST per device."""

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import AnyHttpUrl
from webpush import (  # type: ignore[import-untyped] # has no types
    WebPush,
    WebPushSubscription,
)
from webpush.types import WebPushKeys  # type: ignore[import-untyped] # has no types

from polyphony.domain.errors import Invalid
from polyphony.ports import Outgoing, Pushed, PushKeys, Subscription

GONE = frozenset({404, 410})


def _public_pem(private: str) -> bytes:
    key = serialization.load_pem_private_key(private.encode(), None)
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@dataclass(frozen=True, slots=True)
class WebPusher:
    """``ports.Pusher`` over the outgoing client; ``contact`` is told to the push services."""

    outgoing: Outgoing
    contact: str

    def make_keys(self) -> PushKeys:
        """Make a pair for this deployment: private key as PEM, public one as browsers want it."""
        private = ec.generate_private_key(ec.SECP256R1())
        point = private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        pem = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return PushKeys(pem.decode(), base64.urlsafe_b64encode(point).rstrip(b"=").decode())

    async def push(
        self, to: Subscription, payload: Mapping[str, object], private: str, ttl_s: int
    ) -> Pushed:
        """Encrypt for one device and hand it to its service; never raises for what lies there."""
        try:
            message = WebPush(
                io.BytesIO(private.encode()), io.BytesIO(_public_pem(private)), self.contact
            ).get(
                orjson.dumps(payload),
                WebPushSubscription(
                    endpoint=AnyHttpUrl(to.endpoint),
                    keys=WebPushKeys(auth=to.auth, p256dh=to.p256dh),
                ),
                ttl=max(1, ttl_s),
                expiration=3600,
            )
        except ValueError:  # keys that are no keys
            return Pushed.GONE
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Authorization": message.headers["authorization"],
            "TTL": message.headers["ttl"],
            "Urgency": "high",
        }
        try:
            told = await self.outgoing.request(
                "POST", to.endpoint, headers=headers, body=message.encrypted, redirects=0
            )
        except (OSError, Invalid):
            return Pushed.FAILED
        if told.status in GONE:
            return Pushed.GONE
        return Pushed.SENT if 200 <= told.status < 300 else Pushed.FAILED
