"""Write: what a batch changed, each kind of row in one statement, then the log."""

from collections.abc import Sequence
from uuid import UUID

from polyphony.domain.event import Actor
from polyphony.flows.announce import announce
from polyphony.flows.receive import picture
from polyphony.flows.receive.world import World
from polyphony.store import cases, events, files, identities, interactions, messages
from polyphony.store.database import Session
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

    New Cases are drawn from memory, everything else as the store shows it.
    """
    strips = picture.covered(world)
    await events.append(session, picture.told(world, strips, works))
    drawn = {one.id for one in picture.lines(world, strips)}
    new = {one.id for one in works if world.interactions[one.interaction_id].case_id in strips}
    ours = {one.id for one in strips.values()}
    types: dict[UUID | str, str] = {"message": "message.received", "work_item": "work_item.added"}
    types |= dict.fromkeys(world.new_cases, "case.opened")
    types |= dict.fromkeys(world.new_interactions, "interaction.began")
    chats = [
        one.id
        for one in world.messages
        if one.id in drawn and world.interactions[one.interaction_id].channel_kind == "chat"
    ]
    await announce(
        session,
        actor=Actor("customer"),
        types=types,
        cases=sorted((world.new_cases | world.changed_cases) - set(strips)),
        interactions=sorted((world.new_interactions | world.moved_interactions) - ours),
        messages=[one.id for one in world.messages if one.id not in drawn],
        chat_messages=chats,
        work_items=sorted(set(touched) - new),
        offers=world.withdrawn,
    )
