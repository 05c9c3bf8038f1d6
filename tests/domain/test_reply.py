"""Reply: what may leave, who was faster, how the original stands below."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.make.moment import new_id

from polyphony.domain.case import CaseState
from polyphony.domain.channel import Capabilities
from polyphony.domain.reply import (
    Door,
    Item,
    Wish,
    guard,
    hold_until,
    moved_on,
    quoted,
    reply_subject,
)

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
DOOR = Door(
    CaseState.OPEN,
    interaction_ended=False,
    live=False,
    may="working",
    address_state="good",
    participant=True,
)
CAN = Capabilities(text_max=100, files_per_message=2, file_max_bytes=1000)


@pytest.mark.parametrize(
    ("door", "wish", "code"),
    [
        (DOOR, Wish("hello"), None),
        (DOOR, Wish("", files=1, file_bytes=(10,)), None),
        (DOOR, Wish(" \n"), "reply.empty"),
        (DOOR, Wish("x" * 101), "reply.too_long"),
        (DOOR, Wish("x", files=3), "reply.too_many_files"),
        (DOOR, Wish("x", files=1, file_bytes=(1001,)), "reply.file_too_big"),
        (DOOR, Wish("x", schedule_at=AT), "reply.schedule"),
        (DOOR, Wish("x", schedule_at=AT + timedelta(days=366)), "reply.schedule"),
        (replace(DOOR, case_state=CaseState.MERGED), Wish("x"), "reply.case_not_open"),
        (replace(DOOR, case_state=CaseState.CLOSED), Wish("x"), "reply.case_not_open"),
        (replace(DOOR, case_state=CaseState.SOLVED), Wish("x"), None),
        (replace(DOOR, participant=False), Wish("x"), "reply.not_participant"),
        (replace(DOOR, address_state="blocked"), Wish("x"), "reply.address_blocked"),
        (replace(DOOR, may="paused"), Wish("x"), "reply.account_paused"),
        (replace(DOOR, may="broken"), Wish("x"), None),
        (replace(DOOR, interaction_ended=True), Wish("x"), None),
        (replace(DOOR, interaction_ended=True, live=True), Wish("x"), "reply.interaction_ended"),
    ],
)
def test_the_guard_says_why(door, wish, code):
    refused = guard(door, wish, CAN, AT)
    assert (refused.code if refused else None) == code


def test_everything_newer_counts_by_mail_but_system_lines():
    me, other = new_id(), new_id()
    lines = [
        Item(1, "in", None), Item(2, "out", me), Item(3, "note", other), Item(4, "system", None),
    ]  # fmt: skip
    assert moved_on(0, lines, me, live=False) == (1, 2, 3)
    assert moved_on(2, lines, me, live=False) == (3,)
    assert moved_on(3, lines, me, live=False) == ()


def test_in_a_chat_only_colleagues_count():
    me, other = new_id(), new_id()
    lines = [
        Item(1, "in", None), Item(2, "out", me), Item(3, "out", other), Item(4, "note", other),
    ]  # fmt: skip
    assert moved_on(0, lines, me, live=True) == (3, 4)
    assert moved_on(4, lines, me, live=True) == ()


def test_undo_and_schedule_hold_and_nothing_else():
    minute = timedelta(minutes=1)
    assert hold_until(Wish("x"), AT, minute) == (AT, "")
    assert hold_until(Wish("x", undo_s=10), AT, minute) == (AT + timedelta(seconds=10), "undo")
    assert hold_until(Wish("x", undo_s=900), AT, minute) == (AT + minute, "undo")
    assert hold_until(Wish("x", undo_s=-5), AT, minute) == (AT, "")
    later = AT + timedelta(days=1)
    assert hold_until(Wish("x", undo_s=5, schedule_at=later), AT, minute) == (later, "schedule")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "On 2026-11-23 10:00, Petr wrote:"),
        ("cs", "Dne 23.11.2026 10:00 Petr napsal(a):"),
        ("pl", "W dniu 23.11.2026 10:00 Petr pisze:"),
        ("ru-RU", "23.11.2026 10:00, Petr пишет:"),
        ("fr", "On 23.11.2026 10:00, Petr wrote:"),
    ],
)
def test_the_original_stands_below_in_the_customers_language(language, line):
    text = quoted("Yes.\n", "Is it?\n\nReally", "Petr", AT, language)
    assert text == f"Yes.\n\n{line}\n> Is it?\n>\n> Really\n"
    assert quoted("Yes.", "  ", "Petr", AT, language) == "Yes."


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        ("Parcel", "Re: Parcel [26 1]"),
        ("Re: Parcel", "Re: Parcel [26 1]"),
        ("RE: Parcel [26 1]", "RE: Parcel [26 1]"),
        ("", "Re: [26 1]"),
        ("a\r\nBcc: x@evil.example", "Re: a Bcc: x@evil.example [26 1]"),
    ],
)
def test_subjects_are_answered_once_and_in_one_line(subject, wanted):
    assert reply_subject(subject, "26 1") == wanted
