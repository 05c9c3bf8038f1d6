"""Write: what a batch changed, each kind of row in one statement, then the log."""

from collections.abc import Sequence
from uuid import UUID

from polyphony.flows.announce import announce
from polyphony.flows.hand_back import Was, lost
from polyphony.flows.receive import lines, picture
from polyphony.flows.receive.place import CUSTOMER
from polyphony.flows.receive.world import World
from polyphony.store import cases, events, files, identities, interactions, messages
from polyphony.store.database import Session
from polyphony.store.events import Seen
from polyphony.store.labour import NewWork


async def rows(session: Session, world: World) -> None:
    """Write Cases, Interactions, Messages and their files; the caller queues the work after."""
    fresh = [world.cases[one] for one in sorted(world.new_cases)]
    await cases.add(session, fresh)
    changed = sorted(world.changed_cases - world.new_cases)
    await cases.save(session, [world.cases[one] for one in changed])
    await _interactions(session, world)
    await cases.admit(session, world.admitted)
    await cases.link(session, world.links)
    await interactions.know(session, world.thread_ids)
    await messages.add(session, world.messages)
    await files.know(session, [(one.sha256, one.size) for one in world.files], world.at)
    await messages.add_files(session, world.files)
    await world.clocks.keep(session)
    if world.restored:
        await identities.answered(session, sorted(world.restored))


async def _interactions(session: Session, world: World) -> None:
    fresh = [world.interactions[one] for one in sorted(world.new_interactions)]
    await interactions.add(session, fresh)
    moved = sorted(world.moved_interactions - world.new_interactions)
    await interactions.save(session, [world.interactions[one] for one in moved])
    rest = sorted(world.changed_interactions - world.new_interactions - set(moved))
    await interactions.heard(session, [world.interactions[one] for one in rest])


async def told(
    session: Session, world: World, works: Sequence[NewWork], touched: Sequence[UUID]
) -> None:
    """Append the events of the batch: what opened, what changed, what was said, what waits.

    New Cases and what customers said are drawn from memory, the rest as the store shows it.
    """
    strips = picture.covered(world)
    fresh = picture.seen(world, strips, works)
    was, unseen = await lost(session, world.withdrawn)
    by_case = fresh | await _cases(session, world, {*strips}, was, unseen)
    drawn = [
        *picture.opened(world, strips, fresh),
        *lines.told(world, by_case),
        *picture.queued(world, works, fresh),
    ]
    await events.append(session, drawn)
    known = {one.entity_id for one in drawn}
    types: dict[UUID | str, str] = {"message": "message.received", "work_item": "work_item.added"}
    types |= dict.fromkeys(world.new_interactions, "interaction.began")
    strips_left = (world.new_interactions | world.moved_interactions) - known
    await announce(
        session,
        actor=CUSTOMER,
        types=types,
        was=was,
        interactions=sorted(strips_left),
        messages=[one.id for one in world.messages if one.id not in known],
        work_items=sorted(set(touched) - known),
        offers=[one.id for one in world.withdrawn],
    )


async def _cases(
    session: Session, world: World, known: set[UUID], was: Was, unseen: Sequence[UUID]
) -> dict[UUID, Seen]:
    """Tell of the other Cases as the store shows them; return who was told.

    ``unseen`` are Cases somebody saw only by an Offer that was withdrawn.
    """
    types: dict[UUID | str, str] = dict.fromkeys(world.new_cases, "case.opened")
    ids = sorted((world.new_cases | world.changed_cases | {*unseen}) - known)
    return await events.append_rows(session, events.Change("case", ids, types, was), CUSTOMER)
