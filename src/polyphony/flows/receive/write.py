"""Write: what a batch changed, each kind of row in one statement, then the log."""

from collections.abc import Sequence
from uuid import UUID

from polyphony.domain.event import Actor
from polyphony.flows.announce import announce
from polyphony.flows.receive.world import World
from polyphony.store import cases, files, identities, interactions, messages
from polyphony.store.database import Session


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
    changed = sorted(world.changed_interactions - world.new_interactions)
    await interactions.save(session, [world.interactions[one] for one in changed])


async def told(session: Session, world: World, works: Sequence[UUID]) -> None:
    """Append the events of the batch: what opened, what changed, what was said, what waits."""
    types: dict[UUID | str, str] = {"message": "message.received", "work_item": "work_item.added"}
    types |= dict.fromkeys(world.new_cases, "case.opened")
    types |= dict.fromkeys(world.new_interactions, "interaction.began")
    await announce(
        session,
        actor=Actor("customer"),
        types=types,
        cases=sorted(world.new_cases | world.changed_cases),
        interactions=sorted(world.new_interactions | world.changed_interactions),
        messages=[one.id for one in world.messages],
        work_items=sorted(works),
        offers=world.withdrawn,
    )
