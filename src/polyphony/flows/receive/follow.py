"""Follow: what a message asks for: the matter goes on, somebody is asked, or nobody any more."""

from polyphony.domain.case import CaseMove, CaseState
from polyphony.domain.case import move as move_case
from polyphony.domain.interaction import InteractionMove, InteractionState
from polyphony.domain.interaction import move as move_interaction
from polyphony.domain.move import By, Moved
from polyphony.domain.queue import sticky_agent
from polyphony.domain.threading import Placement
from polyphony.flows.receive.world import Item, Need, World
from polyphony.store.cases import CaseRow
from polyphony.store.identities import Known
from polyphony.store.interactions import InteractionRow
from polyphony.store.messages import MessageRow


def take_up(world: World, case: CaseRow, sender: Known) -> None:
    """The customer wrote: a waiting Case goes on, a solved one is open again."""
    state = CaseState(case.state)
    what = CaseMove.REOPEN if state is CaseState.SOLVED else CaseMove.RESUME
    moved = move_case(state, what, By.CUSTOMER)
    if not isinstance(moved, Moved):
        return
    if state is CaseState.SOLVED:
        since = case.solved_at or world.at
        world.clocks.reopened(case.id, world.at, int((world.at - since).total_seconds() * 1000))
    world.clocks.moved(case.id, moved.state.value, world.at)
    case.state, case.state_since, case.due_at = moved.state.value, world.at, None
    case.solved_at = case.reopen_until = None
    if sender.state == "invalid" and sender.address:
        world.restored.add(sender.id)


def ask_for_work(world: World, item: Item, case: CaseRow, interaction: InteractionRow) -> None:
    """Make sure somebody is asked: wake what is parked, queue what lies quiet.

    Who is called back is asked for already: what he adds is read then.
    """
    state = InteractionState(interaction.state)
    if interaction.work_state == "parked" and interaction.work_id is not None:
        world.wakes.add(interaction.work_id)
    if interaction.called_back or state in {
        InteractionState.WAITING,
        InteractionState.WITH_AGENT,
    }:
        _clock_only(world, item, case, interaction)
        return
    moved = move_interaction(state, InteractionMove.QUEUE, By.CUSTOMER)
    if not isinstance(moved, Moved):
        return
    interaction.state = moved.state.value
    world.moved_interactions.add(interaction.id)
    if interaction.work_id is None:
        world.needs[interaction.id] = _need(world, item, case, interaction)
    else:
        _clock_only(world, item, case, interaction)


def _clock_only(world: World, item: Item, case: CaseRow, interaction: InteractionRow) -> None:
    world.waits.setdefault(interaction.id, _need(world, item, case, interaction))


def _need(world: World, item: Item, case: CaseRow, interaction: InteractionRow) -> Need:
    fresh = case.id in world.new_cases
    return Need(
        case=case.id,
        interaction=interaction.id,
        account=item.account,
        sender=world.senders[item.address],
        inbound=item.inbound,
        sticky=sticky_agent((case.owner_id, interaction.agent_id)),
        before=None if fresh else interaction.work_queue or world.queue_of(case.id),
        fresh=fresh,
        at=item.raw.received_at,
    )


def left(world: World, item: Item, found: Placement) -> MessageRow | None:
    """The visitor closed the chat: what waits is abandoned, an agent at work is told."""
    interaction = world.interactions.get(found.interaction) if found.interaction else None
    if interaction is None or found.case is None:
        return None
    case = world.cases[found.case]
    line = MessageRow(
        id=item.raw.arrival if item.first else world.key(),
        interaction_id=interaction.id,
        position=world.position(),
        kind="system",
        author_kind="system",
        at=item.raw.received_at,
        arrival_id=item.raw.arrival,
        facts={"code": "customer_left"},
    )
    world.messages.append(line)
    case.last_item = line.position
    world.changed_cases.add(case.id)
    moved = move_interaction(
        InteractionState(interaction.state), InteractionMove.LEAVE, By.CUSTOMER
    )
    if isinstance(moved, Moved):
        interaction.state, interaction.ended_by = moved.state.value, "customer"
        interaction.ended_at = item.raw.received_at
        world.needs.pop(interaction.id, None)
        if interaction.work_id is not None:
            world.cancels.add(interaction.work_id)
    world.changed_interactions.add(interaction.id)
    world.moved_interactions.add(interaction.id)
    return line
