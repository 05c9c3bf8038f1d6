"""A small reference day: nobody is lost, twice it is the same, the score beats priority."""

from polyphony.app.bench import reference_day
from polyphony.domain.rehearsal import draw, rehearse


def test_a_day_is_drawn_the_same_and_rehearsed_the_same():
    made, again = (reference_day.day(3, wishes=600, agents=12) for _ in range(2))
    assert made == again
    assert made != reference_day.day(4, wishes=600, agents=12)
    rules = reference_day.policy(made)
    first, second = (rehearse(made.wishes, made.workers, rules) for _ in range(2))
    assert first == second
    assert 0 <= draw(1, 2, "x") < 1
    assert draw(1, 2, "x") != draw(1, 2, "y")


def test_everybody_is_served_or_gave_up_and_nobody_works_two_shifts():
    made = reference_day.day(3, wishes=3000, agents=40)
    outcome = rehearse(made.wishes, made.workers, reference_day.policy(made))
    left = set(range(3000)) - outcome.waits.keys() - outcome.lost.keys()
    assert {made.wishes[number].channel for number in left} <= {"email"}, "mail waits overnight"
    assert not outcome.waits.keys() & outcome.lost.keys()
    for number, wait in outcome.waits.items():
        patience = made.wishes[number].patience_ms
        assert patience is None or wait <= patience
    for one in made.workers:
        last = max((w.work_ms for w in made.wishes), default=0) * 2
        assert outcome.spent.get(one.facts.id, 0) <= one.ends - one.begins + last
    found = reference_day.figures(made, outcome)
    assert found.left == len(left)
    assert 0 < found.weighted < 1


def test_the_score_beats_static_priority_and_interruption_beats_waiting():
    score, static, whole = reference_day.compared(1, wishes=6000, agents=70)
    assert score.weighted > static.weighted
    assert whole.interrupted > 0
    assert whole.parts["voice"] > score.parts["voice"]
    assert (score.interrupted, static.interrupted) == (0, 0)
