"""Digest: mail people what they wanted to know by e-mail and have not read at the desk."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from polyphony.domain import preference
from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.digest import EVERY, REACHES, WAITS, Line, letter
from polyphony.domain.message import Outbound
from polyphony.domain.permission import CaseFacts, Scope, sees
from polyphony.flows.post_mail import LEASE
from polyphony.store import accounts, digests, inbox, people
from polyphony.store.accounts import AccountRow
from polyphony.store.database import Session
from polyphony.store.digests import DigestMail, NewDigest, Unread, Window
from polyphony.store.keys import key

MANY = 500
BATCH = 20
KEPT = timedelta(days=30)
_WORKS = frozenset({"working", "degraded"})


async def gather(session: Session, at: datetime, address: str) -> int:
    """Write one mail for everybody who is due; return how many. ``address`` is that of the screens.

    What is read meanwhile, no longer seen, or unwanted is left out; in quiet hours nobody is
    written to; without a working mailbox nothing is written and nothing forgotten.
    """
    window = Window(at - REACHES, at - WAITS, at - EVERY)
    found = [one for one in await digests.unread(session, window, MANY) if _wanted(one, at)]
    boxes = [one for one in await accounts.of_kind(session, "email") if one.state in _WORKS]
    if not found or not boxes:
        return 0
    ours = await accounts.our_addresses(session)
    scopes = await people.scopes(session, sorted({one.person_id for one in found}))
    facts = await inbox.facts(session, sorted({one.case_id for one in found if one.case_id}))
    letters = [
        _letter(scopes[person], list(some), (facts, boxes), at, address)
        for person, some in groupby(found, key=lambda one: one.person_id)
        if person in scopes
    ]
    new = [one for one in letters if one is not None and one.address.lower() not in ours]
    await digests.add(session, new)
    return len(new)


def _wanted(one: Unread, at: datetime) -> bool:
    try:
        zone = ZoneInfo(one.zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    quiet = preference.is_quiet(one.settings, at.astimezone(zone))
    return not quiet and preference.wants(one.settings, one.kind, "email")


def _letter(
    scope: Scope,
    some: Sequence[Unread],
    known: tuple[Mapping[UUID, CaseFacts], Sequence[AccountRow]],
    at: datetime,
    address: str,
) -> NewDigest | None:
    facts, boxes = known
    seen = [
        one
        for one in some
        if one.case_id is None or (one.case_id in facts and sees(scope, facts[one.case_id]))
    ]
    if not seen:
        return None
    to = seen[0]
    sealed = {one for one, about in facts.items() if about.sealed}
    lines = [_line(one, address, sealed=one.case_id in sealed) for one in seen]
    subject, body = letter(to.language, lines, f"{address}/#/profile/notices")
    box = _box(boxes, scope)
    return NewDigest(
        key(at), to.person_id, box.id, to.email, to.language, subject, body, at,
        [one.id for one in seen],
    )  # fmt: skip


def _line(one: Unread, address: str, *, sealed: bool) -> Line:
    """Words of a sealed matter do not leave the house: there the mail only says where to look."""
    link = f"{address}/#/case/{one.case_id}" if one.case_id else ""
    return Line(one.kind, one.from_name, "" if sealed else one.text, one.reference or "", link)


def _box(boxes: Iterable[AccountRow], scope: Scope) -> AccountRow:
    """Choose the mailbox it leaves by: a real one, of the person's own department if possible."""
    return min(
        boxes,
        key=lambda box: (box.demo, box.department_id not in scope.departments, str(box.id)),
    )


async def claim(session: Session, at: datetime) -> Sequence[DigestMail]:
    """Take mails that must leave; commit before anything is sent."""
    return await digests.claim(session, BATCH, at, at + LEASE)


def outbound(mail: DigestMail, at: datetime) -> Outbound:
    """Return the mail as it leaves; marked as written by a machine, so that none answers it."""
    return Outbound(
        id=mail.id,
        account=mail.account_id,
        to=Address(ChannelKind.EMAIL, mail.address),
        text=mail.body,
        subject=mail.subject,
        purpose="auto",
        language=mail.language,
        at=at,
    )


async def tidy(session: Session, at: datetime) -> None:
    """Forget mails of long ago."""
    await digests.tidy(session, at - KEPT)
