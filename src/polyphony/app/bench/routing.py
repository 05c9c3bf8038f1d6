"""Bench ``routing``: decisions a second of the core against a scan of the same data."""

import gc
from dataclasses import dataclass
from random import Random
from time import process_time
from uuid import UUID

from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing.decisions import Offer
from polyphony.domain.routing.facts import AgentFacts, Input, ItemFacts, Policy, QueuePolicy
from polyphony.domain.routing.match import rebuild, step
from polyphony.domain.routing.score import item_score, weight
from polyphony.domain.skill import Requirement, RequirementKind
from polyphony.domain.work import WorkState

SKILLS, LANGUAGES, CLASSES, PROFILES = 40, 8, 600, 800
SIZES = {"small": (5_000, 500), "quick": (100_000, 10_000), "full": (100_000, 10_000)}
START = 1_800_000_000_000
_UNITS = {"email": 50, "chat": 33}
_TARGETS = {("email", False): 14_400_000, ("email", True): 3_600_000}
_TARGETS |= {("chat", False): 60_000, ("chat", True): 30_000}


@dataclass(frozen=True, slots=True)
class Data:
    """Waiting items and agents; one bit per skill in the masks the scan uses."""

    items: list[ItemFacts]
    agents: list[AgentFacts]
    policy: Policy
    item_masks: list[int]
    agent_masks: list[int]


def data(seed: int, size: str = "quick") -> Data:
    """Make items and agents from a seed: 48 skills, one queue per language, three tiers."""
    chance = Random(seed)  # noqa: S311 - repeatable data, no secret
    waiting, agents = SIZES[size]
    queues = [UUID(int=1_000 + number) for number in range(LANGUAGES)]
    classes = [_class(chance) for _ in range(CLASSES)]
    profiles = [_profile(chance) for _ in range(PROFILES)]
    items, item_masks = [], []
    for number in range(waiting):
        language, skills = classes[int(chance.paretovariate(0.6)) % CLASSES]
        items.append(_item(chance, number, queues[language], (language, skills)))
        item_masks.append(_mask([language], skills))
    people, agent_masks = [], []
    for number in range(agents):
        spoken, known = profiles[chance.randrange(PROFILES)]
        people.append(_agent(chance, number, [queues[one] for one in spoken], (spoken, known)))
        agent_masks.append(_mask(spoken, known))
    policy = Policy(  # mail and chat alone: nothing interrupts, see bench ``reference_day``
        1,
        {queue: QueuePolicy(sticky="off", name=str(queue)) for queue in queues},
        languages=frozenset(f"l{number}" for number in range(LANGUAGES)),
        seen=tuple({(one.queue, one.channel, one.requirements): None for one in items}),
        interrupts=frozenset(),
    )
    return Data(items, people, policy, item_masks, agent_masks)


def naive_scan(made: Data, count: int) -> tuple[int, float]:
    """Scan all items for each of ``count`` agents by mask, priority and waiting; ops, CPU s."""
    tiers = {"standard": 0, "priority": 1, "vip": 2}
    plain = [
        (mask, tiers[item.tier], START - item.since)
        for mask, item in zip(made.item_masks, made.items, strict=True)
    ]
    began = process_time()
    for own in made.agent_masks[:count]:
        best: tuple[int, int, int] | None = None
        for one in plain:
            if one[0] & own == one[0] and (best is None or (one[1], one[2]) > (best[1], best[2])):
                best = one
    return count, process_time() - began


def policy_scan(made: Data, count: int) -> tuple[int, float]:
    """Scan all items with the full score of the policy (no ladder, no capacity); ops, CPU s."""
    plain = [
        (mask, weight(item.tier, item.channel, item.urgency, 1000), item)
        for mask, item in zip(made.item_masks, made.items, strict=True)
    ]
    began = process_time()
    for own in made.agent_masks[:count]:
        best = -1
        for mask, milli, item in plain:
            if mask & own == mask:
                best = max(best, item_score(milli, START - item.since, item.target_ms, 360_000))
    return count, process_time() - began


@dataclass(frozen=True, slots=True)
class Result:
    """What the core did: offers decided, CPU seconds inside ``step``, and what was checked."""

    ops: int
    cpu_s: float
    build_s: float
    inputs: int
    checks: dict[str, int]


