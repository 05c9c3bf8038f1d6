"""Draft: unsent text is kept, taken over by a colleague, dropped; others hear that there is one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.errors import Conflict, Forbidden, NotFound
from polyphony.domain.event import SYSTEM, Actor, NewEvent, Op
from polyphony.flows.announce import announce
from polyphony.store import drafts, events, hands, projections
from polyphony.store.database import Session
from polyphony.store.drafts import Draft, Gone, Place, Wish
from polyphony.store.keys import key

KEPT_FOR = timedelta(days=30)
OTHERS_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as it is now, and whether another device's text was put aside for it."""

    draft: Draft
    aside: bool = False


async def keep(
    session: Session, place: Place, wish: Wish, at: datetime, *, over: bool = False
) -> Kept:
    """Keep unsent text.

    Another device may have written meanwhile: Conflict ``draft.newer`` with its text, unless the
    wish is made knowing it (``over``): then that text is kept for seven days beside.
    """
    before = await drafts.at(session, place)
    newer = before is not None and before.version > wish.version
    if before is not None and newer and not over:
        raise Conflict("draft.newer", {"current": told(before)})
    aside = over and before is not None and not wish.text.startswith(before.text)
    if aside:
        await drafts.keep_other(session, place, key(at), at)
    hidden = [before] if before is not None and before.shared and not wish.shared else []
    was = await _seen_by(session, hidden)
    await drafts.put(session, place, wish, key(at), at)
    now = await drafts.at(session, place)
    if now is None:  # pragma: no cover - it was just written
        raise NotFound("draft")
    if before is None or before.shared != now.shared:
        await announce(session, actor=Actor("person", place.person), drafts=[now.id], was=was)
    return Kept(now, aside)


async def make_private(session: Session, person: UUID) -> None:
    """Take all of a person's drafts from the sight of others; the next key shares them anew."""
    hidden = await drafts.shared_by(session, person)
    was = await _seen_by(session, hidden)
    await drafts.hide(session, [one.id for one in hidden])
    await announce(session, actor=Actor("person", person), drafts=list(was), was=was)


async def drop(session: Session, place: Place) -> None:
    """Throw unsent text away, or forget it because it was sent."""
    await tell_gone(session, await drafts.drop(session, place), Actor("person", place.person))


async def adopt(session: Session, id_: UUID, me: UUID, at: datetime) -> Draft:
    """Take a colleague's draft over: it becomes one's own, his is gone; own words stay aside.

    What is not shared is taken by the one who has the work now, when its author has it no more.
    """
    found = await drafts.by_id(session, id_, me)
    if found is None or found.person_id == me:
        raise NotFound("draft")
    if not found.shared:
        holders = await hands.holders_of(session, found.case_id)
        if me not in holders or found.person_id in holders:
            raise Forbidden("draft.private", {"needs": ["work"]})
    whole = await drafts.by_id(session, id_, found.person_id)
    if whole is None:  # pragma: no cover - read a moment ago in this transaction
        raise NotFound("draft")
    mine = Place(found.case_id, me, found.mode, found.channel)
    before = await drafts.at(session, mine)
    await drafts.hand_files(session, id_, me)
    files = [UUID(str(one["id"])) for one in whole.files if isinstance(one, dict)]
    version = before.version if before else 0
    wish = Wish(whole.text, whole.html, files, version, shared=before.shared if before else True)
    kept = await keep(session, mine, wish, at, over=True)
    gone = await drafts.drop_by_id(session, id_)
    await tell_gone(session, gone, Actor("person", me))
    return kept.draft


async def closed(session: Session, cases: Sequence[UUID]) -> None:
    """Drop the unsent texts of Cases that were closed."""
    await tell_gone(session, await drafts.drop_of_cases(session, cases), SYSTEM)


async def fade(session: Session, at: datetime) -> None:
    """Drop drafts after thirty days without a key press, other versions after seven."""
    gone = await drafts.drop_before(session, at - KEPT_FOR, at - OTHERS_FOR)
    await tell_gone(session, gone, SYSTEM)


async def tell_gone(session: Session, gone: Iterable[Gone], actor: Actor) -> None:
    """Say that drafts are no more, to everybody who may have heard of them."""
    all_ = list(gone)
    if not all_:
        return
    seen = await _seen_by(session, all_)
    await events.append(
        session,
        [
            NewEvent(
                "draft.changed",
                Op.GONE,
                "draft",
                one.id,
                one.version + 1,
                seen[one.id],
                case_id=one.case_id,
                actor_kind=actor.kind,
                actor_id=actor.id,
            )
            for one in all_
        ],
    )


async def _seen_by(session: Session, some: Iterable[Draft | Gone]) -> dict[UUID, list[str]]:
    """Return by id who may have heard of drafts: whoever sees the Case, and the author."""
    all_ = list(some)
    if not all_:
        return {}
    seen = await projections.audiences(session, sorted({one.case_id for one in all_}))
    return {one.id: sorted({*seen.get(one.case_id, ()), f"person:{one.person_id}"}) for one in all_}


def told(one: Draft) -> dict[str, object]:
    """Return a draft as JSON."""
    return {name: getattr(one, name) for name in Draft.__slots__}
