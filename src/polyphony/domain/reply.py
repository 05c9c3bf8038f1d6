"""Reply: what may leave by which door, whether somebody was faster, what stands below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from polyphony.domain.case import CaseState
from polyphony.domain.channel import Capabilities
from polyphony.domain.errors import Conflict, Forbidden, Invalid, Refusal

TEXT_MAX = 100_000
SCHEDULE_MAX = timedelta(days=365)
QUOTE_MAX = 20_000


class Then(StrEnum):
    """What the Case does once the answer is on its way."""

    OPEN = "open"
    WAIT_CUSTOMER = "wait_customer"
    SOLVE = "solve"


@dataclass(frozen=True, slots=True)
class Door:
    """The way back to the customer as it is now: the account and address used last.

    ``may`` is the account's state, ``address_state`` the identity's.
    """

    case_state: CaseState
    interaction_ended: bool
    live: bool
    may: str
    address_state: str
    participant: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to send."""

    text: str
    files: int = 0
    file_bytes: tuple[int, ...] = ()
    schedule_at: datetime | None = None
    undo_s: int = 0


def guard(door: Door, wish: Wish, can: Capabilities, at: datetime) -> Refusal | None:
    """Return why this may not leave by this door, None when it may."""
    return _content(wish, can, at) or _way(door)


def _content(wish: Wish, can: Capabilities, at: datetime) -> Refusal | None:
    longest = can.text_max or TEXT_MAX
    if not wish.text.strip() and not wish.files:
        return Invalid("reply.empty", {"field": "text"})
    if len(wish.text) > longest:
        return Invalid("reply.too_long", {"field": "text", "max": longest})
    if wish.files > can.files_per_message:
        return Invalid("reply.too_many_files", {"max": can.files_per_message})
    if any(size > can.file_max_bytes for size in wish.file_bytes):
        return Invalid("reply.file_too_big", {"max_bytes": can.file_max_bytes})
    if wish.schedule_at is not None and not at < wish.schedule_at <= at + SCHEDULE_MAX:
        return Invalid("reply.schedule", {"field": "schedule_at"})
    return None


_NO_REPLY = frozenset({CaseState.MERGED, CaseState.DISCARDED, CaseState.CLOSED})


def _way(door: Door) -> Refusal | None:
    if door.case_state in _NO_REPLY:
        return Conflict("reply.case_not_open", {"state": door.case_state.value})
    if not door.participant:
        return Forbidden("reply.not_participant", {"needs": "participant"})
    if door.address_state != "good":
        return Conflict("reply.address_" + door.address_state)
    if door.may == "paused":
        return Conflict("reply.account_paused")
    if door.interaction_ended and door.live:
        return Conflict("reply.interaction_ended")
    return None


@dataclass(frozen=True, slots=True)
class Item:
    """A newer line of the Case: position, kind (in, out, note, system) and author."""

    position: int
    kind: str
    author: UUID | None


def moved_on(expected: int, newer: Sequence[Item], me: UUID, *, live: bool) -> tuple[int, ...]:
    """Return the positions the author has not seen and should see before he sends.

    In a live chat the customer's next line never stops an answer: only colleagues' lines count.
    """
    if live:
        return tuple(
            one.position
            for one in newer
            if one.position > expected and one.kind in {"out", "note"} and one.author != me
        )
    return tuple(one.position for one in newer if one.position > expected and one.kind != "system")


def hold_until(wish: Wish, at: datetime, undo_max: timedelta) -> tuple[datetime, str]:
    """Return until when it is held and why (schedule, undo); an empty why = not held."""
    if wish.schedule_at is not None:
        return wish.schedule_at, "schedule"
    undo = min(timedelta(seconds=max(wish.undo_s, 0)), undo_max)
    return at + undo, "undo" if undo else ""


_WROTE: Mapping[str, str] = {
    "en": "On {date}, {who} wrote:",
    "cs": "Dne {date} {who} napsal(a):",
    "pl": "W dniu {date} {who} pisze:",
    "ru": "{date}, {who} пишет:",
}


def signed(answer: str, signature: str) -> str:
    """Return the answer with the signature below, set off as mail programs know it."""
    if not signature.strip():
        return answer
    return f"{answer.rstrip()}\n\n-- \n{signature.strip()}\n"


def quoted(answer: str, original: str, who: str, when: datetime, language: str) -> str:
    """Return the answer with the customer's own words below it, as mail programs do."""
    if not original.strip():
        return answer
    code = language.split("-", maxsplit=1)[0]
    when_text = when.strftime("%Y-%m-%d %H:%M" if code == "en" else "%d.%m.%Y %H:%M")
    line = _WROTE.get(code, _WROTE["en"]).format(date=when_text, who=who)
    lines = original[:QUOTE_MAX].rstrip().splitlines()
    below = "\n".join("> " + one if one else ">" for one in lines)
    return f"{answer.rstrip()}\n\n{line}\n{below}\n"


def reply_subject(subject: str, reference: str) -> str:
    """Return ``Re: subject [reference]`` with neither doubled, in one line."""
    words = " ".join(subject.split())
    if not words[:3].lower().startswith("re:"):
        words = f"Re: {words}" if words else "Re:"
    return words if f"[{reference}]" in words else f"{words} [{reference}]"
