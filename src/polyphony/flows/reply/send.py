"""Send: one answer leaves by the door the customer used, or the reason why it may not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.case import CaseState
from polyphony.domain.channel import Capabilities, ChannelKind
from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.reply import Door, Item, Then, Wish, guard, hold_until, moved_on
from polyphony.flows import continue_by_mail, draft
from polyphony.flows.carry_out import Matter, Staff, lock_of
from polyphony.flows.notify import followed
from polyphony.flows.reply.effect import take_effect
from polyphony.flows.reply.words import Author, signature, words
from polyphony.ports import Outside
from polyphony.store import accounts, cases, deliveries, files, messages, projections
from polyphony.store.accounts import AccountRow
from polyphony.store.cases import CaseRow
from polyphony.store.database import Session
from polyphony.store.deliveries import DeliveryRow
from polyphony.store.drafts import Place
from polyphony.store.files import Upload
from polyphony.store.identities import Known, by_id
from polyphony.store.interactions import InteractionRow
from polyphony.store.keys import key, keys
from polyphony.store.messages import FileRow, MessageRow

_CARRIED = frozenset({ChannelKind.CHAT.value})
"""Channels whose carrier is our own log: what nothing holds is sent by its commit."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody wants to say; ``cid`` is the client's id, ``undo_s`` None = the door's own.

    ``then`` None = the channel's way: live stays open, the others wait for the customer.
    ``pinned``: a scheduled answer leaves even when the customer writes first. ``join``: a colleague
    has the work, and its author knows. ``signed``: with the signature of brand and Queue.
    """

    interaction: UUID
    text: str
    cid: UUID
    expected_last_item: int
    html: str | None = None
    files: Sequence[UUID] = ()
    then: Then | None = None
    undo_s: int | None = None
    anyway: bool = False
    schedule_at: datetime | None = None
    pinned: bool = False
    join: bool = False
    signed: bool = True
    channel_reason: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The Message, its Case, and whether this call wrote it (a repeat finds the first one)."""

    message: UUID
    case: UUID
    new: bool = True


async def send(
    session: Session, answer: Answer, staff: Staff, at: datetime, outside: Outside
) -> Written:
    """Write the answer and promise its delivery in one transaction.

    Raises:
        Conflict: ``case.moved_on`` with the newer lines when somebody was faster, or the door is
            shut (``reply.…``). Invalid: nothing to send, too long, unknown files.
    """
    matter, case = await lock_of(session, answer.interaction, at)
    strip = matter.strips[answer.interaction]
    before = await messages.by_cid(session, staff.id, answer.cid)
    if before is not None:
        return Written(before, case.id, new=False)
    if answer.then is Then.SOLVE:
        matter.refuse_open_steps(case.id)
    if not answer.anyway:
        await look_for_faster(session, answer.expected_last_item, strip, case, staff)
    await _whose(session, strip, staff, answer)
    author = Author(case.id, staff.id, at)
    text, html = await words(session, answer.text, answer.html, author, strip.channel_kind, outside)
    answer = replace(answer, text=text, html=html)
    uploads = await _uploads(session, answer, staff)
    ready = await _ready(session, answer, case, strip, uploads)
    longest = _check(ready, matter, outside)
    return await _write(session, ready, matter, staff, longest)


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer with everything its decision needs."""

    answer: Answer
    case: CaseRow
    strip: InteractionRow
    account: AccountRow
    to: Known
    participant: bool
    uploads: Sequence[Upload]
    wish: Wish


async def _whose(
    session: Session, strip: InteractionRow, staff: Staff, answer: Answer
) -> None:  # fmt: skip
    """Ask before somebody answers in a colleague's work: join him, take over, or only note."""
    owner = strip.work_agent if strip.work_state in {"in_work", "suspended"} else None
    if owner is not None and owner != staff.id and not answer.join:
        name = await messages.name_of(session, owner)
        raise Conflict("reply.not_yours", {"owner": {"id": str(owner), "name": name}})


async def look_for_faster(
    session: Session, expected: int, strip: InteractionRow, case: CaseRow, staff: Staff
) -> None:
    """Raise Conflict ``case.moved_on`` with the lines somebody has not seen; the Case is locked."""
    if case.last_item <= expected:
        return
    lines = await messages.newer(session, case.id, expected)
    items = [Item(one.position, one.kind, one.author_id) for one in lines]
    newer = moved_on(expected, items, staff.id, live=strip.mode == "live")
    if newer:
        ids = [one.id for one in lines if one.position in newer]
        told = await projections.messages(session, ids)
        facts = {"newer": [told[one] for one in ids], "last_item": case.last_item}
        raise Conflict("case.moved_on", facts)


async def _uploads(session: Session, answer: Answer, staff: Staff) -> list[Upload]:
    if not answer.files:
        return []
    found = await files.uploads(session, f"person:{staff.id}", answer.files)
    if len(found) != len(set(answer.files)):
        raise Invalid("reply.unknown_file", {"field": "files"})
    return found


