"""What still fits beside what an Agent holds."""

from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.capacity import CAP_MAX, COSTS, Cost, cost_of, fits


def test_three_chats_or_two_mails_or_one_call_fill_an_agent():
    for channel, parallel in (("chat", 3), ("messenger", 4), ("email", 2), ("voice", 1)):
        used = 0
        while fits(cost_of(channel), used, CAP_MAX, int(cost_of(channel).exclusive and used > 0)):
            used += cost_of(channel).units
        assert used // cost_of(channel).units == parallel


def test_an_exclusive_item_needs_all_units_and_nothing_fits_beside_it():
    assert fits(cost_of("voice"), 0, 100, 0)
    assert not fits(cost_of("voice"), 1, 300, 0)
    assert not fits(cost_of("chat"), 100, 300, 1)


@given(st.lists(st.sampled_from(sorted(COSTS)), max_size=20), st.integers(10, 300))
def test_what_fits_is_never_above_capacity(channels, cap):
    used, exclusive = 0, 0
    for channel in channels:
        cost = cost_of(channel)
        if fits(cost, used, cap, exclusive):
            used, exclusive = used + cost.units, exclusive + cost.exclusive
        assert used <= cap
        assert exclusive <= 1


def test_an_unknown_channel_costs_as_much_as_a_mail():
    assert cost_of("pigeon") == COSTS["email"] == Cost(50)
