"""The length of a wrap-up by channel and Queue, and how far it grows."""

import pytest
from tests.make.moment import at

from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.wrap_up import extended, length_s


def test_calls_and_visits_have_a_wrap_up_of_their_own_and_a_queue_says_otherwise():
    channels = ("voice", "video", "visit", "chat", "email", "case_step")
    assert [length_s(one, 0) for one in channels] == [30, 30, 60, 0, 0, 0]
    assert length_s("voice", 90) == length_s("chat", 90) == 90


def test_it_grows_by_its_own_length_or_by_what_is_asked():
    assert extended(at(0), 0, 30) == at(30)
    assert extended(at(0), 2, 30, 600) == at(600)


@pytest.mark.parametrize("seconds", [0, 9, 3601])
def test_it_grows_neither_by_nothing_nor_by_more_than_an_hour(seconds):
    with pytest.raises(Invalid):
        extended(at(0), 0, 30, seconds)


def test_it_grows_three_times():
    with pytest.raises(Conflict):
        extended(at(0), 3, 30)
