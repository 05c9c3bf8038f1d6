"""Chance that can be repeated."""

from polyphony.simulator.draws import Draws


def test_the_same_seed_and_path_give_the_same_value_in_any_order():
    one, two = Draws("seed"), Draws("seed")
    first = [one.unit("a", n) for n in range(50)]
    second = [two.unit("a", n) for n in reversed(range(50))]
    assert first == second[::-1]
    assert first != [Draws("other").unit("a", n) for n in range(50)]


def test_values_are_spread_over_the_whole_unit_interval():
    values = [Draws("seed").unit(n) for n in range(4000)]
    assert 0 <= min(values) < 0.01
    assert 0.99 < max(values) < 1
    assert abs(sum(values) / len(values) - 0.5) < 0.03


def test_weights_decide_how_often_something_is_drawn():
    draws = Draws("seed")
    drawn = [draws.weighted([("rare", 1), ("usual", 9)], n) for n in range(4000)]
    assert 0.07 < drawn.count("rare") / len(drawn) < 0.13


def test_waiting_and_handling_times_are_never_negative_and_have_the_asked_middle():
    draws = Draws("seed")
    waits = [draws.wait(10, n) for n in range(4000)]
    times = sorted(draws.handling(30, n) for n in range(4000))
    assert min(waits) >= 0
    assert 8.5 < sum(waits) / len(waits) < 11
    assert times[0] > 0
    assert 27 < times[2000] < 33