async def _ready(
    session: Session,
    answer: Answer,
    case: CaseRow,
    strip: InteractionRow,
    uploads: Sequence[Upload],
) -> Ready:
    account = (await accounts.by_ids(session, [strip.account_id]))[strip.account_id]
    to = await by_id(session, strip.identity_id)
    part = await cases.participants(session, [case.id], [strip.identity_id])
    undo = answer.undo_s if answer.undo_s is not None else _own_undo(account)
    sizes = tuple(one.size for one in uploads)
    wish = Wish(answer.text, len(uploads), sizes, answer.schedule_at, undo)
    return Ready(answer, case, strip, account, to, bool(part), uploads, wish)


def _own_undo(account: AccountRow) -> int:
    own = account.settings.get("undo_s")
    if isinstance(own, int):
        return own
    return 0 if account.kind in _CARRIED else 10


def _check(ready: Ready, matter: Matter, outside: Outside) -> timedelta:
    """Raise what keeps it from leaving by this door; return the longest time to take it back."""
    door = Door(
        case_state=CaseState(ready.case.state),
        interaction_ended=ready.strip.state == "ended",
        live=ready.strip.mode == "live",
        may=ready.account.state,
        address_state=ready.to.state,
        participant=ready.participant,
    )
    channel = outside.channels.get(ChannelKind(ready.account.kind))
    can = channel.manifest.capabilities if channel is not None else Capabilities()
    refused = guard(door, ready.wish, can, matter.at)
    if refused is not None:
        raise refused
    longest = channel.manifest.undo_max_s if channel is not None else 60
    return timedelta(seconds=longest)


async def _facts(
    session: Session, ready: Ready, matter: Matter, staff: Staff, then: Then | None
) -> dict[str, object]:
    """Return what the Message remembers: what follows when it leaves, its signature, the reason."""
    facts: dict[str, object] = {} if then is None else {"then": then.value}
    if ready.answer.channel_reason.strip():
        facts["channel_reason"] = ready.answer.channel_reason.strip()[:300]
    if ready.account.kind == ChannelKind.EMAIL.value and ready.answer.signed:
        strips = [ready.strip, *matter.of(ready.case.id)]
        queue = next((one.work_queue for one in strips if one.work_queue), None)
        languages = (ready.strip.language or "", ready.case.language or "", ready.account.language)
        author = Author(ready.case.id, staff.id, matter.at)
        text = await signature(session, author, ready.account.id, queue, languages)
        if text:
            facts["signature"] = text
    return facts


async def _write(
    session: Session, ready: Ready, matter: Matter, staff: Staff, longest: timedelta
) -> Written:  # fmt: skip
    at, strip, case = matter.at, ready.strip, ready.case
    until, why = hold_until(ready.wish, at, longest)
    carried = ready.account.kind in _CARRIED
    state = "held" if why else "sent" if carried else "queued"
    then = ready.answer.then or (Then.OPEN if strip.mode == "live" else Then.WAIT_CUSTOMER)
    line = MessageRow(
        id=key(at),
        interaction_id=strip.id,
        position=(await messages.positions(session, 1))[0],
        kind="out",
        author_kind="person",
        author_id=staff.id,
        author_name=staff.name,
        at=at,
        cid=ready.answer.cid,
        text=ready.answer.text,
        html=ready.answer.html,
        language=strip.language,
        facts=await _facts(session, ready, matter, staff, then if why == "undo" else None),
        delivery_state=state,
        sent_at=at if state == "sent" else None,
    )
    await messages.add(session, [line])
    await _files(session, line, ready.uploads, at)
    await deliveries.add(session, [_promised(ready, line, why, until)])
    case.last_item = case.last_staff = line.position
    case.last_at = at
    matter.changed.add(case.id)
    if why != "undo":
        take_effect(matter, case, strip, then, staff)
    matter.types["message"] = "message.written"
    await matter.keep(session, staff.actor, [line.id])
    await draft.drop(session, Place(case.id, staff.id, "reply", strip.channel_kind))
    await followed(session, [(case.id, line.id, staff.name, line.text)], at, staff.id)
    if carried and state == "sent":
        await continue_by_mail.answered(session, [strip.id], at)
    return Written(line.id, case.id)


def _promised(ready: Ready, line: MessageRow, why: str, until: datetime) -> DeliveryRow:
    """The Delivery of a line just written."""
    return DeliveryRow(
        id=key(line.at),
        message_id=line.id,
        account_id=ready.strip.account_id,
        identity_id=ready.strip.identity_id,
        to_address=ready.to.address,
        purpose="reply",
        state=line.delivery_state or "queued",
        why=why or None,
        not_before=until,
        created_at=line.at,
        settled_at=line.sent_at,
        pinned=why == "schedule" and ready.answer.pinned,
    )


async def _files(
    session: Session, line: MessageRow, uploads: Sequence[Upload], at: datetime
) -> None:
    ids = keys(at, len(uploads))
    shown = {one.id for one in uploads if f"cid:{one.id}" in (line.html or "")}
    rows = [
        FileRow(
            *(id_, line.id, number, one.sha256, one.name, one.media_type, one.size),
            *(one.id in shown, str(one.id) if one.id in shown else None),
        )
        for number, (id_, one) in enumerate(zip(ids, uploads, strict=True))
    ]
    await messages.add_files(session, rows)
    await files.drop_uploads(session, [one.id for one in uploads])
