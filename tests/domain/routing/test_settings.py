"""What a Queue is set to, in the core: who accepts, how many misses, who is kept, the pull."""

from dataclasses import replace

import pytest
from tests.domain.routing.test_match import EVA, JANA, KAREL, QUEUE, Core, item, person
from tests.domain.routing.world import uid

from polyphony.domain.offer import Exclusion
from polyphony.domain.presence import Mode
from polyphony.domain.routing import pull
from polyphony.domain.routing.decisions import (
    Alert,
    Expire,
    Hold,
    NotResponding,
    Offer,
    Withdraw,
)
from polyphony.domain.routing.facts import Policy, QueuePolicy, Tick
from polyphony.domain.skill import Requirement
from polyphony.domain.work import WorkState


def house(**settings):
    return Policy(1, {QUEUE: QueuePolicy(**settings)}, skip_if_nobody=False)


def test_a_card_that_accepts_itself_has_three_seconds_to_be_painted():
    core = Core(house(auto_accept=True))
    (offer,) = [one for one in core(person(JANA), item(1, 1_000)) if isinstance(one, Offer)]
    assert offer.deadline == 4_000
    expired = [one for one in core(Tick(4_000)) if isinstance(one, Expire)]
    assert [one.misses for one in expired] == [{"chat": 1, "all": 1}]


def test_a_queue_says_after_how_many_misses_somebody_does_not_respond():
    core = Core(house(misses={"chat": 2}, misses_all=9))
    core(person(JANA), item(1))
    assert not [one for one in core(Tick(30_000)) if isinstance(one, NotResponding)]
    core(Tick(90_000))  # offered again after a minute
    (silent,) = [one for one in core(Tick(120_000)) if isinstance(one, NotResponding)]
    assert (silent.scope, silent.misses["chat"]) == ("chat", 2)


def test_whom_a_person_chose_keeps_the_offer_while_he_takes_transfers_only():
    core = Core()
    given = replace(item(1), version=2, state=WorkState.OFFERED, agent=JANA, deadline=90_000)
    core(person(JANA), replace(given, by_hand=True), replace(given, id=uid(1002)))
    here = person(JANA, 10, version=2)
    transfers = replace(here, modes={**here.modes, "chat": Mode.TRANSFER_ONLY})
    decided = core(transfers)
    assert [one.item for one in decided if isinstance(one, Withdraw)] == [uid(1002)]


def test_who_asks_gets_the_best_he_may_have_whatever_his_status():
    need = (Requirement("pl", 3),)
    line = [item(1, 0), item(2, 5_000, tier="vip", requirements=need), item(3, 9_000, tier="vip")]
    policy = house(delivery="pull")
    on_break = person(EVA, on=())
    assert pull.best(policy, QUEUE, line, on_break, 10_000) == uid(1003)
    fluent = person(EVA, skills={"pl": 3})
    assert pull.best(policy, QUEUE, line, fluent, 10_000) == uid(1002)


def test_who_is_full_gets_nothing_and_interrupts_nothing():
    mine = replace(item(9, 0, "email"), state=WorkState.IN_WORK, agent=EVA)
    full = person(EVA, cap_max=50)
    assert pull.best(house(), QUEUE, [item(1), mine], full, 10_000) is None


@pytest.mark.parametrize(
    ("mode", "arrives", "kept"),
    [
        ("prefer", 28_999, True),
        ("prefer", 29_000, False),
        ("require", 28_999, True),
        ("require", 29_000, False),
    ],
)
def test_what_has_used_half_its_target_is_kept_for_nobody(mode, arrives, kept):
    core = Core(house(sticky=mode))
    busy = replace(item(1), state=WorkState.IN_WORK, agent=JANA)
    core(person(JANA, cap_max=33), busy)
    decided = core(Tick(arrives), item(2, arrives, since=0, sticky=JANA), person(KAREL, arrives))
    assert [one.agent for one in decided if isinstance(one, Hold)] == [JANA] * kept
    assert [one.agent for one in decided if isinstance(one, Offer)] == [KAREL] * (not kept)


def test_declines_that_lapse_with_the_target_are_told_once_to_those_who_lead():
    core = Core()
    declined = (Exclusion(JANA, None, "declined", 2), Exclusion(EVA, None, "declined", 2))
    core(person(JANA), person(EVA), item(1, exclusions=declined))
    assert not [one for one in core(Tick(58_999)) if isinstance(one, Alert)]
    told = [one for one in core(Tick(59_000), Tick(400_000)) if isinstance(one, Alert)]
    assert [(one.code, one.item, one.queue) for one in told] == [("all_declined", uid(1001), QUEUE)]


def test_a_decline_whose_own_time_is_over_alarms_nobody():
    core = Core()
    core(person(JANA), item(1, exclusions=(Exclusion(JANA, 20_000, "declined", 1),)))
    assert not [one for one in core(Tick(20_000)) if isinstance(one, Alert)]


@pytest.mark.parametrize(("seen", "asked"), [((), KAREL), (((QUEUE, "voice", ()),), JANA)])
def test_where_calls_come_only_those_who_take_them_are_kept_whole(seen, asked):
    """Jana is whole but takes no calls; Karel has a chat already and has been idle less."""
    core = Core(replace(house(), seen=seen))
    his = replace(item(1), state=WorkState.IN_WORK, agent=KAREL)
    core(person(JANA, on=("chat",)), person(KAREL, 1, on=("chat",)), his)
    assert core.offers(item(2, 1_000)) == [(2, asked)]


def test_where_calls_come_who_takes_them_stays_whole_if_somebody_else_can():
    core = Core(replace(house(), seen=((QUEUE, "voice", ()),)))
    his = replace(item(1), state=WorkState.IN_WORK, agent=KAREL)
    core(person(JANA, on=("chat", "voice")), person(KAREL, 1, on=("chat",)), his)
    assert core.offers(item(2, 1_000)) == [(2, KAREL)]


def test_a_miss_keeps_away_for_a_minute_also_whose_decline_has_lapsed_with_the_target():
    core = Core(house(misses={"chat": 9}, misses_all=9))
    core(person(JANA), item(1, exclusions=(Exclusion(JANA, None, "declined", 2),)))
    assert core.offers(Tick(59_000)) == [(1, JANA)]
    assert core.offers(Tick(148_999)) == [], "missed at 89 s"
    assert core.offers(Tick(149_000)) == [(1, JANA)]