def core(made: Data, goal: int = 60_000, chunk: int = 1_000) -> Result:
    """Let agents accept and finish until ``goal`` offers are decided, by the full policy.

    Every decision passes through the same ``step`` the router runs: accepting and finishing are
    inputs; ladder, expiry, capacity, scores and reasons are all on. Building the index and the
    first offers to everybody are counted apart. Inputs come as they come to the router: at most a
    page of the log (2,000 names) in one ``step``, their facts made just before it and apart.
    """
    began = process_time()
    state, first = rebuild(made.policy, made.items, made.agents, START)
    build = process_time() - began
    byid = {item.id: item for item in made.items}
    offers = [one for one in first if isinstance(one, Offer)]
    ops, seconds, fed, now = 0, 0.0, 0, START
    checks = {"double": 0, "over_capacity": 0, "unskilled": 0}
    done: set[UUID] = set()
    thresholds = gc.get_threshold()
    gc.freeze()  # as the router does: what lives long need not be walked in every round
    gc.set_threshold(100_000, 50, 50)
    while ops < goal and offers:
        _check(offers, byid, made, done, checks)
        now += len(offers)
        answered, offers = offers, []
        for cut in range(0, len(answered), chunk):
            some = answered[cut : cut + chunk]
            part: list[Input] = [one for offer in some for one in _worked(byid, offer, now)]
            began = process_time()
            state, decisions = step(state, part, made.policy)
            seconds += process_time() - began
            fed += len(part)
            offers += [one for one in decisions if isinstance(one, Offer)]
        ops += len(offers)
    gc.set_threshold(*thresholds)
    gc.unfreeze()
    checks["over_capacity"] += sum(agent.used > agent.cap for agent in state.agents.values())
    return Result(ops, seconds, build, fed, checks)


def _worked(items: dict[UUID, ItemFacts], offer: Offer, now: int) -> tuple[ItemFacts, ItemFacts]:
    """Accept, then finish."""
    item = items[offer.item]
    version = offer.item_version + 2
    taken = _moved(item, version, now, WorkState.IN_WORK, offer.agent)
    return taken, _moved(item, version + 1, now + 1, WorkState.DONE, None)


def _moved(
    item: ItemFacts, version: int, at: int, state: WorkState, agent: UUID | None
) -> ItemFacts:
    return ItemFacts(
        item.id,
        version,
        at,
        state,
        item.queue,
        item.channel,
        item.units,
        item.target_ms,
        item.since,
        tier=item.tier,
        requirements=item.requirements,
        agent=agent,
        moved_at=at,
    )


def _check(
    offers: list[Offer],
    items: dict[UUID, ItemFacts],
    made: Data,
    done: set[UUID],
    checks: dict[str, int],
) -> None:
    """Count what must not happen; ladder steps may drop the desired skill only."""
    for offer in offers:
        checks["double"] += offer.item in done
        done.add(offer.item)
        item, agent = items[offer.item], made.agents[offer.agent.int - 10_000_000]
        must = [one for one in item.requirements if one.kind is not RequirementKind.DESIRED]
        checks["unskilled"] += any(agent.skills.get(one.skill, 0) < 1 for one in must)


def _class(chance: Random) -> tuple[int, list[int]]:
    language = chance.randrange(LANGUAGES)
    return language, sorted(chance.sample(range(SKILLS), chance.choice((1, 1, 2, 2, 3))))


def _profile(chance: Random) -> tuple[list[int], list[int]]:
    spoken = sorted(chance.sample(range(LANGUAGES), chance.choice((1, 2, 3))))
    return spoken, sorted(chance.sample(range(SKILLS), chance.randrange(4, 16)))


def _mask(languages: list[int], skills: list[int]) -> int:
    return sum(1 << one for one in skills) | sum(1 << (SKILLS + one) for one in languages)


def _item(chance: Random, number: int, queue: UUID, needs: tuple[int, list[int]]) -> ItemFacts:
    channel = chance.choice(("email", "email", "chat"))
    tier = chance.choice(("standard",) * 4 + ("priority", "vip"))
    language, skills = needs
    return ItemFacts(
        UUID(int=number + 1),
        1,
        START,
        WorkState.WAITING,
        queue,
        channel,
        _UNITS[channel],
        _TARGETS[channel, tier == "vip"],
        START - chance.randrange(3_600_000),
        tier=tier,
        requirements=(
            Requirement(f"l{language}", 1),
            *(Requirement(f"s{one}", 1) for one in skills),
        ),
    )


def _agent(
    chance: Random, number: int, queues: list[UUID], knows: tuple[list[int], list[int]]
) -> AgentFacts:
    spoken, known = knows
    return AgentFacts(
        UUID(int=10_000_000 + number),
        1,
        START,
        Status.ONLINE,
        {"email": Mode.ON, "chat": Mode.ON},
        {**{f"l{one}": 1 for one in spoken}, **{f"s{one}": 1 for one in known}},
        dict.fromkeys(queues, 1),
        idle_since=START - chance.randrange(600_000),
    )
