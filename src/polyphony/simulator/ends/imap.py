"""A small IMAP server: one folder per account, enough for any collector, quick on thousands."""

import asyncio
import base64
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from contextlib import suppress

from polyphony.simulator.ends.mailbox import Mail, Mailbox

CAPABILITIES = "IMAP4rev1 IDLE MOVE UIDPLUS LITERAL+ SASL-IR AUTH=PLAIN AUTH=XOAUTH2"
TOKENS = re.compile(rb'"((?:[^"\\]|\\.)*)"|\(([^)]*)\)|([^\s()]+(?:\[[^\]]*\])?)')
LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r\n$")
LINE_MAX = 1024 * 1024
LITERAL_MAX = 200 * 1024 * 1024


class Closed(Exception):
    """The conversation is over."""


class Talk:
    """One client's connection."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        mailboxes: Mapping[str, Mailbox],
        tokens: Callable[[str, str], bool],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._mailboxes = mailboxes
        self._tokens = tokens
        self._box: Mailbox | None = None
        self._selected = False
        self._seen: list[int] = []
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Talk until the client leaves."""
        self._say(f"* OK [CAPABILITY {CAPABILITIES}] ready")
        try:
            while True:
                await self._writer.drain()
                tag, command, args = await self._command()
                await self._answer(tag, command, args)
        except (Closed, ConnectionError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            self._unwatch()
            self._writer.close()
            with suppress(ConnectionError):
                await self._writer.wait_closed()

    def _say(self, line: str) -> None:
        self._writer.write(line.encode() + b"\r\n")

    async def _line(self) -> bytes:
        line = await self._reader.readuntil(b"\n")
        return line.rstrip(b"\r\n")

    async def _command(self) -> tuple[str, str, list[bytes]]:
        """Read one command with its literals; return tag, name and arguments."""
        words: list[bytes] = []
        while True:
            raw = await self._reader.readuntil(b"\n")
            literal = LITERAL.search(raw)
            words += map(_word, TOKENS.findall(raw[: literal and literal.start()]))
            if not literal:
                break
            size = int(literal[1])
            if size > LITERAL_MAX:
                raise Closed
            if not literal[2]:
                self._say("+ go on")
                await self._writer.drain()
            words.append(await self._reader.readexactly(size))
        if len(words) < 2:
            self._say("* BAD what?")
            return "*", "NOOP", []
        name = words[1].decode("ascii", "replace").upper()
        rest = words[2:]
        if name == "UID" and rest:
            name = f"UID {rest[0].decode('ascii', 'replace').upper()}"
            rest = rest[1:]
        return words[0].decode("ascii", "replace"), name, rest

    async def _answer(self, tag: str, command: str, args: list[bytes]) -> None:
        act = getattr(self, "_do_" + command.lower().replace(" ", "_"), None)
        needs = command.startswith("UID ") or command in {"IDLE", "EXPUNGE", "CLOSE"}
        if act is None or (needs and not self._selected):
            self._say(f"{tag} BAD {'select a folder first' if act else 'unknown command'}")
            return
        try:
            said = await act(tag, args)
        except (IndexError, KeyError, UnicodeError):
            said = "BAD arguments"
        if self._selected and command not in {"SELECT", "EXAMINE"}:
            self._news()
        if said:
            self._say(f"{tag} {said}")
        if command == "LOGOUT":
            await self._writer.drain()
            raise Closed

    # --- signing in -------------------------------------------------------------------------

    async def _do_capability(self, _tag: str, _args: list[bytes]) -> str:
        self._say(f"* CAPABILITY {CAPABILITIES}")
        return "OK done"

    async def _do_noop(self, _tag: str, _args: list[bytes]) -> str:
        return "OK done"

    async def _do_logout(self, _tag: str, _args: list[bytes]) -> str:
        self._say("* BYE see you")
        return "OK done"

    async def _do_login(self, _tag: str, args: list[bytes]) -> str:
        return self._enter(args[0].decode(), password=args[1].decode())

    async def _do_authenticate(self, _tag: str, args: list[bytes]) -> str:
        if len(args) > 1:
            sent = args[1]
        else:
            self._say("+ ")
            await self._writer.drain()
            sent = await self._line()
        said = base64.b64decode(sent).decode()
        if args[0].upper() == b"PLAIN":
            _, user, password = said.split("\0")
            return self._enter(user, password=password)
        user = said.partition("user=")[2].partition("\x01")[0]
        token = said.partition("auth=Bearer ")[2].partition("\x01")[0]
        refused = self._enter(user, token=token)
        if not refused.startswith("OK"):
            self._say("+ " + base64.b64encode(b'{"status":"401"}').decode())
            await self._writer.drain()
            await self._line()
        return refused

    def _enter(self, user: str, *, password: str = "", token: str = "") -> str:
        box = self._mailboxes.get(user.lower())
        good = box is not None and (
            self._tokens(user, token) if token else bool(password) and box.password == password
        )
        if not good:
            return "NO [AUTHENTICATIONFAILED] wrong name or password"
        self._box = box
        return f"OK [CAPABILITY {CAPABILITIES}] welcome"

    @property
    def _mine(self) -> Mailbox:
        if self._box is None:
            raise KeyError("sign in first")
        return self._box

    # --- folders ----------------------------------------------------------------------------

    async def _do_list(self, _tag: str, args: list[bytes]) -> str:
        wanted = args[1].decode()
        glob = re.escape(wanted).replace(r"\*", ".*").replace("%", ".*")
        pattern = re.compile(glob, re.IGNORECASE)
        for name in ("INBOX", *self._mine.shelf):
            if pattern.fullmatch(name):
                self._say(f'* LIST () "/" "{name}"')
        return "OK done"

    async def _do_create(self, _tag: str, args: list[bytes]) -> str:
        self._mine.shelf.setdefault(args[0].decode(), [])
        return "OK done"

    async def _do_select(self, _tag: str, args: list[bytes]) -> str:
        box = self._mine
        if args[0].upper() != b"INBOX":
            return "NO [NONEXISTENT] no such folder"
        self._unwatch()
        self._seen = box.numbers()
        self._say(r"* FLAGS (\Seen \Deleted \Answered \Flagged)")
        self._say(f"* {len(self._seen)} EXISTS")
        self._say("* 0 RECENT")
        self._say(f"* OK [UIDVALIDITY {box.uidvalidity}] validity")
        self._say(f"* OK [UIDNEXT {box.next_uid}] next")
        self._say(f"* OK [HIGHESTMODSEQ {box.modseq}] changes")
        self._selected = True
        box.watchers.add(self._changed.set)
        return "OK [READ-WRITE] done"

    async def _do_examine(self, tag: str, args: list[bytes]) -> str:
        return (await self._do_select(tag, args)).replace("READ-WRITE", "READ-ONLY")

    def _unwatch(self) -> None:
        if self._box is not None:
            self._box.watchers.discard(self._changed.set)

    def _news(self) -> None:
        """Tell what came and went since the client last looked."""
        self._changed.clear()
        now = self._mine.numbers()
        if now == self._seen:
            return
        left = set(now)
        for position in range(len(self._seen), 0, -1):
            if self._seen[position - 1] not in left:
                self._say(f"* {position} EXPUNGE")
        self._seen = now
        self._say(f"* {len(now)} EXISTS")

    async def _do_idle(self, tag: str, _args: list[bytes]) -> str:
        self._say("+ idling")
        done = asyncio.ensure_future(self._line())
        try:
            while not done.done():
                self._news()
                await self._writer.drain()
                change = asyncio.ensure_future(self._changed.wait())
                await asyncio.wait({done, change}, return_when=asyncio.FIRST_COMPLETED)
                change.cancel()
            said = await done
        finally:
            done.cancel()
        return "OK done" if said.upper() == b"DONE" else f"BAD {tag} wants DONE"

    # --- mails ------------------------------------------------------------------------------

    def _range(self, text: bytes) -> list[int]:
        numbers = self._mine.numbers()
        top = numbers[-1] if numbers else 0
        found: list[int] = []
        for part in text.decode().split(","):
            low, colon, high = part.partition(":")
            ends = [top if end == "*" else int(end) for end in (low, high if colon else low)]
            found += numbers[bisect_left(numbers, min(ends)) : bisect_right(numbers, max(ends))]
        return sorted(set(found))

    async def _do_uid_search(self, _tag: str, args: list[bytes]) -> str:
        mails = self._mine.mails
        hits = list(mails)
        words = iter(args)
        for word in words:
            name = word.upper()
            if name == b"UID":
                wanted = set(self._range(next(words)))
                hits = [uid for uid in hits if uid in wanted]
            elif name in {b"UNDELETED", b"UNSEEN"}:
                flag = "\\" + name[2:].decode().title()
                hits = [uid for uid in hits if flag not in mails[uid].flags]
        self._say("* SEARCH " + " ".join(map(str, hits)) if hits else "* SEARCH")
        return "OK done"

    async def _do_uid_fetch(self, _tag: str, args: list[bytes]) -> str:
        wanted = args[1].upper()
        numbers = self._mine.numbers()
        for uid in self._range(args[0]):
            mail = self._mine.mails[uid]
            self._fetched(self._mine.position(uid, numbers), uid, mail, wanted)
            await self._writer.drain()
        return "OK done"

    def _fetched(self, position: int, uid: int, mail: Mail, wanted: bytes) -> None:
        items = [f"UID {uid}"]
        if b"RFC822.SIZE" in wanted:
            items.append(f"RFC822.SIZE {len(mail.body)}")
        if b"FLAGS" in wanted:
            items.append(f"FLAGS ({' '.join(sorted(mail.flags))})")
        head = f"* {position} FETCH ({' '.join(items)}".encode()
        if b"HEADER" in wanted:
            part, body = b"BODY[HEADER]", mail.body.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        elif b"BODY" in wanted:
            part, body = b"BODY[]", mail.body
        else:
            self._writer.write(head + b")\r\n")
            return
        self._writer.write(b"%s %s {%d}\r\n%s)\r\n" % (head, part, len(body), body))

    async def _do_uid_store(self, _tag: str, args: list[bytes]) -> str:
        how, flags = args[1].decode().upper(), set(args[2].decode().split())
        for uid in self._range(args[0]):
            mail = self._mine.mails[uid]
            if how.startswith("-"):
                mail.flags -= flags
            else:
                mail.flags = mail.flags | flags if how.startswith("+") else set(flags)
        self._mine.modseq += 1
        return "OK done"

    async def _do_uid_copy(self, _tag: str, args: list[bytes]) -> str:
        shelf = self._mine.shelf.setdefault(args[1].decode(), [])
        shelf.extend(self._mine.mails[uid] for uid in self._range(args[0]))
        return "OK done"

    async def _do_uid_move(self, _tag: str, args: list[bytes]) -> str:
        self._mine.remove(self._range(args[0]), to=args[1].decode())
        return "OK done"

    async def _do_uid_expunge(self, _tag: str, args: list[bytes]) -> str:
        mails = self._mine.mails
        self._mine.remove([n for n in self._range(args[0]) if "\\Deleted" in mails[n].flags])
        return "OK done"

    async def _do_append(self, _tag: str, args: list[bytes]) -> str:
        if args[0].upper() == b"INBOX":
            self._mine.deliver(args[-1])
        else:
            self._mine.shelf.setdefault(args[0].decode(), []).append(Mail(args[-1]))
        return "OK done"


def _word(found: tuple[bytes, bytes, bytes]) -> bytes:
    quoted, group, atom = found
    return atom or group or re.sub(rb"\\(.)", rb"\1", quoted)
