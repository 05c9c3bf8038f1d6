"""Delivery: legal exactly as written, the ladder never goes down, retries by class of failure."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.domain.test_case import table

from polyphony.domain import delivery
from polyphony.domain.delivery import (
    DeliveryMove,
    DeliveryState,
    Tried,
    after_failure,
    after_receipt,
    lines_up,
    move,
    when_uncertain,
)
from polyphony.domain.errors import Conflict, Forbidden
from polyphony.domain.failure import AccountBroken, Permanent, Temporary, TooFast, Uncertain
from polyphony.domain.move import By, Moved

AT = datetime(2026, 11, 23, tzinfo=UTC)
WORDS = """
held      release            queued     T S Y A
held      carry              sent       T S Y A
queued    claim              sending    Y
sending   accept             sent       P
sending   retry              queued     Y
sending   hold               held       Y
sending   refuse             failed     P
sending   lose_track         uncertain  Y T
uncertain prove_sent         sent       P Y
uncertain mark_sent          sent       A S
uncertain resend             queued     Y A S
uncertain give_up            failed     Y A S
uncertain confirm_delivered  delivered  P
uncertain confirm_read       read       P
uncertain bounce             failed     P
sent      confirm_delivered  delivered  P
sent      confirm_read       read       P
sent      bounce             failed     P
delivered confirm_read       read       P
failed    prove_sent         sent       P
failed    confirm_delivered  delivered  P
failed    confirm_read       read       P
failed    try_again          queued     A S
held      cancel             cancelled  A S Y
queued    cancel             cancelled  A S Y
held      expire             expired    T
queued    expire             expired    T
"""


def test_every_state_move_and_actor_is_legal_exactly_as_written():
    words = table(WORDS)
    for state, what, by in product(DeliveryState, DeliveryMove, By):
        answer = move(state, what, by)
        to, allowed = words.get((state.value, what.value), (None, set()))
        if by in allowed:
            assert isinstance(answer, Moved)
            assert answer.state == to
        else:
            assert isinstance(answer, Conflict if to is None else Forbidden), (state, what, by)
    assert len(words) == len(delivery.MOVES)


def test_receipts_in_any_order_and_number_end_at_the_highest_rung():
    rank = {"sent": 1, "delivered": 2, "read": 3}
    for order in product(["sent", "delivered", "read"], repeat=5):
        state = DeliveryState.SENT
        for said in order:
            state = after_receipt(state, said) or state
        assert state == max(order, key=rank.__getitem__)


def test_a_failure_counts_only_until_delivery_is_proved_and_proof_lifts_it():
    assert after_receipt(DeliveryState.SENT, "failed") is DeliveryState.FAILED
    assert after_receipt(DeliveryState.UNCERTAIN, "failed") is DeliveryState.FAILED
    assert after_receipt(DeliveryState.DELIVERED, "failed") is None
    assert after_receipt(DeliveryState.READ, "failed") is None
    assert after_receipt(DeliveryState.FAILED, "delivered") is DeliveryState.DELIVERED
    assert after_receipt(DeliveryState.FAILED, "sent") is None
    assert after_receipt(DeliveryState.SENT, "nonsense") is None


def tried(channel="email", tries=0, passed=timedelta(), chance=0.5, **more):
    return Tried(channel, tries, AT, AT + passed, chance, **more)


@pytest.mark.parametrize(
    ("failure", "what", "counts"),
    [
        (Temporary("x"), DeliveryMove.RETRY, True),
        (TooFast("x", 5), DeliveryMove.RETRY, False),
        (Permanent("x"), DeliveryMove.REFUSE, True),
        (AccountBroken("x"), DeliveryMove.HOLD, False),
        (Uncertain("x"), DeliveryMove.LOSE_TRACK, True),
    ],
)
def test_the_class_of_a_failure_decides(failure, what, counts):
    verdict = after_failure(failure, tried())
    assert (verdict.what, verdict.counts) == (what, counts)


def test_waits_grow_to_an_hour_and_are_spread():
    longest = [
        after_failure(Temporary("x"), tried(tries=n, chance=0.9999)).not_before - AT
        for n in range(12)
    ]
    assert longest[0] <= timedelta(seconds=30)
    assert longest == sorted(longest)
    assert timedelta(minutes=59) < longest[-1] <= timedelta(hours=1)
    assert after_failure(Temporary("x"), tried(tries=5, chance=0.0)).not_before == AT


@pytest.mark.parametrize(
    ("channel", "life"),
    [("email", timedelta(days=5)), ("sms", timedelta(hours=72)), ("chat", timedelta(minutes=10))],
)
def test_each_channel_gives_up_in_its_time(channel, life):
    soon = after_failure(Temporary("x"), tried(channel, 3, life - timedelta(minutes=5), 0.1))
    late = after_failure(Temporary("x"), tried(channel, 3, life, 0.1))
    assert (soon.what, late.what) == (DeliveryMove.RETRY, DeliveryMove.REFUSE)


def test_a_limit_of_its_own_ends_the_tries_earlier():
    verdict = after_failure(
        Temporary("x"), tried(passed=timedelta(hours=1), expires_at=AT + timedelta(hours=1))
    )
    assert verdict.what is DeliveryMove.REFUSE


def test_only_mail_is_repeated_in_doubt_once_and_after_five_minutes():
    five = timedelta(minutes=5)
    assert when_uncertain("email", 1, five) is DeliveryMove.RESEND
    assert when_uncertain("email", 1, five - timedelta(seconds=1)) is None
    assert when_uncertain("email", 2, five) is None
    assert when_uncertain("sms", 1, timedelta(days=1)) is None
    assert lines_up(timedelta(seconds=119))
    assert not lines_up(timedelta(seconds=120))


SAYS_SENT = {DeliveryMove.CARRY, DeliveryMove.PROVE_SENT, DeliveryMove.MARK_SENT}


class Fates(RuleBasedStateMachine):
    """Any sequence of moves and receipts: nothing sent without a word, no rung lost."""

    def __init__(self):
        super().__init__()
        self.state = DeliveryState.HELD
        self.word = False  # the provider, or a person who found out, has said yes
        self.handed_over = 0
        self.doubts_resolved_by_us = 0

    @rule(what=st.sampled_from(list(DeliveryMove)), by=st.sampled_from(list(By)))
    def move(self, what, by):
        before = self.state
        answer = move(before, what, by)
        if not isinstance(answer, Moved):
            assert before is self.state
            return
        self.state = answer.state
        self.handed_over += what is DeliveryMove.CLAIM
        if by is By.PROVIDER or what in SAYS_SENT:
            self.word = True
        if before in {DeliveryState.DELIVERED, DeliveryState.READ}:
            assert delivery.RANK[self.state] > delivery.RANK[before]

    @rule(said=st.sampled_from(["sent", "delivered", "read", "failed"]))
    def receipt(self, said):
        found = after_receipt(self.state, said)
        if found is not None:
            self.word = True
            if self.state in {DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ}:
                higher = delivery.RANK[found] > delivery.RANK[self.state]
                assert higher or found is DeliveryState.FAILED
            self.state = found

    @precondition(lambda self: self.state is DeliveryState.SENDING)
    @rule(
        failure=st.sampled_from(
            [Temporary("x"), TooFast("x", 1), Permanent("x"), AccountBroken("x"), Uncertain("x")]
        ),
        chance=st.floats(0, 0.999),
        days=st.integers(0, 6),
    )
    def fail(self, failure, chance, days):
        verdict = after_failure(failure, tried(passed=timedelta(days=days), chance=chance))
        who = By.PROVIDER if verdict.what is DeliveryMove.REFUSE else By.SYSTEM
        answer = move(self.state, verdict.what, who)
        assert isinstance(answer, Moved)
        if isinstance(failure, Uncertain):
            assert answer.state is DeliveryState.UNCERTAIN
        self.state = answer.state

    @invariant()
    def nobody_sees_sent_without_a_word(self):
        if self.state in {DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ}:
            assert self.word

    @invariant()
    def final_states_are_final(self):
        if self.state in {DeliveryState.CANCELLED, DeliveryState.EXPIRED, DeliveryState.READ}:
            assert not any(state is self.state for state, _ in delivery.MOVES)


Fates.TestCase.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
test_no_sequence_of_moves_and_receipts_tells_a_lie = Fates.TestCase
