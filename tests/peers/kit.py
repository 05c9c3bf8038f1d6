"""What mail tests share: accounts, certificates of a throw-away authority, patient waiting."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from polyphony.domain.channel import ChannelKind
from polyphony.integrations.outgoing import Outgoing
from polyphony.ports import Account, Collected, Rendered

ADDRESS = "support@desk.example"
KEY = UUID("01900000-0000-7000-8000-000000000001")
LOOPBACK = Outgoing(loopback=True, ports=frozenset())


@dataclass(frozen=True)
class Certificates:
    """A CA as PEM text and a server's chain as a file."""

    ca: str
    chain: Path

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain)
        return context


def certificates(folder: Path, host: str = "localhost") -> Certificates:
    """Make a CA and a server certificate for one host name."""
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    until = at + dt.timedelta(days=3650)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")])

    def build(subject, public, names, *, ca):
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ca_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(at)
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(ca_key, hashes.SHA256())

    ca = build(ca_name, ca_key.public_key(), [], ca=True)
    names = [x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    cert = build(subject, key.public_key(), names, ca=False)
    chain = folder / "server.pem"
    chain.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + cert.public_bytes(serialization.Encoding.PEM)
    )
    return Certificates(ca.public_bytes(serialization.Encoding.PEM).decode(), chain)


def account(
    imap_port: int = 0, smtp_port: int = 0, /, secrets: dict[str, str] | None = None, **settings
) -> Account:
    """An account on loopback without encryption unless said otherwise."""
    said: dict[str, object] = {"imap_security": "none", "smtp_security": "none"}
    if imap_port:
        said |= {"imap_host": "127.0.0.1", "imap_port": imap_port, "imap_user": ADDRESS}
    if smtp_port:
        said |= {"smtp_host": "127.0.0.1", "smtp_port": smtp_port, "smtp_user": ADDRESS}
    words = {"imap_password": "secret", "smtp_password": "secret"}
    return Account(
        UUID(int=7), ChannelKind.EMAIL, "Support", ADDRESS, said | settings, secrets or words
    )


def mail(number: int, size: int = 0) -> bytes:
    """A small mail with its own Message-ID."""
    return (
        f"From: Jan <jan@novak.example>\r\nTo: {ADDRESS}\r\nSubject: mail {number}\r\n"
        f"Message-ID: <{number}@novak.example>\r\n\r\nbody {number}\r\n"
    ).encode() + b"x" * size


def rendered(body: bytes | None = None, to: str = "jan@novak.example") -> Rendered:
    """A rendered answer whose Message-ID carries KEY."""
    message_id = f"<{KEY}.tok@desk.example>"
    text = (
        body
        or (
            f"From: {ADDRESS}\r\nTo: {to}\r\nSubject: Re\r\nMessage-ID: {message_id}\r\n\r\n"
            ".starts with a dot\r\nend\r\n"
        ).encode()
    )
    return Rendered(text, to, {"from": "b+tok@desk.example", "message_id": message_id})


async def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something became true, or fail."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what is awaited lives in other programs
            await asyncio.sleep(0.01)


class Taken:
    """Runs a collector to its end and remembers what it brought."""

    def __init__(self, batches: AsyncIterator[Collected]) -> None:
        self.bodies: list[bytes] = []
        self.mark: dict[str, object] = {}
        self.batches = 0
        self._task = asyncio.ensure_future(self._run(batches))

    async def _run(self, batches: AsyncIterator[Collected]) -> None:
        try:
            async for batch in batches:
                self.bodies.extend(batch.bodies)
                self.mark = dict(batch.mark)
                self.batches += 1
        finally:
            await batches.aclose()

    @property
    def failure(self) -> BaseException | None:
        return self._task.exception() if self._task.done() and not self._task.cancelled() else None

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class CuttingProxy:
    """A line to a server that can be cut: ``cut`` is asked at each answer and each final dot.

    ``cut(event)`` gets ``answer:CODE`` before an answer of the server reaches the client, ``body``
    before the first bytes after DATA reach the server, ``dot`` when the final dot reached the
    server; True cuts both sides there.
    """

    def __init__(self, port: int, cut: Callable[[str], bool]) -> None:
        self._target = port
        self._cut = cut
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.connections = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in list(self._writers):
            writer.close()
        await self._server.wait_closed()
        await asyncio.sleep(0.05)

    async def _serve(self, reader, writer) -> None:
        self.connections += 1
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        ends = {writer, far_writer}
        self._writers |= ends
        state = {"data": False, "dot": False}
        up = asyncio.ensure_future(self._up(reader, far_writer, state))
        down = asyncio.ensure_future(self._down(far_reader, writer, state))
        await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        for task in (up, down):
            task.cancel()
        await asyncio.gather(up, down, return_exceptions=True)
        for end in ends:
            end.close()
        await asyncio.gather(*(end.wait_closed() for end in ends), return_exceptions=True)
        self._writers -= ends

    async def _up(self, reader, writer, state) -> None:
        tail = b""
        while block := await reader.read(65536):
            if state["data"] and tail == b"" and self._cut("body"):
                return
            if state["data"]:
                tail = (tail + block)[-5:]
                if tail == b"\r\n.\r\n":
                    state |= {"data": False, "dot": True}
                    tail = b""
            writer.write(block)
            await writer.drain()

    async def _down(self, reader, writer, state) -> None:
        while block := await reader.read(65536):
            code = block[:3].decode()
            if state["dot"]:
                state["dot"] = False
                if self._cut("dot"):
                    return
            if self._cut(f"answer:{code}"):
                return
            state["data"] = code == "354"
            writer.write(block)
            await writer.drain()
