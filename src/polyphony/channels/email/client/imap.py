"""One mailbox in a thread of its own: fetch what is new, wait for the server's push, repeat."""

import logging
import queue
import re
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped] # has no types
from imapclient.exceptions import (  # type: ignore[import-untyped] # has no types
    CapabilityError,
    IMAPClientError,
    LoginError,
)

from polyphony.channels.email.client.reach import Server, expiry, trust
from polyphony.domain.failure import AccountBroken, SendFailure, Temporary
from polyphony.ports import Collected

# The library writes whole protocol lines at DEBUG: addresses and subjects do not belong in a log.
logging.getLogger("imapclient").setLevel(logging.WARNING)

CONNECT_S = 5.0
ANSWER_S = 60.0
IDLE_RENEW_S = 540.0
BATCH_MAILS = 100
BATCH_BYTES = 8 * 1024 * 1024
SIZES_AT_ONCE = 500
SEARCH_SPAN = 50_000
HARD_CAP = 150 * 1024 * 1024
INCOMPLETE = b"X-Polyphony-Incomplete"
LATER = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]|socket error|EOF", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Watermark:
    """Up to where a folder was taken over; ``first`` is where the last batch began."""

    uidvalidity: int = 0
    uid: int = 0
    modseq: int = 0
    first: int = 0

    @classmethod
    def read(cls, mark: Mapping[str, object]) -> "Watermark":
        """Read a stored mark; anything unknown counts as nothing taken yet."""
        numbers = {key: mark.get(key, 0) for key in ("uidvalidity", "uid", "modseq", "first")}
        return cls(**{key: one if isinstance(one, int) else 0 for key, one in numbers.items()})

    def stored(self) -> dict[str, object]:
        """Return the mark as plain JSON values."""
        return {
            "uidvalidity": self.uidvalidity,
            "uid": self.uid,
            "modseq": self.modseq,
            "first": self.first,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with a mailbox: where it is, who we are, which folder, what happens after."""

    server: Server
    ips: Sequence[str]
    token: str = field(default="", repr=False)
    folder: str = "INBOX"
    after_read: str = "keep"
    move_to: str = "Polyphony"
    poll_s: float = 60.0
    hard_cap: int = HARD_CAP


def connect(plan: Plan, opened: Callable[[IMAPClient], None] | None = None) -> IMAPClient:
    """Open and sign in; ``opened`` hears of the connection before the server has said a word.

    Raises:
        AccountBroken: sign-in refused or encryption not offered.
        Temporary: no connection, or the server says later.
    """
    try:
        client = _dial(plan)
    except (OSError, IMAPClientError) as error:
        raise _meaning(error) from error
    if opened:
        opened(client)
    try:
        if plan.server.security == "starttls":
            client.starttls(trust(plan.server))
        if plan.token:
            client.oauth2_login(plan.server.user, plan.token)
        elif (plan.server.user + plan.server.password).isascii():
            client.login(plan.server.user, plan.server.password)
        else:  # LOGIN knows ASCII only, SASL takes UTF-8
            client.plain_login(plan.server.user, plan.server.password)
    except BaseException as error:
        _leave(client, politely=False)
        if isinstance(error, OSError | IMAPClientError):
            raise _meaning(error) from error
        raise
    return client


def _dial(plan: Plan) -> IMAPClient:
    tls = plan.server.security == "tls"
    last: OSError = OSError("no address")
    for ip in plan.ips:
        try:
            return IMAPClient(
                ip,
                plan.server.port,
                ssl=tls,
                ssl_context=trust(plan.server) if tls else None,
                timeout=SocketTimeout(CONNECT_S, ANSWER_S),
            )
        except OSError as error:
            last = error
    raise last


def _meaning(error: BaseException) -> SendFailure:
    text = str(error)
    if isinstance(error, LoginError) and not LATER.search(text):
        return AccountBroken("imap_sign_in_refused", text)
    if isinstance(error, CapabilityError):
        return AccountBroken("imap_starttls_not_offered", text)
    if isinstance(error, ssl.SSLError):
        return Temporary("imap_tls_failed", text)
    return Temporary("imap_connection_lost", f"{type(error).__name__} {text}")


def select_folder(client: IMAPClient, folder: str, *, readonly: bool = False) -> Mapping[str, int]:
    """Open the folder; return its UIDVALIDITY, UIDNEXT and HIGHESTMODSEQ, 0 where not told."""
    try:
        state = client.select_folder(folder, readonly=readonly)
    except IMAPClient.AbortError:
        raise
    except IMAPClientError as error:
        raise AccountBroken("imap_folder_missing", str(error)) from error
    names = ("UIDVALIDITY", "UIDNEXT", "HIGHESTMODSEQ")
    return {name: int(state.get(name.encode(), 0)) for name in names}


def visit(plan: Plan) -> datetime | None:
    """Sign in, open the folder, leave; return until when the server's certificate is good."""
    client = connect(plan)
    try:
        select_folder(client, plan.folder, readonly=True)
        shown = getattr(client.socket(), "getpeercert", None)
        return expiry(shown() if shown else None)
    except (OSError, IMAPClientError) as error:
        raise _meaning(error) from error
    finally:
        _leave(client, politely=True)


def _leave(client: IMAPClient, *, politely: bool) -> None:
    """Close the connection for certain, after a word of goodbye if the server still listens."""
    if politely:
        with suppress(Exception):
            client.logout()
            return
    with suppress(Exception):
        client.shutdown()


class MailboxThread:
    """The thread's life; ``offer`` gets batches, and an exception as its last word."""

    def __init__(
        self, plan: Plan, mark: Watermark, offer: Callable[[Collected | BaseException], None]
    ) -> None:
        self._plan = plan
        self._mark = mark
        self._offer = offer
        self._client: IMAPClient | None = None
        self._modseq = 0
        self._uidnext = 0
        self._oversized: dict[int, int] = {}
        self._taken: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._wake_in, self._wake_out = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="mailbox", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def acknowledge(self) -> None:
        """Tell that the batch offered last is kept for good."""
        self._taken.put(True)  # noqa: FBT003 - a queue of one kind of word

    def stop(self) -> None:
        """End the thread, whatever it waits for; returns when it is gone (seconds at most)."""
        self._stopped.set()
        self._taken.put(False)  # noqa: FBT003 - a queue of one kind of word
        with suppress(OSError):
            self._wake_in.send(b"x")
        self._thread.join(0.5)
        client = self._client
        if self._thread.is_alive() and client is not None:
            with suppress(Exception):
                client.socket().shutdown(socket.SHUT_RDWR)
        self._thread.join(CONNECT_S * 2)
        self._wake_in.close()
        self._wake_out.close()

    def _run(self) -> None:
        try:
            connect(self._plan, self._opened)
            self._open()
            while not self._stopped.is_set():
                self._heard()
                if not self._drain() and not self._heard():
                    self._wait()
        except (OSError, IMAPClientError) as error:
            self._last_word(_meaning(error))
        except BaseException as error:  # noqa: BLE001 - the other thread must hear of it
            self._last_word(error)
        finally:
            if self._client is not None:
                _leave(self._client, politely=self._stopped.is_set())

    def _opened(self, client: IMAPClient) -> None:
        self._client = client
        if self._stopped.is_set():
            raise OSError("stopped")

    def _last_word(self, error: BaseException) -> None:
        if not self._stopped.is_set():
            self._offer(error)

    @property
    def _imap(self) -> IMAPClient:
        if self._client is None:
            raise OSError("no connection")
        return self._client

    def _open(self) -> None:
        client, mark = self._imap, self._mark
        state = select_folder(client, self._plan.folder)
        uidvalidity, self._modseq = state["UIDVALIDITY"], state["HIGHESTMODSEQ"]
        self._uidnext = state["UIDNEXT"]
        if self._plan.after_read == "move" and not client.folder_exists(self._plan.move_to):
            client.create_folder(self._plan.move_to)
        if uidvalidity != mark.uidvalidity:
            # All numbers mean other mails now: read everything again, keys find the known ones.
            self._mark = Watermark(uidvalidity)
        elif mark.first:
            # The last batch is kept, but we may have died before the mailbox was told.
            self._settle(client.search(["UID", f"{mark.first}:{mark.uid}"]), upto=mark.uid)

    def _heard(self) -> bool:
        """Tell whether the server spoke of new mails since we last asked; forget it then.

        What it said during another command it will not say again: waiting for a push would be
        waiting for nothing.
        """
        _, said = self._imap._imap.response("EXISTS")  # noqa: SLF001 - no public way
        return bool(said and said[0])

    def _drain(self) -> bool:
        """Offer everything above the mark; tell whether there was anything."""
        modseq, self._modseq = self._modseq, 0
        if modseq and modseq == self._mark.modseq:
            return False
        pending: list[int] = []
        uids = self._fresh()
        for group in self._groups(uids):
            bodies = self._fetch(group)
            if pending and not self._is_taken(pending):
                return False
            self._mark = Watermark(
                self._mark.uidvalidity, group[-1], modseq * (group[-1] == uids[-1]), group[0]
            )
            self._offer(Collected(bodies, self._mark.stored()))
            pending = group
        if pending:
            self._is_taken(pending)
        return bool(uids)

    def _fresh(self) -> list[int]:
        """Return the UIDs above the mark, asked in spans: a line of answers has a limit."""
        after = self._mark.uid
        cuts = range(after + SEARCH_SPAN, self._uidnext, SEARCH_SPAN)
        spans = [f"{cut - SEARCH_SPAN + 1}:{cut}" for cut in cuts]
        last = after + SEARCH_SPAN * len(spans) + 1
        found: set[int] = set()
        for span in (*spans, f"{last}:*"):
            found.update(self._imap.search(["UID", span, "UNDELETED"]))
        return sorted(uid for uid in found if uid > after)

    def _is_taken(self, uids: Sequence[int]) -> bool:
        """Wait until the batch is kept, then tell the mailbox."""
        if not self._taken.get() or self._stopped.is_set():
            return False
        self._settle(uids, upto=uids[-1])
        return True

    def _groups(self, uids: Sequence[int]) -> Iterator[list[int]]:
        """Cut into batches by number and bytes; a mail beyond the byte limit goes alone."""
        group: list[int] = []
        filled = 0
        for start in range(0, len(uids), SIZES_AT_ONCE):
            some = uids[start : start + SIZES_AT_ONCE]
            sizes = self._imap.fetch(some, ["RFC822.SIZE"])
            for uid in some:
                size = int(sizes.get(uid, {}).get(b"RFC822.SIZE", 0))
                if group and (len(group) >= BATCH_MAILS or filled + size > BATCH_BYTES):
                    yield group
                    group, filled = [], 0
                group.append(uid)
                filled += min(size, self._plan.hard_cap)
                if size > self._plan.hard_cap:
                    self._oversized[uid] = size
        if group:
            yield group

    def _fetch(self, uids: Sequence[int]) -> list[bytes]:
        whole = [uid for uid in uids if uid not in self._oversized]
        bodies = self._bodies(whole)
        for uid in uids:
            if size := self._oversized.pop(uid, 0):
                bodies[uid] = self._headers(uid, b"too-big; size=%d" % size)
        return [bodies[uid] for uid in uids if bodies.get(uid)]

    def _bodies(self, uids: Sequence[int]) -> dict[int, bytes]:
        if not uids:
            return {}
        try:
            found = self._imap.fetch(uids, ["BODY.PEEK[]"])
        except IMAPClient.AbortError:
            raise
        except IMAPClientError:
            if len(uids) == 1:
                return {uids[0]: self._headers(uids[0], b"refused-by-server")}
            return {uid: body for one in uids for uid, body in self._bodies([one]).items()}
        return {uid: items.get(b"BODY[]") or b"" for uid, items in found.items()}

    def _headers(self, uid: int, why: bytes) -> bytes:
        found = self._imap.fetch([uid], ["BODY.PEEK[HEADER]"])
        headers = found.get(uid, {}).get(b"BODY[HEADER]") or b""
        return INCOMPLETE + b": " + why + b"\r\n" + headers if headers else b""

    def _settle(self, uids: Sequence[int], *, upto: int) -> None:
        client = self._imap
        uids = [uid for uid in uids if uid <= upto]
        if not uids or self._plan.after_read == "keep":
            return
        if self._plan.after_read == "seen":
            client.add_flags(uids, [rb"\Seen"], silent=True)
        elif client.has_capability("MOVE"):
            client.move(uids, self._plan.move_to)
        else:
            client.copy(uids, self._plan.move_to)
            client.delete_messages(uids, silent=True)
            if client.has_capability("UIDPLUS"):
                client.uid_expunge(uids)

    def _wait(self) -> None:
        """Sleep until the server pushes, the renewal is due, or somebody stops us."""
        client = self._imap
        if not client.has_capability("IDLE"):
            if not self._readable(None, self._plan.poll_s):
                client.noop()
            return
        client.idle()
        try:
            self._readable(client, IDLE_RENEW_S)
        finally:
            client.idle_done()

    def _readable(self, client: IMAPClient | None, seconds: float) -> bool:
        poller = select.poll()
        poller.register(self._wake_out, select.POLLIN)
        if client is not None:
            if _buffered(client):
                return True
            poller.register(client.socket(), select.POLLIN)
        return bool(poller.poll(seconds * 1000))


def _buffered(client: IMAPClient) -> bool:
    """Tell whether the server's words wait in a buffer of ours, where no poll can see them."""
    stream = getattr(client._imap, "_file", None) or getattr(client._imap, "file", None)  # noqa: SLF001 - no public way
    sock = client.socket()
    sock.settimeout(0)
    try:
        return bool(stream.peek(1)) if stream is not None else False
    except OSError:  # nothing to read now (TLS says it as an error)
        return False
    finally:
        sock.settimeout(ANSWER_S)
