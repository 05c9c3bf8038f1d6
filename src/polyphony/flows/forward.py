"""Forward: send a Message, or the whole Case, to somebody outside, as a letter of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from polyphony.domain import reference
from polyphony.domain.channel import Capabilities, ChannelKind
from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.forward import LINES_MAX, Said, addresses, letter, subject
from polyphony.flows.carry_out import Matter, Staff, lock
from polyphony.ports import Outside
from polyphony.store import deliveries, forwards, messages
from polyphony.store.cases import CaseRow
from polyphony.store.database import Session
from polyphony.store.deliveries import DeliveryRow
from polyphony.store.keys import key, keys
from polyphony.store.messages import FileRow, MessageRow

UTC = ZoneInfo("UTC")
UNDO = timedelta(seconds=10)
_OVER = frozenset({"merged", "discarded"})


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom to send what: one Message or (None) the whole Case, with files when ``files``.

    ``language`` and ``zone`` are the sender's: how the heads of the letter are written.
    """

    case: UUID
    to: Sequence[str]
    cid: UUID
    text: str = ""
    message: UUID | None = None
    files: bool = True
    language: str = "en"
    zone: ZoneInfo = UTC


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The line that tells of it in the Case, and whether this call wrote it."""

    message: UUID
    new: bool = True


async def forward(
    session: Session, wish: Wish, staff: Staff, at: datetime, outside: Outside
) -> Forwarded:
    """Promise the letter to each address; the Case keeps a note that says what left, and whither.

    Held ten seconds for second thoughts, like an answer. Nothing of it changes the Case: the
    customer was not answered, and whoever gets it takes no part in the matter.

    Raises Invalid for odd addresses or too many files, NotFound when there is nothing to send,
    Conflict ``forward.no_mailbox`` without a working mailbox.
    """
    to = addresses(wish.to)
    matter = await lock(session, [wish.case], at)
    before = await messages.by_cid(session, staff.id, wish.cid)
    if before is not None:
        return Forwarded(before, new=False)
    case = matter.cases[wish.case]
    if case.state in _OVER:
        raise Conflict("forward.case_over", {"state": case.state})
    boxes = await forwards.mailboxes(session, wish.case)
    if not boxes:
        raise Conflict("forward.no_mailbox")
    said = await forwards.lines(session, wish.case, wish.message, LINES_MAX)
    if not said:
        raise NotFound("message")
    copied = await _files(session, [one.id for one in said], outside) if wish.files else []
    line = await _line(session, matter, wish, staff, said)
    await messages.add_files(session, _copies(copied, line))
    await deliveries.add(session, _promises(line, boxes[0], to))
    _tell(case, line, matter)
    await matter.keep(session, staff.actor, [line.id])
    return Forwarded(line.id)


async def _files(session: Session, ids: Sequence[UUID], outside: Outside) -> list[FileRow]:
    """Return the files once each; raise Invalid when a mail does not hold them."""
    channel = outside.channels.get(ChannelKind.EMAIL)
    can = channel.manifest.capabilities if channel is not None else Capabilities()
    kept = {one.sha256: one for one in await messages.files_of(session, ids) if not one.inline}
    size = sum(one.size for one in kept.values())
    if len(kept) > can.files_per_message or size > can.file_max_bytes:
        raise Invalid(
            "forward.files",
            {"field": "files", "max": can.files_per_message, "max_bytes": can.file_max_bytes},
        )
    return list(kept.values())


async def _line(
    session: Session, matter: Matter, wish: Wish, staff: Staff, said: Sequence[forwards.Line]
) -> MessageRow:
    case = matter.cases[wish.case]
    told = [
        Said(one.author_name, one.address, one.at, one.channel_kind, one.subject, one.text)
        for one in said
    ]
    title = said[0].subject if wish.message else case.title
    line = MessageRow(
        id=key(matter.at),
        interaction_id=matter.of(wish.case)[-1].id,
        position=(await messages.positions(session, 1))[0],
        kind="note",
        author_kind="person",
        author_id=staff.id,
        author_name=staff.name,
        at=matter.at,
        cid=wish.cid,
        text=wish.text.strip(),
        text_full=letter(wish.text, told, wish.language, wish.zone),
        subject=subject(title or case.title, reference.shown(case.reference)),
        language=wish.language,
        delivery_state="held",
        facts={
            "forward": {
                "to": addresses(wish.to),
                "of": str(wish.message) if wish.message else None,
                "count": len(said),
            }
        },
    )
    await messages.add(session, [line])
    return line


def _copies(found: Sequence[FileRow], line: MessageRow) -> list[FileRow]:
    return [
        FileRow(id_, line.id, number, one.sha256, one.name, one.media_type, one.size)
        for number, (id_, one) in enumerate(zip(keys(line.at, len(found)), found, strict=True))
    ]


def _promises(line: MessageRow, account: UUID, to: Sequence[str]) -> list[DeliveryRow]:
    return [
        DeliveryRow(
            id=id_,
            message_id=line.id,
            account_id=account,
            identity_id=None,
            to_address=address,
            purpose="forward",
            state="held",
            why="undo",
            not_before=line.at + UNDO,
            created_at=line.at,
        )
        for id_, address in zip(keys(line.at, len(to)), to, strict=True)
    ]


def _tell(case: CaseRow, line: MessageRow, matter: Matter) -> None:
    case.last_item, case.last_at = line.position, line.at
    matter.changed.add(case.id)
    matter.types["message"] = "message.noted"
