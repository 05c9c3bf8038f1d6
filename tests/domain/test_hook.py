"""Calls to other systems are signed as Standard Webhooks says and tried for three days; rosters."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain import hook
from polyphony.domain.errors import Invalid
from polyphony.domain.roster import Roster, Turn, on_call, turns

SECRET = "whsec_Lhajyi3dKcBzpOFfY/0GQVsT/A4SBOPI15CEy8nYQ8Q="
ID = UUID("0195e1a0-0000-7000-8000-0000000000aa")
BODY = (
    b'{"type":"message.received","timestamp":"2026-03-29T01:30:00Z",'
    b'"data":{"message_id":"0195e1a0-0000-7000-8000-000000000001"}}'
)
EVA, JAN, PETR = (uuid4() for _ in range(3))


def test_the_signature_is_that_of_the_vector_and_of_each_secret() -> None:
    one = hook.signature([SECRET], ID, 1774747800, BODY)
    assert one == "v1,TxRJkcZzhkX+/17H3ZkNbgieY4L399s1/uyLam+4hw0="
    other = hook.secret(bytes(range(32)))
    both = hook.signature([other, SECRET], ID, 1774747800, BODY).split(" ")
    assert both[1] == one
    assert both[0] != one
    with pytest.raises(Invalid, match=r"hook\.secret"):
        hook.signature(["whsec_?"], ID, 1, b"")


@given(st.integers(1, 9), st.floats(0, 1))
def test_a_call_is_tried_ten_times_with_jitter_of_a_fifth(tries: int, chance: float) -> None:
    found = hook.verdict(500, tries, chance)
    assert found.state == "queued"
    planned = hook.WAITS_S[tries - 1]
    assert planned * 0.8 <= found.wait_s <= planned * 1.2 + 1e-6
    assert hook.verdict(None, 10, chance) == hook.Verdict("failed", why="no_answer")


def test_answers_end_it_or_ask_for_patience() -> None:
    assert hook.verdict(204, 1, 0.5).state == "sent"
    assert hook.verdict(410, 1, 0.5) == hook.Verdict("failed", why="gone")
    assert hook.verdict(302, 1, 0.5).why == "http_302"
    assert hook.verdict(429, 1, 0.5, after="600").wait_s == 600
    assert hook.verdict(503, 1, 0.5, after="9999999").wait_s == 86_400
    assert hook.verdict(500, 1, 0.5, after="600").wait_s == 5


@pytest.mark.parametrize("url", ["ftp://x.example/", "https://", "https://a:b@x.example/", "x y"])
def test_only_addresses_of_the_web_may_be_called(url: str) -> None:
    with pytest.raises(Invalid, match=r"hook\.url"):
        hook.check_url(url)


def moment(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def test_weeks_change_at_the_hour_of_the_department_also_over_summer_time() -> None:
    weeks = Roster((EVA, JAN), date(2026, 3, 23), 8, (), "Europe/Prague")
    assert on_call(weeks, moment(23, 6)) is None
    assert on_call(weeks, moment(23, 7)) == EVA  # 8:00, winter time
    assert on_call(weeks, moment(30, 5)) == EVA  # 7:00, summer time since the day before
    assert on_call(weeks, moment(30, 6)) == JAN
    assert on_call(weeks, moment(30, 6) + timedelta(days=7)) == EVA


def test_turns_go_before_weeks_and_the_later_one_before_the_earlier() -> None:
    swapped = (
        Turn(PETR, moment(24, 0), moment(26, 0)),
        Turn(JAN, moment(25, 0), moment(25, 6)),
    )
    weeks = Roster((EVA,), date(2026, 3, 2), 8, swapped)
    found = [on_call(weeks, moment(*one)) for one in ((23, 9), (24, 0), (25, 5), (25, 6), (26, 0))]
    assert found == [EVA, PETR, JAN, PETR, EVA]
    assert on_call(Roster(), moment(1, 1)) is None
    wrong = {"person": str(EVA), "from": "2026-03-02T00:00:00", "until": "2026-03-03T00:00:00"}
    with pytest.raises(Invalid, match=r"roster\.turn"):
        turns([wrong])
