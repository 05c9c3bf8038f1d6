"""The built-in receiver: SMTP or LMTP for addresses of ours, never for anybody else's."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import cast
from urllib.parse import urlsplit
from weakref import WeakSet

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from polyphony.domain.errors import Invalid, NotFound
from polyphony.ports import Keep

# The library logs senders, recipients and whole lines of mails.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

Knows = Callable[[str], Awaitable[bool]]
"""(recipient address in lower case) → is it one of ours, see :func:`belongs`."""

SIZE_LIMIT = 50 * 1024 * 1024
LINE_LIMIT = 1024 * 1024
RECIPIENTS_MAX = 100
KEEP_S = 60.0
IDLE_S = 600.0  # a whole mail must come in this time, a slow line needs it
CONNECTIONS_MAX = 100

TAKEN = "250 2.0.0 kept"
STRANGER = "550 5.1.1 no such address here, and nothing is relayed"
LATER = "451 4.3.0 not kept, try again later"
TOO_MUCH = ("500 Line too long", "552 Error: Too much")


def belongs(recipient: str, ours: Collection[str]) -> str | None:
    """Return the account's address a recipient belongs to, or None.

    Exact first, then plus addressing (``support+token@…``), then the return path of the domain
    (``b+token@…``: the first account of that domain; the token finds the delivery anyway).
    """
    wanted = recipient.strip().lower()
    known = {address.lower(): address for address in ours}
    local, _, domain = wanted.rpartition("@")
    user, plus, _ = local.partition("+")
    for candidate in (wanted, f"{user}@{domain}"):
        if candidate in known:
            return known[candidate]
    if plus and user == "b":
        return next((known[one] for one in sorted(known) if one.endswith(f"@{domain}")), None)
    return None


@dataclass(frozen=True, slots=True)
class _Receiver:
    """The hooks of one listener; every answer is given after the commit."""

    keep: Keep
    knows: Knows
    lmtp: bool

    async def handle_EHLO(  # noqa: N802 - name and signature are the library's
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """Greet without offering a sign-in: nobody signs in here."""
        del server, envelope
        session.host_name = hostname
        return [line for line in responses if not line.startswith("250-AUTH")]

    async def handle_RCPT(  # noqa: N802 - name and signature are the library's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient only when he is ours."""
        del server, session
        if len(envelope.rcpt_tos) >= RECIPIENTS_MAX:
            return "452 4.5.3 too many recipients"
        try:
            async with asyncio.timeout(KEEP_S):
                known = await self.knows(address.lower())
        except Exception:  # noqa: BLE001 - whatever is down, the sender shall come again
            return "451 4.3.0 cannot tell now, try again later"
        if not known:
            return STRANGER
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 ours"

    async def handle_DATA(  # noqa: N802 - the name is the library's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail for every recipient, then answer: one line each (LMTP) or one for all."""
        del server, session
        content = envelope.content or b""
        body = content if isinstance(content, bytes) else content.encode()
        answers = [
            await self._keep(recipient, envelope.mail_from or "", body)
            for recipient in dict.fromkeys(envelope.rcpt_tos)
        ]
        if self.lmtp:
            said = dict(zip(dict.fromkeys(envelope.rcpt_tos), answers, strict=True))
            return "\r\n".join(said[recipient] for recipient in envelope.rcpt_tos)
        # One answer for all: a repeat stores nothing twice, so the worst one is the safe one.
        refused = [answer for answer in answers if answer != TAKEN]
        return next((one for one in refused if one == LATER), refused[0] if refused else TAKEN)

    async def _keep(self, recipient: str, sender: str, body: bytes) -> str:
        back = sender if sender and sender != "<>" else ""
        # What a last mail server adds; without a moment in it, so that a repeat has equal bytes.
        trace = f"Return-Path: <{back}>\r\nDelivered-To: {recipient}\r\n"
        try:
            async with asyncio.timeout(KEEP_S):
                await self.keep(recipient.lower(), trace.encode("utf-8", "surrogateescape") + body)
        except NotFound:
            return STRANGER
        except Exception:  # noqa: BLE001 - not kept for whatever reason: never a false success
            return LATER
        return TAKEN

    async def handle_exception(self, error: Exception) -> str:
        """Answer a fault of the conversation without telling or logging its content."""
        del error
        return "451 4.3.0 cannot do that now"


class _Smtp(SMTP):
    """Takes lines as long as real mails have them."""

    line_length_limit = LINE_LIMIT


class _Lmtp(LMTP):
    """LMTP whose every recipient gets an answer, also when the mail as a whole is refused."""

    line_length_limit = LINE_LIMIT

    async def push(self, status: str | bytes) -> None:
        """Say it; what concerns the whole mail is said once for each recipient."""
        if isinstance(status, bytes):
            await super().push(status)
            return
        times = 1
        if status.startswith(TOO_MUCH) and self.envelope is not None:
            times = max(1, len(self.envelope.rcpt_tos))
        await super().push("\r\n".join([status] * times))


class _Full(asyncio.Protocol):
    """Sends one connection too many away."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say so and hang up."""
        # By shape, not by class: the transports of uvloop are none of asyncio's.
        cast("asyncio.WriteTransport", transport).write(
            b"421 4.3.2 too many connections, try again later\r\n"
        )
        transport.close()


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a listener really listens (the port may have been 0)."""

    host: str
    port: int


@asynccontextmanager
async def listen(
    url: str,
    keep: Keep,
    knows: Knows,
    size_limit: int = SIZE_LIMIT,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Listening]:
    """Receive mail at ``smtp://host:port`` or ``lmtp://host:port`` until the context is left.

    A bare ``host:port`` speaks SMTP.

    Raises:
        Invalid: the address is not understood.
        OSError: it cannot be bound.
    """
    try:
        parts = urlsplit(url if "://" in url else f"smtp://{url}")
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Invalid("mail_listen.malformed", {"url": url}) from error
    if parts.scheme not in {"smtp", "lmtp"} or not host or port is None:
        raise Invalid("mail_listen.malformed", {"url": url})
    lmtp = parts.scheme == "lmtp"
    loop = asyncio.get_running_loop()
    make = partial(
        _Lmtp if lmtp else _Smtp,
        _Receiver(keep, knows, lmtp),
        data_size_limit=size_limit,
        enable_SMTPUTF8=True,
        hostname="polyphony",
        ident="ready",
        tls_context=tls,
        auth_exclude_mechanism=("LOGIN", "PLAIN"),
        timeout=IDLE_S,
        loop=loop,
    )
    open_now: WeakSet[asyncio.BaseProtocol] = WeakSet()

    def accept() -> asyncio.BaseProtocol:
        if sum(getattr(one, "transport", None) is not None for one in open_now) >= CONNECTIONS_MAX:
            return _Full()
        protocol = make()
        open_now.add(protocol)
        return protocol

    server = await loop.create_server(accept, host, port)
    try:
        yield Listening(host, server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for protocol in list(open_now):
            transport = getattr(protocol, "transport", None)
            if transport is not None:
                transport.close()
        await server.wait_closed()
