"""Door: which ways back to a customer are open, why, and in which order."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.make.moment import AT

from polyphony.domain.door import Judged, Way, judge, rank

MAIL = Way("email", "working", "good", level=2, participant=True, stretch="quiet", last_in_at=AT)
CHAT = Way("chat", "working", "good", 0, participant=True, live=True, stretch="with_agent",
           last_in_at=AT + timedelta(minutes=1))  # fmt: skip
NEW = Way("email", "working", "good", level=2, participant=False)


@pytest.mark.parametrize(
    ("way", "allowed", "why"),
    [
        (MAIL, True, "wrote_here"),
        (CHAT, True, "wrote_here"),
        (NEW, True, "known_address"),
        (replace(NEW, level=1), False, "address_not_proved"),
        (replace(MAIL, level=0), True, "wrote_here"),
        (replace(MAIL, address_state="invalid"), False, "address_invalid"),
        (replace(MAIL, address_state="blocked"), False, "address_blocked"),
        (replace(MAIL, account_state="paused"), False, "account_paused"),
        (replace(MAIL, account_state="broken"), True, "account_broken"),
        (replace(CHAT, stretch="ended"), False, "chat_over"),
        (replace(CHAT, stretch="ended", live=False), True, "wrote_here"),
        (replace(CHAT, stretch=None, last_in_at=None), False, "chat_over"),
    ],
)
def test_each_way_is_open_or_says_why_not(way, allowed, why):
    assert judge(way) == Judged(allowed, why)


def test_open_ways_come_first_and_of_those_the_one_used_last():
    shut = replace(CHAT, stretch="ended")
    found = rank([NEW, MAIL, shut, CHAT])
    assert [number for number, _ in found] == [3, 1, 0, 2]
    assert rank([]) == []
