"""Nothing a stranger sends may hurt: bombs and damaged mails cost little and get an answer."""

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.channels.email.parse.bombs import bombs
from tests.channels.email.parse.mutants import mutants
from tests.channels.email.parse.shapes import faults
from tools.judge_mails import data_folder

from polyphony.channels.email.parse import read_mail
from polyphony.channels.email.parse.read import Reading
from polyphony.channels.email.parse.schema import schema
from polyphony.channels.email.parse.shape import DEFECTS, Limits, ReadMail

MAILS = Path(__file__).parent / "mails"
SCHEMA = schema()
BOMBS = bombs()
CPU_S = 2.0


def sound_mails() -> list[bytes]:
    """Our own captured mails, and the development mails where they are."""
    paths = sorted(MAILS.glob("*.eml"))
    if data_folder().is_dir():
        paths += sorted(data_folder().glob("*/raw/**/*.eml"))
    return [path.read_bytes() for path in paths]


def assert_sound(mail: ReadMail) -> None:
    answer = mail.to_json()
    assert faults(answer, SCHEMA) == []
    written = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    written.encode("utf-8")
    assert "\\u0000" not in written
    assert len(set(mail.defects)) == len(mail.defects)
    assert set(mail.defects) <= set(DEFECTS)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_less_than_two_seconds_and_gets_an_answer(name: str) -> None:
    begun = time.process_time()
    mail = read_mail(BOMBS[name])
    spent = time.process_time() - begun
    assert spent < CPU_S
    assert_sound(mail)


def test_there_are_thirty_bombs() -> None:
    assert len(BOMBS) >= 30


def read_all(raws: Sequence[bytes]) -> float:
    slowest = 0.0
    for raw in raws:
        begun = time.process_time()
        mail = Reading(raw, Limits(), frozenset()).finish(keep=True, file="")
        slowest = max(slowest, time.process_time() - begun)
        assert_sound(mail)
    return slowest


def test_damaged_mails_are_all_answered() -> None:
    """5,000 in every build, 20,000 with FULL=1; another seed is another set."""
    full = os.environ.get("FULL") == "1"
    seed = int(os.environ.get("POLYPHONY_SEED", "1"))
    slowest = read_all(list(mutants(sound_mails(), seed, 20_000 if full else 5_000)))
    assert slowest < CPU_S


@pytest.mark.parametrize(
    ("name", "defect"),
    [
        ("100000 parts", "too_many_parts"),
        ("1000 nested multiparts", "too_deep"),
        ("100000 headers", "headers_cut"),
        ("header of 5 MB", "headers_cut"),
        ("50000 addresses", "addresses_cut"),
    ],
)
def test_what_is_cut_is_named(name: str, defect: str) -> None:
    assert defect in read_mail(BOMBS[name]).defects


def test_long_text_is_cut_and_named() -> None:
    raw = b"From: a@b.example\n\n" + b"word " * 10_000
    mail = read_mail(raw, limits=Limits(text=1000))
    assert "text_cut" in mail.defects
    assert len(mail.text) <= 1001


def test_long_html_is_cut_and_named() -> None:
    raw = b"Content-Type: text/html\n\n" + b"<p>word</p>" * 10_000
    mail = read_mail(raw, limits=Limits(html=5000))
    assert "html_cut" in mail.defects
    assert mail.html_safe is not None
    assert len(mail.html_safe) <= 5000
