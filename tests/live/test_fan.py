"""The fan: one frame for all who hear the same, nothing for nobody, a chain without gaps."""

from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID, uuid4

import orjson

from polyphony.domain.event import Op
from polyphony.domain.permission import SYSTEM
from polyphony.live.fan import Fan, News
from polyphony.live.line import FRAME_BYTES, Line
from polyphony.store.feed import Cursor, Row

AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
CASE = UUID(int=7)
START = Cursor(1, 100, 0)


def news(
    number: int, *aud: str, was: list[str] | None = None, entity: str = "case", size: int = 1
) -> News:
    payload = orjson.dumps({"n": number, "pad": "x" * size}).decode()
    row = Row(
        *(100 + number, number, AT, "case.changed", int(Op.UPSERT), entity, CASE, number),
        *(list(aud), was, CASE, None, None, payload),
    )
    return News(row, 1)


def line(*tags: str, opened: set[str] | None = None) -> tuple[Line, list[bytes]]:
    """A line whose wire takes everything at once."""
    sent: list[bytes] = []
    made = Line(SYSTEM, START, frozenset(tags), uuid4())
    made.opened = opened or set()
    made.wire = lambda data: sent.append(data) or True
    return made, sent


def fan_of(*lines: Line) -> Fan:
    fan = Fan()
    for one in lines:
        fan.add(one)
    return fan


def told(sent: list[bytes]) -> list[tuple[str, int]]:
    return [(e["op"], e["v"]) for data in sent for e in orjson.loads(data)["events"]]


def test_all_who_hear_the_same_get_the_very_same_frame() -> None:
    (jana, hers), (eva, evas) = line("dept:a", "person:jana"), line("dept:a", "person:eva")
    fan_of(jana, eva).send([news(1, "dept:a"), news(2, "dept:a", "queue:q")], Cursor(1, 103, 0))
    assert told(hers) == [("upsert", 1), ("upsert", 2)]
    assert hers[0] is evas[0], "encoded once"
    assert jana.cursor == eva.cursor == Cursor(1, 103, 0)


def test_each_hears_what_is_his_and_who_loses_a_row_hears_that_it_is_gone() -> None:
    (jana, hers), (eva, evas), (tom, toms) = line("dept:a", "person:j"), line("dept:b"), line("x")
    fan_of(jana, eva, tom).send(
        [news(1, "dept:b", was=["dept:a"]), news(2, "person:j"), news(3, "dept:b")],
        Cursor(1, 104, 0),
    )
    assert told(hers) == [("gone", 1), ("upsert", 2)]
    assert told(evas) == [("upsert", 1), ("upsert", 3)]
    assert not toms
    assert tom.cursor == START


def test_what_nobody_hears_is_not_even_encoded() -> None:
    (jana, hers), unheard = line("dept:a"), news(1, "dept:z")
    fan_of(jana).send([unheard], Cursor(1, 102, 0))
    assert not hers
    assert unheard._whole is None


def test_a_line_that_joined_in_the_midst_hears_only_what_it_does_not_know() -> None:
    (early, first), (late, second) = line("dept:a"), line("dept:a")
    late.cursor = Cursor(1, 101, 1)
    fan_of(early, late).send([news(1, "dept:a"), news(2, "dept:a")], Cursor(1, 103, 0))
    assert told(first) == [("upsert", 1), ("upsert", 2)]
    assert told(second) == [("upsert", 2)]
    assert orjson.loads(second[0])["prev"] == "1.101.1"


def test_a_case_that_is_sealed_while_it_is_open_leaves_with_what_follows_on_it() -> None:
    topic = f"case:{CASE}"
    (guest, his), (member, theirs) = line("dept:b", opened={topic}), line("member:a")
    fan_of(guest, member).send(
        [
            news(1, "dept:a", topic),
            news(2, "member:a", topic, was=["dept:a", topic]),
            news(3, "dept:a", topic, entity="message"),
        ],
        Cursor(1, 104, 0),
    )
    assert told(his) == [("upsert", 1), ("gone", 2)]
    assert told(theirs) == [("upsert", 2)]
    assert not guest.opened


def test_a_case_that_moves_away_is_shut_before_the_next_event_of_the_batch() -> None:
    topic = f"case:{CASE}"
    guest, his = line("dept:a", opened={topic})
    fan = fan_of(guest)
    moved = news(1, "member:b", was=["dept:a", topic])
    fan.send([moved, news(2, topic, entity="message")], Cursor(1, 103, 0))
    assert told(his) == [("gone", 1)]
    assert not guest.opened


def test_a_big_batch_becomes_several_frames_whose_cursors_make_a_chain() -> None:
    jana, hers = line("dept:a")
    batch = [news(n, "dept:a", size=FRAME_BYTES // 3) for n in range(1, 9)]
    fan_of(jana).send(batch, Cursor(1, 200, 0))
    frames = [orjson.loads(data) for data in hers]
    assert len(frames) > 2
    assert frames[0]["prev"] == str(START)
    assert all(a["cursor"] == b["prev"] for a, b in pairwise(frames))
    assert [bool(one.get("more")) for one in frames] == [True] * (len(frames) - 1) + [False]
    assert frames[-1]["cursor"] == "1.200.0"
    assert told(hers) == [("upsert", n) for n in range(1, 9)]


def test_a_frame_never_overtakes_one_that_waits_or_is_being_written() -> None:
    jana, sent = line("dept:a")
    open_ = [False]
    jana.wire = lambda data: open_[0] and (sent.append(data) or True)
    jana.put(b"first")
    open_[0] = True
    jana.put(b"second")
    assert jana.take() == b"first"
    jana.put(b"third")
    assert not sent
    assert [jana.take(), jana.take(), jana.take()] == [b"second", b"third", None]
    jana.put(b"fourth")
    assert sent == [b"fourth"]
