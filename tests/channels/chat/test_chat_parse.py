"""Lines of the intake become Inbounds, anything else is Unreadable and never an error."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.channels.chat import MANIFEST
from polyphony.channels.chat.client import ChatChannel
from polyphony.channels.chat.parse import parse
from polyphony.channels.chat.render import render
from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.errors import Invalid
from polyphony.domain.failure import Unreadable
from polyphony.domain.message import Claim, Outbound, Part
from polyphony.ports import Account, Raw

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT = Account(uuid4(), ChannelKind.CHAT, "Shop", "pk_shop")
LINE = {
    "key": "u:4711",
    "cid": "0195e1a0-0000-7000-8000-000000000001",
    "text": "Kde je moje zásilka?",
    "name": "Eva",
    "email": "eva@example.org",
    "email_level": 3,
    "level": 3,
    "language": "cs",
    "page": "https://shop.example/kosik",
    "session": str(uuid4()),
    "at": "2026-03-02T09:00:00+00:00",
    "files": [
        {"sha256": "a" * 64, "name": "doklad.pdf", "media_type": "application/pdf", "size": 9}
    ],
}


def raw(body: bytes) -> Raw:
    return Raw(uuid4(), ACCOUNT, "k", body, NOW)


def test_a_kept_line_is_read_whole() -> None:
    (read,) = parse(raw(orjson.dumps(LINE)))
    assert read.key == f"u:4711:{LINE['cid']}"
    assert read.sender == Address(ChannelKind.CHAT, "u:4711", str(ACCOUNT.id))
    assert (read.thread, read.recipient, read.sender_name) == ("u:4711", "pk_shop", "Eva")
    assert read.claims == {"email": Claim("eva@example.org", 3)}
    assert (read.text, read.level, read.language) == (LINE["text"], 3, "cs")
    assert read.parts == (Part("application/pdf", "doklad.pdf", sha256="a" * 64, size=9),)
    assert read.sent_at == NOW


@pytest.mark.parametrize(
    "change",
    [
        {"key": ""},
        {"key": 5},
        {"cid": None},
        {"what": "dance"},
        {"level": -1},
        {"level": "3"},
        {"at": "yesterday"},
        {"at": "2026-03-02T09:00:00"},
        {"files": "x"},
        {"files": [{"sha256": "short"}]},
        {"files": [5]},
        {"text": {"a": 1}},
    ],
)
def test_a_line_that_is_not_of_our_making_is_unreadable(change: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        parse(raw(orjson.dumps({**LINE, **change})))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(LINE)), inner)
    ),
    max_leaves=9,
)


@given(st.binary(max_size=200) | st.dictionaries(st.sampled_from(sorted(LINE)), json_values))
def test_whatever_bytes_come_the_answer_is_a_line_or_unreadable(given_: object) -> None:
    body = given_ if isinstance(given_, bytes) else orjson.dumps({**LINE, **given_})
    try:
        read = parse(raw(body))
    except Unreadable:
        return
    assert len(read) == 1


def outbound(text: str, **more: object) -> Outbound:
    return Outbound(
        UUID(int=1), ACCOUNT.id, Address(ChannelKind.CHAT, "u:1", str(ACCOUNT.id)), text, **more
    )


@given(st.text(max_size=300), st.text(max_size=30))
def test_no_word_is_lost_when_an_answer_is_rendered(text: str, subject: str) -> None:
    text, subject = (t.encode("utf-8", "replace").decode() for t in (text, subject))
    line = orjson.loads(render(outbound(text, subject=subject), ACCOUNT).body)
    assert set(text.split()) | set(subject.split()) <= set(line["text"].split())


def test_too_much_is_refused_and_not_cut() -> None:
    with pytest.raises(Invalid):
        render(outbound("x" * 10_001), ACCOUNT)
    with pytest.raises(Invalid):
        render(outbound("x", parts=(Part("a/b", size=26 * 1024 * 1024),)), ACCOUNT)


def test_formatting_that_is_given_up_is_named() -> None:
    assert render(outbound("a", html="<b>a</b>", subject="s"), ACCOUNT).degraded == (
        "subject_in_text",
        "html_to_text",
    )


@pytest.mark.parametrize(
    ("settings", "state", "code"),
    [
        ({"origins": ["https://shop.example"]}, "working", ""),
        ({"origins": []}, "degraded", "chat.no_origins"),
        ({}, "degraded", "chat.no_origins"),
        ({"origins": ["https://shop.example/"]}, "broken", "chat.origin_malformed"),
        ({"origins": ["*"]}, "broken", "chat.origin_malformed"),
        ({"origins": ["null"]}, "broken", "chat.origin_malformed"),
        ({"origins": ["https://a.example"], "enforce": "all"}, "broken", "chat.no_key"),
    ],
)
async def test_the_door_says_what_would_keep_everybody_out(
    settings: dict[str, object], state: str, code: str
) -> None:
    account = Account(uuid4(), ChannelKind.CHAT, "Shop", "pk", settings)
    health = await ChatChannel().check(account)
    assert (health.state, health.code) == (state, code)


def test_the_manifest_speaks_four_languages_and_marks_its_secret() -> None:
    assert set(MANIFEST.title) == set(MANIFEST.help) == {"en", "cs", "pl", "ru"}
    properties = MANIFEST.settings["properties"]
    assert isinstance(properties, dict)
    assert properties["hmac_secret"]["x-secret"] is True
