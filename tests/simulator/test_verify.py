"""What was acknowledged is compared with what the API shows: lost, doubled, wrong, unanswered."""

from polyphony.simulator.endings import Found
from polyphony.simulator.verify import Seen, judged


def _line(mark, channel, **facts):
    return {"mark": mark, "channel": channel, "about": "x", **facts}


def test_what_arrived_once_on_its_channel_is_good():
    seen = Seen({"mailed": ["email"], "said": ["chat"]}, {"mailed"})
    ledger = [
        _line("mailed", "email", asks=True), _line("said", "chat", asks=False),
        _line("nobody.0.1", "none", waited_s=60),
    ]  # fmt: skip
    found = judged(ledger, seen)
    assert found.good
    assert (found.acknowledged, found.found, found.unanswered) == (2, 2, [])


def test_lost_doubled_and_misplaced_messages_are_named():
    seen = Seen({"twice": ["chat", "chat"], "elsewhere": ["chat"]})
    ledger = [
        _line("gone", "chat"), _line("twice", "chat", asks=True), _line("elsewhere", "email"),
    ]  # fmt: skip
    found = judged(ledger, seen)
    assert not found.good
    assert (found.lost, found.doubled, found.wrong) == (["gone"], ["twice"], ["elsewhere"])
    assert found.unanswered == ["twice"], "an open question is told, and is no broken promise"


def test_two_answers_that_both_left_break_the_promise():
    assert not judged([_line("r.0.1", "desk", race=[201, 201])], Seen()).good
    assert judged([_line("r.0.1", "desk", race=[201, 409])], Seen()).good


def test_a_story_that_ended_otherwise_than_promised_is_not_good():
    place = Found("c1", "k", "standard", "ru", "chat")
    seen = Seen({"m": ["chat"]}, {"m"}, {"m": place})
    ledger = [
        {**_line("m", "chat"), "step": "angry_customer.0.0"},
        _line("angry_customer.0", "story"),
    ]
    found = judged(ledger, seen)
    assert found.told == 1
    assert found.broken == ["angry_customer.0: language ru, not pl"]
    assert not found.good
