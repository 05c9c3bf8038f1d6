"""Handing a mail to the account's SMTP server: at most four lines, each answer judged."""

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponse,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from polyphony.channels.email.client.oauth import Tokens
from polyphony.channels.email.client.reach import Server, addresses, expiry, server_of, trust
from polyphony.channels.email.client.verdict import failure
from polyphony.domain.failure import AccountBroken, Permanent, SendFailure, Temporary, Uncertain
from polyphony.ports import Account, Outgoing, Rendered, Sent

LINES_MAX = 4
CONNECT_S = 5.0
TOTAL_S = 45.0
UPLOAD_S = 55.0  # below the lease of a claimed delivery: a slow upload must not lapse under us
LARGE_BYTES = 1024 * 1024
IDLE_S = 30.0
LINE_ENDS = re.compile(rb"\r\n|\r(?!\n)|(?<!\r)\n")
LOST = (SMTPServerDisconnected, SMTPTimeoutError, OSError, TimeoutError)


@dataclass(slots=True)
class _Pool:
    """The lines of one account: ``room`` counts them, ``idle`` are signed in and waiting."""

    server: Server
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LINES_MAX))
    idle: list[tuple[SMTP, asyncio.TimerHandle]] = field(default_factory=list)

    def take(self) -> SMTP | None:
        while self.idle:
            line, timer = self.idle.pop()
            timer.cancel()
            if line.is_connected:
                return line
        return None

    def put(self, line: SMTP) -> None:
        if line.is_connected:
            timer = asyncio.get_running_loop().call_later(IDLE_S, line.close)
            self.idle.append((line, timer))

    async def close(self) -> None:
        idle, self.idle = self.idle, []
        for _, timer in idle:
            timer.cancel()
        await asyncio.gather(*(_goodbye(line) for line, _ in idle))


@dataclass(slots=True)
class Progress:
    """How far one hand-over came: ``left`` once the final dot was written."""

    stage: str = "sender"
    left: bool = False


@dataclass(slots=True)
class Submission:
    """The outgoing half of the door, for all accounts of this process."""

    outgoing: Outgoing
    tokens: Tokens
    _pools: dict[UUID, _Pool] = field(default_factory=dict)

    async def send(self, account: Account, rendered: Rendered) -> Sent:
        """Hand the mail over once; raise the SendFailure that says what is known about it."""
        pool = await self._pool(account)
        seconds = UPLOAD_S if len(rendered.body) > LARGE_BYTES else TOTAL_S
        progress = Progress()
        try:
            async with asyncio.timeout(seconds), pool.room, self._line(account, pool) as line:
                response = await _hand_over(line, rendered, progress)
        except SMTPResponseException as error:
            raise failure(progress.stage, error.code, error.message) from error
        except (*LOST, SMTPException) as error:
            if progress.left:
                raise Uncertain("no_verdict", type(error).__name__) from error
            raise Temporary("connection_lost", type(error).__name__) from error
        return Sent(rendered.envelope["message_id"], f"{response.code} {response.message}"[:500])

    async def check(self, account: Account) -> datetime | None:
        """Sign in and out again; raise what a send would raise.

        Returns until when the server's certificate is good.
        """
        try:
            async with asyncio.timeout(TOTAL_S):
                line = await self._open(account, server_of(account, "smtp"))
                until = expiry(line.get_transport_info("peercert"))
                await _goodbye(line)
                return until
        except TimeoutError as error:
            raise Temporary("smtp_unreachable", "no answer in time") from error

    async def close(self) -> None:
        """Close all waiting lines."""
        pools = list(self._pools.values())
        self._pools.clear()
        await asyncio.gather(*(pool.close() for pool in pools))

    async def _pool(self, account: Account) -> _Pool:
        server = server_of(account, "smtp")
        pool = self._pools.get(account.id)
        if pool is None or pool.server != server:
            self._pools[account.id] = _Pool(server)
            if pool is not None:
                await pool.close()
        return self._pools[account.id]

    @asynccontextmanager
    async def _line(self, account: Account, pool: _Pool) -> AsyncIterator[SMTP]:
        line = pool.take()
        if line is not None and not await _alive(line):
            line.close()
            line = None
        line = line or await self._open(account, pool.server)
        try:
            yield line
        except SMTPResponseException:
            if not await _alive(line):  # RSET: the next mail starts clean
                line.close()
            raise
        except BaseException:
            line.close()
            raise
        finally:
            pool.put(line)

    async def _open(self, account: Account, server: Server) -> SMTP:
        ips = await addresses(server, self.outgoing)
        line = SMTP(
            hostname=server.host,
            sock=await _dial(ips, server.port),
            timeout=TOTAL_S,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=None if server.security == "none" else trust(server),
            local_hostname=_own_name(account),
        )
        try:
            await line.connect(timeout=CONNECT_S * 2)
            if server.user:
                await self._sign_in(account, server, line)
        except BaseException as error:
            line.close()
            found = _opening(error)
            if found is error:
                raise
            raise found from error
        return line

    async def _sign_in(self, account: Account, server: Server, line: SMTP) -> None:
        await line.ehlo()
        offered = line.server_auth_methods
        user, password = server.user.encode(), server.password.encode()
        if account.settings.get("auth") == "oauth2":
            if "xoauth2" not in offered:
                raise AccountBroken("sign_in_not_offered", "XOAUTH2")
            try:
                await line.auth_xoauth2(server.user, await self.tokens.get(account))
            except SMTPAuthenticationError:
                self.tokens.forget(account)
                await line.auth_xoauth2(server.user, await self.tokens.get(account))
        elif "plain" in offered:
            await line.auth_plain(user, password)
        elif "login" in offered:
            await line.auth_login(user, password)
        elif "cram-md5" in offered:
            await line.auth_crammd5(user, password)
        else:
            raise AccountBroken("sign_in_not_offered", " ".join(offered)[:200])


