"""Pull: the best item of a Queue for an Agent who asks, by the score and the ladder of offers."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing.assign import match_agent
from polyphony.domain.routing.decisions import Offer
from polyphony.domain.routing.facts import NO_QUEUE, AgentFacts, ItemFacts, Policy
from polyphony.domain.routing.match import load


def best(
    policy: Policy, queue: UUID, items: Sequence[ItemFacts], agent: AgentFacts, at: int
) -> UUID | None:
    """Return what an Agent gets next; None when nothing that waits is for him or fits.

    ``items`` are what waits in the Queue and what he holds. He asks, so his status does not count:
    his rights, his skills, his rank, what excludes him and the room he has do.
    """
    own = replace(policy.queues.get(queue, NO_QUEUE), delivery="push", sticky="off")
    own = replace(own, skip_if_nobody=False, paused=False, reserve=0, overflow=())
    asked = replace(policy, queues={**policy.queues, queue: own}, skip_if_nobody=False)
    # who asks for work is not interrupted by it, and knows what he asks for while a channel is out
    asked = replace(asked, interrupts=frozenset(), outages=frozenset())
    here = replace(agent, status=Status.ONLINE, modes=dict.fromkeys(agent.modes, Mode.ON))
    state = load(asked, items, [here], at)
    state.out = []
    match_agent(state, state.agents[agent.id.int])
    return next((one.item for one in state.out if isinstance(one, Offer)), None)
