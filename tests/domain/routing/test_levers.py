"""Levers and the core: decisions differ while one is in force, and are as without it afterwards."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.domain.routing.test_match import Core, item, person
from tests.domain.routing.world import uid

from polyphony.domain.lever import Kind, Lever, Place, on_agent, overlay
from polyphony.domain.routing.decisions import MoveQueue, Offer, Withdraw
from polyphony.domain.routing.explain import waiting
from polyphony.domain.routing.facts import Policy, QueuePolicy, Tick
from polyphony.domain.routing.match import rebuild, step
from polyphony.domain.routing.outlook import Picture, look_ahead
from polyphony.domain.work import WorkState

LOANS, CARDS, JANA, KAREL = uid(1), uid(2), uid(11), uid(12)
BASE = Policy(1, {LOANS: QueuePolicy(), CARDS: QueuePolicy()})
PAUSE = Lever(Kind.PAUSE, Place(LOANS))
HEAVY = Lever(Kind.WEIGHT, Place(CARDS), {"milli": 4000})


def both(who, **more):
    return person(who, queues={LOANS: 1, CARDS: 1}, **more)


def under(*levers, version=2):
    return replace(overlay(BASE, levers), version=version)


def outage(channel):
    return Lever(Kind.OUTAGE, Place(channel=channel))


def lever_of(kind, queue, amount):
    names = {Kind.WEIGHT: "milli", Kind.RESERVE: "agents"}
    return Lever(kind, Place(queue), {names[kind]: amount} if kind in names else {}, until=10**9)


PULLED = st.builds(
    lever_of,
    st.sampled_from([Kind.WEIGHT, Kind.RESERVE, Kind.PAUSE, Kind.HOURS, Kind.OVERFLOW]),
    st.sampled_from([LOANS, CARDS]),
    st.integers(1, 9),
) | st.builds(outage, st.sampled_from(["chat", "email"]))
WAITING = st.lists(
    st.tuples(st.sampled_from([LOANS, CARDS]), st.sampled_from(["chat", "email"]),
              st.integers(-500_000, 0)),
    min_size=1, max_size=8,
)  # fmt: skip


@given(WAITING, st.lists(PULLED, min_size=1, max_size=3), st.integers(0, 60_000))
def test_after_its_end_decisions_are_those_without_it(waiting, levers, later):
    """Everybody is busy while levers come and go; then an Agent is served as if there were none."""

    def served(*ways):
        core = Core(BASE)
        held = item(0, channel="voice", state=WorkState.IN_WORK, agent=JANA)
        core(both(JANA), replace(held, queue=LOANS))
        facts = [
            replace(item(n, at, channel), queue=queue)
            for n, (queue, channel, at) in enumerate(waiting, 1)
        ]
        core(*facts, Tick(0))
        for policy in ways:
            core.policy = policy
            core(Tick(later // 2))
        core(Tick(later))
        order, free = [], replace(held, queue=LOANS, version=9, state=WorkState.DONE, at=later)
        decided = core(free)
        while made := [one for one in decided if isinstance(one, Offer)]:
            order += [(one.item, one.agent, one.deadline, one.why()["item"]) for one in made]
            decided = []
            for one in made:
                facts = core.state.items[one.item.int].facts
                version = one.item_version + 2
                over = replace(facts, version=version, state=WorkState.DONE, at=later, agent=None)
                decided += core(over)
        return order

    assert served(under(*levers), BASE) == served()


@given(WAITING, st.lists(PULLED, min_size=1, max_size=3), st.integers(0, 60_000))
def test_one_queue_that_finds_its_place_alone_is_offered_as_if_all_had(waiting, levers, later):
    """Rules put in force over a state decide what a state built under them would."""
    facts = [
        replace(item(n, at, channel), queue=queue)
        for n, (queue, channel, at) in enumerate(waiting, 1)
    ]
    core = Core(BASE)
    away = person(JANA, on=(), queues={LOANS: 1, CARDS: 1})
    core(away, *facts, Tick(later))
    core.policy = under(*levers)
    core(Tick(later))
    built, _ = rebuild(core.policy, facts, [away], later)
    fresh = replace(both(JANA, at=later), version=2)
    _, wanted = step(built, [fresh], core.policy)
    offered = [(one.item, one.agent, one.deadline) for one in wanted if isinstance(one, Offer)]
    found = [one for one in core(fresh) if isinstance(one, Offer)]
    assert [(one.item, one.agent, one.deadline) for one in found] == offered


def test_overflow_that_is_opened_takes_along_who_has_waited_long_enough():
    core = Core(BASE)
    core(person(JANA, on=(), queues={LOANS: 1}), item(1, 0), item(2, 50_000), Tick(100_000))
    core.policy = under(Lever(Kind.OVERFLOW, Place(LOANS), {"after_s": 60}, CARDS))
    moved = [one.item for one in core(Tick(100_001)) if isinstance(one, MoveQueue)]
    assert moved == [uid(1001)]


def test_a_paused_queue_offers_nothing_and_what_was_offered_goes_back():
    core = Core(BASE)
    assert core.offers(both(JANA), item(1)) == [(1, JANA)]
    core.policy = under(PAUSE)
    core(Tick(10))
    assert core.state.items[uid(1001).int].state is WorkState.WAITING
    assert core.offers(Tick(20)) == []
    core.policy = BASE
    assert core.offers(Tick(30)) == [(1, JANA)]


def test_of_a_channel_that_is_out_nothing_is_offered_and_what_was_goes_back():
    core = Core(BASE)
    mail = item(2, 5, "email")
    assert core.offers(both(JANA), item(1)) == [(1, JANA)]
    core.policy = under(outage("chat"))
    out = core(mail, item(3, 5), Tick(10))
    assert [one.reason for one in out if isinstance(one, Withdraw)] == ["channel_outage"]
    assert [one.item.int - 1000 for one in out if isinstance(one, Offer)] == [2]
    why = waiting(core.state, uid(1003))
    assert "channel_outage" in [one["code"] for one in why["blockers"]]
    core.policy = BASE
    assert (1, JANA) in core.offers(Tick(30))


def test_a_heavier_queue_goes_first():
    old = replace(item(1, -50_000), queue=LOANS)
    new = replace(item(2, -30_000), queue=CARDS)

    def first(policy):
        _, decided = rebuild(policy, [old, new], [both(JANA, cap_max=33)], 0)
        return next(one.item for one in decided if isinstance(one, Offer))

    assert (first(BASE), first(under(HEAVY))) == (old.id, new.id)


# ── looking ahead ───────────────────────────────────────────────────────────────────────────────


def test_an_outlook_serves_what_waits_in_the_order_of_the_score():
    items = [replace(item(n, -n * 1000), queue=LOANS) for n in range(1, 5)]
    picture = Picture(0, items, [both(JANA, cap_max=33)])
    found = look_ahead(BASE, picture)
    assert [one.item.int - 1000 for one in found.starts] == [4, 3, 2, 1]
    assert [one.after_ms for one in found.starts] == [0, 480_000, 960_000, 1_440_000]
    assert [one.in_time for one in found.starts] == [True, False, False, False]
    assert found.busy == {JANA: 1_800_000}
    assert found.whole


def test_an_outlook_shows_what_a_lever_would_change():
    old = [replace(item(n, -60_000 - n), queue=LOANS) for n in range(1, 4)]
    new = [replace(item(n, -30_000 - n), queue=CARDS) for n in range(4, 7)]
    picture = Picture(0, [*old, *new], [both(JANA, cap_max=33)])
    plain, heavy = look_ahead(BASE, picture), look_ahead(under(HEAVY), picture)
    assert [one.queue for one in plain.starts[:2]] == [LOANS, LOANS]
    assert [one.queue for one in heavy.starts[:2]] == [CARDS, CARDS]
    paused = look_ahead(under(PAUSE), picture)
    assert {one.queue for one in paused.starts} == {CARDS}
    assert paused.late == {one.id for one in old}  # nobody would get them, and their target is over


def test_an_outlook_with_more_hands_serves_more():
    items = [replace(item(n, -n), queue=CARDS) for n in range(1, 9)]
    lent = Lever(Kind.LEND, Place(CARDS, agents=(KAREL,)), {"rank": 1})
    jana = person(JANA, queues={CARDS: 1}, cap_max=33)
    karel = person(KAREL, queues={LOANS: 1}, cap_max=33)
    alone = look_ahead(BASE, Picture(0, items, [jana, karel]))
    together = look_ahead(BASE, Picture(0, items, [jana, on_agent(karel, lent)]))
    assert (len(alone.starts), len(together.starts)) == (4, 8)
    room = Lever(Kind.CAPACITY, Place(agents=(JANA,)), {"units": 66})
    wider = look_ahead(BASE, Picture(0, items, [on_agent(jana, room), karel]))
    assert len(wider.starts) == 8


def test_an_outlook_lets_work_in_hand_end_first():
    busy = replace(item(1, -90_000), queue=LOANS, state=WorkState.IN_WORK, agent=JANA,
                   moved_at=-240_000)  # fmt: skip
    waits = replace(item(2, -1000), queue=LOANS)
    found = look_ahead(BASE, Picture(0, [busy, waits], [both(JANA, cap_max=33)]))
    assert [(one.item, one.after_ms) for one in found.starts] == [(waits.id, 240_000)]


def test_looking_ahead_twice_says_the_same():
    items = [replace(item(n, -n * 700, "email" if n % 2 else "chat"), queue=CARDS)
             for n in range(1, 30)]  # fmt: skip
    picture = Picture(0, items, [both(JANA), both(KAREL)])
    assert look_ahead(BASE, picture) == look_ahead(BASE, picture)
