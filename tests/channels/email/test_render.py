"""What leaves as a mail reads the same for other programs, and names steer nothing."""

import email
import email.policy
import json
import os
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import getaddresses
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyphony.channels.email.render import render
from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.errors import Invalid
from polyphony.domain.message import Outbound, Part
from polyphony.ports import Account, Rendered

ACCOUNT = Account(
    UUID(int=7), ChannelKind.EMAIL, "Support", "support@desk.example", {"from_name": "Péče"}
)
AT = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)


def out(**changes) -> Outbound:
    facts = {
        "id": UUID(int=99),
        "account": ACCOUNT.id,
        "to": Address(ChannelKind.EMAIL, "jan@novak.example"),
        "text": "Dobrý den,\n\nposíláme slíbené.\n",
        "subject": "Re: Žluťoučký kůň",
        "to_name": "Jan Novák",
        "token": "tok-1",
        "at": AT,
    }
    return Outbound(**(facts | changes))


def read(rendered: Rendered):
    return email.message_from_bytes(rendered.body, policy=email.policy.default)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def naughty() -> list[str]:
    folder = Path(os.environ.get("POLYPHONY_DEV_DATA", "shared/data"))
    listed = folder / "strings" / "blns.json"
    own = [
        '"; Bcc: evil@x.example',
        "a@b.example>, <evil@x.example",
        "=?utf-8?q?=0d=0aBcc:_evil@x.example?=",
        "Novák, Jan <evil@x.example>",
        "(comment) evil@x.example",
        "group: a@b.example, evil@x.example;",
        "\u2028Bcc: evil@x.example",
        "\x0bBcc: evil@x.example",
        "\x85Bcc: evil@x.example",
        "x" * 300,
        "ž" * 300,
        "😀" * 80,
        '\\"',
        "\u202egnp.exe",
    ]
    if not listed.exists():
        return own
    return own + json.loads(listed.read_text(encoding="utf-8"))


def test_the_mail_carries_names_subject_and_text_in_every_reader():
    rendered = render(out(), ACCOUNT)
    message = read(rendered)
    assert message["From"].addresses[0].display_name == "Péče"
    assert message["From"].addresses[0].addr_spec == "support@desk.example"
    assert message["To"].addresses[0].display_name == "Jan Novák"
    assert message["Subject"] == "Re: Žluťoučký kůň"
    assert message["Date"].datetime == AT
    assert message["Message-ID"] == f"<{UUID(int=99)}.tok-1@desk.example>"
    assert message["X-Polyphony-Origin"] == str(ACCOUNT.id)
    assert message["Auto-Submitted"] is None
    assert message.get_content().split() == ["Dobrý", "den,", "posíláme", "slíbené."]
    assert rendered.recipient == "jan@novak.example"
    assert rendered.envelope["from"] == "b+tok-1@desk.example"
    assert rendered.body.isascii()
    assert max(map(len, rendered.body.split(b"\r\n"))) <= 998
    assert b"\n" not in rendered.body.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("way", "sender"),
    [
        ("bounce", "b+tok-1@desk.example"),
        ("plus", "support+tok-1@desk.example"),
        ("address", "support@desk.example"),
    ],
)
def test_the_return_path_follows_the_setting(way, sender):
    account = Account(ACCOUNT.id, ACCOUNT.kind, "S", ACCOUNT.address, {"return_path": way})
    assert render(out(), account).envelope["from"] == sender


def test_an_html_answer_has_both_forms_and_its_pictures_inside():
    parts = (
        Part("image/png", "logo.png", b"\x89PNG", size=4, inline=True, cid="logo"),
        Part("application/pdf", "smlouva č. 1.pdf", b"%PDF-1", size=6),
        Part("message/rfc822", "old.eml", b"Subject: x\r\n\r\ny", size=15),
    )
    html = "<p>Dobrý den <img src='cid:logo'></p>"
    message = read(render(out(html=html, parts=parts), ACCOUNT))
    assert message.get_content_type() == "multipart/mixed"
    assert message.get_body(("plain",)).get_content().startswith("Dobrý den")
    assert "cid:logo" in message.get_body(("html",)).get_content()
    files = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert files == {"smlouva č. 1.pdf": b"%PDF-1", "old.eml": b"Subject: x\r\n\r\ny"}
    pictures = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert [part["Content-ID"] for part in pictures] == ["<logo>"]


def test_a_repeat_has_the_same_bytes_as_the_first_try():
    parts = (Part("application/pdf", "a.pdf", b"%PDF-1", size=6),)
    outbound = out(html="<p>x</p>", parts=parts)
    assert render(outbound, ACCOUNT) == render(outbound, ACCOUNT)


def test_an_automatic_answer_says_so_in_all_three_dialects():
    message = read(render(out(purpose="auto"), ACCOUNT))
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Precedence"] == "auto_reply"


