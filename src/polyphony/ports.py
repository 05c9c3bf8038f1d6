"""The sockets: one Protocol per kind of outside world, and Outside, the bundle of them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol
from uuid import UUID

from polyphony.domain.channel import ChannelKind, Manifest
from polyphony.domain.failure import Unreadable
from polyphony.domain.message import Inbound, Outbound, Receipt


@dataclass(frozen=True, slots=True)
class Account:
    """Our end of a channel as a door sees it; ``secrets`` are opened and live in memory only."""

    id: UUID
    kind: ChannelKind
    name: str
    address: str
    settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes of a provider as kept; ``ours`` are all addresses of our accounts (loop test)."""

    arrival: UUID
    account: Account
    key: str
    body: bytes
    received_at: datetime
    ours: frozenset[str] = frozenset()


Parsed = tuple[Inbound | Receipt, ...]


class Reader(Protocol):
    """Understands raw bytes under limits of CPU and memory; one answer per Raw, in order."""

    async def read(self, batch: Sequence[Raw]) -> Sequence[Parsed | Unreadable]:
        """Read a batch; what cannot be read is answered with Unreadable, never raised."""
        ...


@dataclass(frozen=True, slots=True)
class Rendered:
    """Provider bytes ready to leave, and what had to be given up on the way."""

    body: bytes
    recipient: str
    envelope: Mapping[str, str] = field(default_factory=dict)
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider accepted; ``provider_id`` is how it (and answers) will name the message."""

    provider_id: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """How our end of a channel is: working, degraded or broken, and why in a code and words.

    ``expires_at``: when the certificate it rests on ends; ``sign_in_lasts_s``: so many seconds
    more its provider lets us sign in (the life of a refresh token). None where nobody says so.
    """

    state: str
    code: str = ""
    detail: str = ""
    expires_at: datetime | None = None
    sign_in_lasts_s: float | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """A pulled batch and the watermark that becomes true once it is committed."""

    bodies: Sequence[bytes]
    mark: Mapping[str, object]


class Channel(Protocol):
    """A door: everything flows and collectors may ask of a channel."""

    @property
    def manifest(self) -> Manifest:
        """What the door is and can carry."""
        ...

    def render(self, outbound: Outbound, account: Account) -> Rendered:
        """Turn our words into provider bytes; raise Invalid when it cannot leave like this."""
        ...

    def compose(self, html: str) -> tuple[str, str]:
        """Make the HTML of one of us safe; return it and its plain words. Invalid: not carried."""
        ...

    async def send(self, account: Account, rendered: Rendered, key: UUID) -> Sent:
        """Hand over to the provider once; raise a SendFailure when it did not accept."""
        ...

    def collect(self, account: Account, mark: Mapping[str, object]) -> AsyncIterator[Collected]:
        """Pull what arrived since the mark, for ever; asking for the next batch acknowledges."""
        ...

    async def check(self, account: Account) -> Health:
        """Try both directions without sending anything to anybody."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a foreign web server answered; the body is whole, decompressed and within the limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Outgoing(Protocol):
    """The one way to hosts that a person, a customer or a provider's answer named."""

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Return the IPs we may connect to; raise Invalid when refused, OSError when unknown."""
        ...

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        redirects: int = 3,
    ) -> Answer:
        """Speak HTTP once; raise Invalid when refused or too big, OSError without an answer."""
        ...


class Names(Protocol):
    """Asks the DNS what a domain says of itself."""

    async def records(self, name: str, kind: str) -> tuple[str, ...]:
        """Return the records of a kind (MX, TXT) as text; OSError when nobody answers."""
        ...


class Files(Protocol):
    """Content-addressed blobs; a file is on disk for good before ``put`` returns."""

    async def put(self, data: bytes) -> str:
        """Keep the bytes; return their SHA-256 in hex."""
        ...

    async def get(self, sha256: str) -> bytes:
        """Return the bytes; raise NotFound when nobody put them."""
        ...


class KeyRing(Protocol):
    """The secrets of this deployment: signs tokens, seals what must not be readable at rest."""

    @property
    def deployment(self) -> str:
        """Name of this deployment; part of every signed token."""
        ...

    def mac(self, purpose: str, text: str) -> bytes:
        """Return the 32-byte MAC of the text for one purpose under the newest key."""
        ...

    def checks(self, purpose: str, text: str, mac: bytes) -> bool:
        """Tell in constant time whether a MAC (or a prefix of ≥ 16 bytes) is of any living key."""
        ...

    def seal(self, text: str, about: str) -> bytes:
        """Encrypt; ``about`` (the row's id) is bound as associated data."""
        ...

    def unseal(self, sealed: bytes, about: str) -> str:
        """Decrypt; raise Invalid when it is not ours or was moved to another row."""
        ...


@dataclass(frozen=True, slots=True)
class PushKeys:
    """The pair this deployment signs web pushes with: PEM, and the point browsers want."""

    private: str
    public: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser wants to be told, and the keys only it can open."""

    endpoint: str
    p256dh: str
    auth: str


class Pushed(Enum):
    """What became of a push; ``GONE`` = the device wants no more."""

    SENT = "sent"
    FAILED = "failed"
    GONE = "gone"


class Pusher(Protocol):
    """Speaks to the push services of browsers."""

    def make_keys(self) -> PushKeys:
        """Make a pair for this deployment."""
        ...

    async def push(
        self, to: Subscription, payload: Mapping[str, object], private: str, ttl_s: int
    ) -> Pushed:
        """Encrypt for one device and hand it to its service; never raises for what lies there."""
        ...


Keep = Callable[[str, bytes], Awaitable[None]]
"""(recipient address of ours, raw bytes) → returns after the commit; NotFound for strangers."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything outside that flows and jobs may use, handed in by the roof."""

    channels: Mapping[ChannelKind, Channel]
    reader: Reader
    files: Files
    keys: KeyRing
    now: Callable[[], datetime]
    pusher: Pusher | None = None
    names: Names | None = None
    outgoing: Outgoing | None = None