def _opening(error: BaseException) -> BaseException:
    """Say what a failed connection means; nothing was handed over yet."""
    if isinstance(error, SMTPAuthenticationError):
        return failure("sign_in", error.code, error.message)
    if isinstance(error, SMTPResponseException):
        return failure("greeting", error.code, error.message)
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return Temporary("tls_failed", str(error))
    if isinstance(error, LOST):
        return Temporary("smtp_unreachable", type(error).__name__)
    if isinstance(error, SMTPException):
        return AccountBroken("starttls_not_offered", str(error))
    return error


def _own_name(account: Account) -> str:
    domain = account.address.rpartition("@")[2]
    return domain if re.fullmatch(r"[A-Za-z0-9.-]{1,253}", domain) else "localhost"


async def _dial(ips: Sequence[str], port: int) -> socket.socket:
    loop = asyncio.get_running_loop()
    last: OSError = OSError("no address")
    for ip in ips:
        family = socket.AF_INET6 if ":" in ip else socket.AF_INET
        # With the protocol named, asyncio turns Nagle's delay off: 40 ms a mail otherwise.
        sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        sock.settimeout(0)
        try:
            async with asyncio.timeout(CONNECT_S):
                await loop.sock_connect(sock, (ip, port))
        except OSError as error:  # TimeoutError is one
            sock.close()
            last = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise Temporary("smtp_unreachable", type(last).__name__) from last


async def _goodbye(line: SMTP) -> None:
    with suppress(SMTPException, OSError):
        async with asyncio.timeout(CONNECT_S):
            await line.quit()
    line.close()


async def _alive(line: SMTP) -> bool:
    """Reset a line that was used before; a server may have hung up meanwhile."""
    try:
        async with asyncio.timeout(CONNECT_S):
            await line.rset()
    except (SMTPException, OSError):
        return False
    return line.is_connected


async def _hand_over(line: SMTP, rendered: Rendered, progress: Progress) -> SMTPResponse:
    options = _options(line, rendered)
    encoding = "utf-8" if rendered.envelope.get("smtputf8") else "ascii"
    if line.is_ehlo_or_helo_needed:
        await line.ehlo()
    await line.mail(rendered.envelope["from"], options=options, encoding=encoding)
    progress.stage = "recipient"
    await line.rcpt(rendered.recipient, encoding=encoding)
    progress.stage = "data"
    response = await line.execute_command(b"DATA")
    if response.code != 354:
        raise SMTPResponseException(response.code, response.message)
    return await _body(line, rendered.body, progress)


def _options(line: SMTP, rendered: Rendered) -> list[str]:
    size = line.esmtp_extensions.get("size", "")
    if size.isdigit() and 0 < int(size) < len(rendered.body):
        raise Permanent("too_big", f"the server takes {size} bytes")
    options = [f"SIZE={len(rendered.body)}"] if "size" in line.esmtp_extensions else []
    if rendered.envelope.get("smtputf8"):
        if not line.supports_extension("smtputf8"):
            raise Permanent("address_not_supported", "the server does not offer SMTPUTF8")
        options.append("SMTPUTF8")
    if not rendered.body.isascii() and line.supports_extension("8bitmime"):
        options.append("BODY=8BITMIME")
    return options


async def _body(line: SMTP, body: bytes, progress: Progress) -> SMTPResponse:
    """Write everything but the final dot, and the dot only when the rest has left.

    Until the dot is written the server cannot have taken the mail, whatever happens to the line.
    """
    protocol = line.protocol
    if protocol is None:
        raise SMTPServerDisconnected("the line is gone")
    verdict = asyncio.ensure_future(protocol.read_response())
    try:
        await asyncio.sleep(0)  # the reader must listen before the server can answer
        protocol.write(_transparent(body))
        while not verdict.done() and _unsent(line):
            await asyncio.wait({verdict}, timeout=0.02)
        if not verdict.done():
            protocol.write(b".\r\n")
            progress.left = True
            progress.stage = "verdict"
        response = await verdict
    finally:
        verdict.cancel()
    if not progress.left:
        # An answer before the end of the mail can only be a refusal.
        line.close()
    if not 200 <= response.code < 300 or not progress.left:
        raise SMTPResponseException(response.code, response.message)
    return response


def _transparent(body: bytes) -> bytes:
    """Clean the line ends and double the dots that begin a line (RFC 5321 §4.5.2)."""
    if not body.count(b"\r\n") == body.count(b"\n") == body.count(b"\r"):
        body = LINE_ENDS.sub(b"\r\n", body)
    body = body.replace(b"\n.", b"\n..")
    body = b"." + body if body.startswith(b".") else body
    return body if body.endswith(b"\r\n") else body + b"\r\n"


def _unsent(line: SMTP) -> int:
    transport = line.transport
    if transport is None or transport.is_closing():
        raise SMTPServerDisconnected("the line is gone")
    # By shape, not by class: the transports of uvloop are none of asyncio's.
    return cast("asyncio.WriteTransport", transport).get_write_buffer_size()


__all__ = ["Progress", "SendFailure", "Submission"]
