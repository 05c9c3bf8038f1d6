"""Retell: write who is who now, and tell the log and every screen what became of customers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from polyphony.domain.component import Piece, standing
from polyphony.domain.event import Actor, NewEvent, Op
from polyphony.flows.announce import announce
from polyphony.flows.identify.hold import Held
from polyphony.store import events, lineage, links, records
from polyphony.store.database import Session
from polyphony.store.keys import key
from polyphony.store.lineage import Change, Head


@dataclass(frozen=True, slots=True)
class Retold:
    """What came of it: ``customers`` are those that live now, by id their new version.

    ``change`` names the line in the log of customers; None when only a profile changed.
    """

    customers: dict[UUID, int]
    change: UUID | None


async def retell(
    session: Session, held: Held, actor: Actor, cause: UUID | None, also: Sequence[UUID] = ()
) -> Retold:
    """Write everything that was decided and tell of it; history itself is not touched.

    ``also`` are customers about whom something was decided that changes nothing of what is shown.
    """
    before = _who_has(held)
    pieces = [_named(held, one) for one in held.pieces()]
    await records.add(session, held.new_records)
    await records.supersede(session, held.followed)
    await links.add(session, held.new_links)
    after = {one.id: list(one.records) for one in pieces if one.id is not None}
    stirred = {id_ for id_, mine in after.items() if set(mine) != set(before.get(id_, ()))}
    now = {head.id: head for one in pieces for head in _heads(held, one)}
    changed = [one for one in now.values() if held.heads.get(one.id) != one or one.id in stirred]
    versions = await lineage.write(session, changed)
    await records.move(session, _moves(held, after))
    cases = await records.touch_cases(session, _seen_anew(held, after, now))
    kind = _kind(before, after)
    change = None
    if kind != "changed":
        change = key(held.at)
        line = Change(change, kind, standing(before), standing(after), cause, held.at)
        await lineage.note(session, line, actor)
    told = versions | {one: held.heads[one].version for one in also if one not in versions}
    await events.append(session, _told(held, told, kind, actor))
    await announce(session, actor=actor, cases=cases)
    return Retold({one: versions[one] for one in sorted(after) if one in versions}, change)


def _moves(held: Held, after: Mapping[UUID, Sequence[UUID]]) -> list[tuple[UUID, UUID]]:
    return [
        (one, id_)
        for id_, mine in after.items()
        for one in mine
        if held.records[one].customer_id != id_
    ]


def _seen_anew(
    held: Held, after: Mapping[UUID, Sequence[UUID]], now: Mapping[UUID, Head]
) -> list[UUID]:
    """Return the records whose Cases look different: moved ones, and those under a new name."""
    found = [one for one, _ in _moves(held, after)]
    for id_, mine in after.items():
        old = held.heads.get(id_)
        if old is not None and old.profile != now[id_].profile:
            found += mine
    return sorted(set(found))


def _named(held: Held, piece: Piece) -> Piece:
    """Give a part that never was a customer of its own a new id, for its oldest record."""
    if piece.id is not None:
        return piece
    fresh = replace(piece, id=key(held.at))
    if fresh.id is not None:
        held.founders[fresh.id] = piece.records[0]
    return fresh


def _heads(held: Held, piece: Piece) -> Sequence[Head]:
    """Return the customer of a piece as he shall be, and the ids that mean him."""
    if piece.id is None:  # pragma: no cover - named before
        return []
    shown = held.profile(piece.records)
    old = held.heads.get(piece.id) or _fresh(held, piece.id)
    live = replace(
        old, state="live", merged_into=None, founder_id=held.founders[piece.id],
        name=shown.name, language=shown.language, tier=shown.tier, attrs=shown.attrs,
    )  # fmt: skip
    gone = [
        replace(
            held.heads[one], state="merged", merged_into=piece.id, founder_id=held.founders[one]
        )
        for one in piece.gone
    ]
    return [live, *gone]


def _fresh(held: Held, id_: UUID) -> Head:
    born = held.records[held.founders[id_]].at
    return Head(id_, "live", None, None, "", None, "standard", {}, 0, born)


def _who_has(held: Held) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for one in held.records.values():
        found.setdefault(one.customer_id, []).append(one.id)
    return found


def _kind(before: Mapping[UUID, object], after: Mapping[UUID, object]) -> str:
    if len(after) < len(before):
        return "merge"
    return "split" if len(after) > len(before) else "changed"


def _told(held: Held, versions: dict[UUID, int], kind: str, actor: Actor) -> list[NewEvent]:
    """Tell of every id that moved; who shows one of them fetches it anew."""
    types = {"merge": "customer.merged", "split": "customer.split", "changed": "customer.changed"}
    return [
        NewEvent(
            types[kind] if id_ in held.heads else "customer.created",
            Op.TOUCH, "customer", id_, version, ["all"],
            actor_kind=actor.kind, actor_id=actor.id, cid=actor.cid, customer_id=id_,
        )
        for id_, version in sorted(versions.items())
    ]  # fmt: skip
