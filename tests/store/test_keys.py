"""Keys: sorted by their moment, never twice."""

from datetime import timedelta

from tests.make.moment import AT

from polyphony.store import keys


def test_keys_of_one_moment_ascend_and_are_version_seven():
    made = keys.keys(AT, 10_000)
    assert made == sorted(made)
    assert len(set(made)) == 10_000
    assert {key.version for key in made} == {7}
    assert {key.variant for key in made} == {"specified in RFC 4122"}


def test_keys_never_go_back_when_the_clock_does():
    later = keys.key(AT + timedelta(hours=1))
    assert keys.key(AT) > later


def test_a_key_carries_its_millisecond():
    moment = AT + timedelta(days=3650)
    assert keys.key(moment).int >> 80 == int(moment.timestamp() * 1000)
