"""The far end of e-mail: a small IMAP and SMTP provider of ours on loopback ports."""

import asyncio
import base64
import logging
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from polyphony.simulator.ends.imap import LINE_MAX, Talk
from polyphony.simulator.ends.mailbox import Mailbox

logging.getLogger("mail.log").setLevel(logging.CRITICAL)

HOST = "127.0.0.1"
REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Submitted:
    """A mail somebody handed to the SMTP side: the envelope and the bytes."""

    sender: str
    recipients: tuple[str, ...]
    body: bytes


Script = Callable[[str, str], str | None]
"""(stage, address) → the line to answer instead of the usual one; stages MAIL, RCPT, DATA."""


class MailEnd:
    """A mail provider for the simulator, the bench and tests.

    ``accounts`` maps addresses to passwords; mail to one of them lands in its mailbox, mail to
    anybody else only in ``sent``. ``tokens`` judges OAuth access tokens (user, token).
    """

    def __init__(
        self,
        accounts: Mapping[str, str],
        *,
        tls: ssl.SSLContext | None = None,
        tokens: Callable[[str, str], bool] = lambda _user, _token: False,
        script: Script = lambda _stage, _address: None,
        size_limit: int = 50 * 1024 * 1024,
    ) -> None:
        self.mailboxes = {name.lower(): Mailbox(word) for name, word in accounts.items()}
        self.sent: list[Submitted] = []
        self.on_sent: Callable[[Submitted], None] = lambda _mail: None
        self.script = script
        self.imap_port = 0
        self.smtp_port = 0
        self.sign_ins = 0
        self._tls = tls
        self._tokens = tokens
        self._size_limit = size_limit
        self._servers: list[asyncio.Server] = []
        self._talks: set[asyncio.Task[None]] = set()
        self._lines: set[asyncio.BaseTransport] = set()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def deliver(self, address: str, body: bytes) -> int:
        """Put a mail into an account's mailbox as if it came from the world."""
        return self.mailboxes[address.lower()].deliver(body)

    async def start(self) -> None:
        """Listen; ports chosen once stay the same over stop and start."""
        loop = asyncio.get_running_loop()
        imap = await asyncio.start_server(self._talk, HOST, self.imap_port, limit=LINE_MAX)
        smtp = await loop.create_server(self._take, HOST, self.smtp_port)
        self._servers = [imap, smtp]
        self.imap_port = imap.sockets[0].getsockname()[1]
        self.smtp_port = smtp.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up on everybody and stop listening."""
        for server in self._servers:
            server.close()
        await self.hang_up()
        for server in self._servers:
            await server.wait_closed()
        self._servers = []

    async def hang_up(self) -> None:
        """Cut all connections, as a restarted server does."""
        for line in list(self._lines):
            line.close()
        talks = list(self._talks)
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._talks.add(task)
            task.add_done_callback(self._talks.discard)
        with suppress(asyncio.CancelledError):
            await Talk(reader, writer, self.mailboxes, self._tokens).run()

    def _take(self) -> SMTP:
        return _Submission(
            self,
            data_size_limit=self._size_limit,
            enable_SMTPUTF8=True,
            hostname="far.end",
            tls_context=self._tls,
            require_starttls=self._tls is not None,
            auth_require_tls=self._tls is not None,
            authenticator=self._judge,
            loop=asyncio.get_running_loop(),
        )

    def _judge(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, proof: LoginPassword
    ) -> AuthResult:
        box = self.mailboxes.get(proof.login.decode("utf-8", "replace").lower())
        good = box is not None and box.password.encode() == proof.password
        self.sign_ins += good
        return AuthResult(success=good, handled=False, auth_data=proof)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        """Judge an access token, as the library calls it."""
        said = base64.b64decode(args[1] if len(args) > 1 else b"").decode("utf-8", "replace")
        user = said.partition("user=")[2].partition("\x01")[0]
        token = said.partition("auth=Bearer ")[2].partition("\x01")[0]
        if self._tokens(user, token):
            self.sign_ins += 1
            return AuthResult(success=True)
        await server.challenge_auth('{"status":"401"}')
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(  # noqa: N802 - name and signature are the library's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender who signed in."""
        del server
        scripted = self.script("MAIL", address)
        if scripted:
            return scripted
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 ok"

    async def handle_RCPT(  # noqa: N802 - name and signature are the library's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take any recipient unless the script says otherwise."""
        del server, session
        scripted = self.script("RCPT", address)
        if scripted:
            return scripted
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 ok"

    async def handle_DATA(  # noqa: N802 - the name is the library's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Deliver to mailboxes of ours and remember it."""
        del server, session
        content = envelope.content
        body = content if isinstance(content, bytes) else (content or "").encode()
        scripted = self.script("DATA", envelope.rcpt_tos[0])
        if scripted:
            return scripted
        mail = Submitted(envelope.mail_from or "", tuple(envelope.rcpt_tos), body)
        self.sent.append(mail)
        if len(self.sent) > REMEMBERED:
            del self.sent[: REMEMBERED // 2]
        for recipient in mail.recipients:
            box = self.mailboxes.get(recipient.lower())
            if box is not None:
                box.deliver(body)
        self.on_sent(mail)
        return "250 2.0.0 ok"

    def joined(self, line: asyncio.BaseTransport) -> None:
        """Remember an open SMTP connection, so that it can be cut."""
        self._lines.add(line)

    def left(self, line: asyncio.BaseTransport) -> None:
        """Forget a closed SMTP connection."""
        self._lines.discard(line)


class _Submission(SMTP):
    """The library's server, reporting its connections."""

    line_length_limit = LINE_MAX

    def __init__(self, end: MailEnd, **options: object) -> None:
        super().__init__(end, **options)  # type: ignore[arg-type] # passed on as they came
        self._end = end
        self._open: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._open = self._open or transport
        self._end.joined(self._open)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._open is not None:
            self._end.left(self._open)
        super().connection_lost(error)


__all__ = ["MailEnd", "Script", "Submitted"]
