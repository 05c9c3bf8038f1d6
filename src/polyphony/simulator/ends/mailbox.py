"""A pretended mailbox: one folder of mails with numbers, and a shelf for what was moved away."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Mail:
    """A stored mail: its bytes as delivered and its flags."""

    body: bytes
    flags: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Mailbox:
    """One account's folder; ``shelf`` holds other folders by name, ``watchers`` hear of changes."""

    password: str = field(repr=False)
    uidvalidity: int = 1
    mails: dict[int, Mail] = field(default_factory=dict)
    shelf: dict[str, list[Mail]] = field(default_factory=dict)
    watchers: set[Callable[[], None]] = field(default_factory=set, repr=False)
    next_uid: int = 1
    modseq: int = 1

    def deliver(self, body: bytes) -> int:
        """Store a mail and tell everybody who watches; return its number."""
        uid = self.next_uid
        self.next_uid += 1
        self.mails[uid] = Mail(body)
        self.touch()
        return uid

    def renumber(self, uidvalidity: int) -> None:
        """Give every mail a new number under a new validity, as a restored server does."""
        kept = list(self.mails.values())
        self.mails = dict(enumerate(kept, 1))
        self.next_uid = len(kept) + 1
        self.uidvalidity = uidvalidity
        self.touch()

    def touch(self) -> None:
        """Count a change and tell the watchers."""
        self.modseq += 1
        for watcher in list(self.watchers):
            watcher()

    def numbers(self) -> list[int]:
        """Return all UIDs, ascending."""
        return list(self.mails)

    def position(self, uid: int, numbers: list[int]) -> int:
        """Return the sequence number of a UID."""
        return bisect_left(numbers, uid) + 1

    def remove(self, uids: Iterable[int], to: str | None = None) -> None:
        """Take mails out, onto the shelf when a folder is named."""
        for uid in uids:
            mail = self.mails.pop(uid)
            if to is not None:
                self.shelf.setdefault(to, []).append(mail)
        self.touch()