def test_references_keep_the_root_and_the_newest_twenty_and_drop_impossible_ids():
    ids = tuple(f"<{n}.{'x' * 120}@far.example>" for n in range(40))
    broken = ("no brackets", "<a b@c>", "<" + "y" * 400 + "@d>", "<č@e>")
    rendered = render(out(references=(*broken, *ids), in_reply_to=ids[-1]), ACCOUNT)
    message = email.message_from_bytes(rendered.body)
    found = message["References"].split()
    assert found[0] == ids[0]
    assert found[1:] == list(ids[-19:])
    assert message["In-Reply-To"] == ids[-1]
    assert b"=?" not in rendered.body.partition(b"\r\nReferences:")[2].partition(b"\r\nX-")[0]


@pytest.mark.parametrize("mark", ["\r", "\n", "\x00", "\r\nBcc: evil@x.example"])
@pytest.mark.parametrize("field", ["subject", "to_name", "from_name"])
def test_line_breaks_in_names_and_subject_are_refused(field, mark):
    with pytest.raises(Invalid) as refused:
        render(out(**{field: f"a{mark}b"}), ACCOUNT)
    assert refused.value.code == f"{field}.line_break"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "jan",
        "@x.example",
        "a@b@",
        "a@x.example\r\nBcc: c@d",
        "a@x y",
        "a@x>,<b@c",
        "a@..",
        "a@-",
    ],
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(Invalid):
        render(out(to=Address(ChannelKind.EMAIL, address)), ACCOUNT)


def test_a_foreign_domain_goes_out_in_its_ascii_form():
    rendered = render(out(to=Address(ChannelKind.EMAIL, "jan@žluťoučký.cz")), ACCOUNT)
    assert rendered.recipient == "jan@xn--luouk-k3a2e1bkdy.cz" or rendered.recipient.startswith(
        "jan@xn--"
    )
    assert "smtputf8" not in rendered.envelope


def test_a_foreign_local_part_asks_for_smtputf8():
    rendered = render(out(to=Address(ChannelKind.EMAIL, "иван@пример.рф")), ACCOUNT)
    assert rendered.envelope["smtputf8"] == "1"
    assert rendered.recipient == "иван@xn--e1afmkfd.xn--p1ai"


@pytest.mark.parametrize("field", ["to_name", "from_name", "subject"])
def test_hostile_names_and_subjects_never_change_who_gets_the_mail(field):
    strings = naughty()
    refused = 0
    for text in strings:
        try:
            rendered = render(out(**{field: text}), ACCOUNT)
        except Invalid:
            refused += 1
            assert re.search(r"[\r\n\x00]", text) or not text.isprintable()
            continue
        assert rendered.recipient == "jan@novak.example"
        message = read(rendered)
        old = email.message_from_bytes(rendered.body)
        for name, mailbox in (("To", "jan@novak.example"), ("From", "support@desk.example")):
            assert [one.addr_spec for one in message[name].addresses] == [mailbox], text
            assert [one[1] for one in getaddresses([str(old[name])])] == [mailbox], text
        assert message["Bcc"] is None
        assert message["Cc"] is None
        if field == "subject":
            assert words(message["Subject"]) >= words(text), text
        elif field == "to_name":
            assert words(str(make_header(decode_header(old["To"])))) >= words(text), text
        assert len(message.keys()) == len(read(render(out(), ACCOUNT)).keys())
    assert refused < len(strings) / 10


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=2000))
def test_no_word_of_the_text_is_lost(text):
    try:
        rendered = render(out(text=text, html=f"<p>{len(text)}</p>"), ACCOUNT)
    except Invalid as refusal:
        assert refusal.code == "text.not_unicode"  # noqa: PT017 - the other outcome is tested below
        return
    message = read(rendered)
    assert words(message.get_body(("plain",)).get_content()) >= words(text.replace("\x00", ""))
    assert max(map(len, rendered.body.split(b"\r\n"))) <= 998


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=60))
def test_any_name_subject_and_file_name_is_kept_or_refused(name, subject, label):
    parts = (Part("text/plain", label, b"x", size=1),)
    try:
        rendered = render(out(to_name=name, subject=subject, parts=parts), ACCOUNT)
    except Invalid:
        return
    message = read(rendered)
    assert [one.addr_spec for one in message["To"].addresses] == ["jan@novak.example"]
    assert words(str(message["Subject"])) >= words(subject)
    assert [part.get_content() for part in message.iter_attachments()] == ["x"]


def test_files_beyond_the_limit_or_not_at_hand_are_refused():
    with pytest.raises(Invalid, match="too_big"):
        render(out(parts=(Part("a/b", "x", b"\0" * (25 * 1024 * 1024 + 1)),)), ACCOUNT)
    with pytest.raises(Invalid, match="not_loaded"):
        render(out(parts=(Part("a/b", "x", sha256="0" * 64, size=3),)), ACCOUNT)
