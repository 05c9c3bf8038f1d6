"""What holds for every mail: composed mails come back, trimming invents nothing, strings survive."""
# ruff: noqa: E501 - mails of the world are quoted as they are written

import json
import os
import re
from base64 import b64encode
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tools.judge_mails import data_folder

from polyphony.channels.email.parse import read_mail

EXAMPLES = 10_000 if os.environ.get("FULL") == "1" else 150
_WORDS = {
    "cs": [
        "objednávka",
        "žlutá",
        "přišla",
        "včera",
        "ráno",
        "děkuji",
        "příště",
        "šéf",
        "ďábel",
        "úřad",
    ],
    "pl": [
        "zamówienie",
        "żółte",
        "przyszło",
        "wczoraj",
        "rano",
        "dziękuję",
        "następnym",
        "źródło",
        "łódź",
    ],
    "ru": ["заказ", "жёлтый", "пришёл", "вчера", "утром", "спасибо", "объём", "съезд", "щука"],
    "en": ["order", "yellow", "arrived", "yesterday", "morning", "thanks", "next", "time", "boss"],
}


@st.composite
def _sentences(draw: st.DrawFn) -> str:
    words = _WORDS[draw(st.sampled_from(sorted(_WORDS)))]
    lines = draw(
        st.lists(st.lists(st.sampled_from(words), min_size=1, max_size=12), min_size=1, max_size=6)
    )
    return "\n".join(" ".join(line) for line in lines) + "\n"


@st.composite
def _mails(draw: st.DrawFn) -> tuple[EmailMessage, dict[str, object]]:
    text = draw(_sentences())
    subject = " ".join(draw(_sentences()).split())[:80].strip()
    name = " ".join(draw(_sentences()).split()[:2])
    file = draw(st.binary(max_size=200))
    charset = draw(st.sampled_from(["utf-8", "cp1250", "koi8-r", "iso-8859-2"]))
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        charset = "utf-8"
    message = EmailMessage(policy=SMTP)
    message["From"] = f'"{name}" <someone@mail.example>'
    message["To"] = "help@desk.example"
    message["Subject"] = subject
    message["Date"] = "Mon, 30 Mar 2026 08:15:00 +0200"
    message["Message-ID"] = "<x1@mail.example>"
    message.set_content(
        text, charset=charset, cte=draw(st.sampled_from(["base64", "quoted-printable"]))
    )
    if draw(st.booleans()):
        message.add_alternative(f"<p>{text}</p>", subtype="html")
    message.add_attachment(file, maintype="application", subtype="pdf", filename=f"{name}.pdf")
    return message, {"text": text, "name": name, "file": file}


@settings(max_examples=EXAMPLES // 3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_mails())
def test_a_composed_mail_is_read_as_it_was_meant(
    made: tuple[EmailMessage, dict[str, object]],
) -> None:
    message, meant = made
    raw = bytes(message)
    mail = read_mail(raw, keep=True)
    assert mail.from_ is not None
    assert (mail.from_.name, mail.from_.address) == (meant["name"], "someone@mail.example")
    # The composer itself loses blanks when it folds: what it wrote is what was meant.
    meant_subject = str(message_from_bytes(raw, policy=default)["Subject"])
    assert mail.subject == " ".join(meant_subject.split())
    assert mail.text == meant["text"]
    assert mail.date == "2026-03-30T08:15:00+02:00"
    assert mail.message_id == "x1@mail.example"
    assert [one.data for one in mail.attachments] == [meant["file"]]
    assert mail.attachments[0].filename == f"{meant['name']}.pdf"
    assert mail.defects == ()


_LINES = st.sampled_from(
    ["> quoted", "On Mon, 1 Jan 2026 at 10:00 A <a@b.example> wrote:", "-- ", "Sent from my iPhone",
     "From: a", "Subject: b", "Date: c", "", "own words", "12:30", "-----Original Message-----",
     "Dne 1. 1. 2026 v 8:00 X napsal(a):", "____________", "a: b", "X> y", "| bar", "ᐧ"]
)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.one_of(_LINES, st.text(max_size=30)), max_size=25))
def test_trimming_never_invents_a_word(lines: list[str]) -> None:
    body = "\n".join(lines).encode("utf-8", "replace")
    mail = read_mail(b"From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n" + body)
    word = re.compile(r"\w+")
    assert set(word.findall(mail.text_reply)) <= set(word.findall(mail.text))
    assert bool(word.search(mail.text_reply)) == bool(word.search(mail.text))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=3000))
def test_any_bytes_get_an_answer(raw: bytes) -> None:
    json.dumps(read_mail(raw).to_json(), ensure_ascii=False).encode("utf-8")


def _strings() -> list[str]:
    own = [
        "ř̌",
        "a\u200bb",
        "\u202eabc",
        "'; DROP TABLE x; --",
        "<b>x</b>",
        "{{7*7}}",
        "\u00a0",
        "\ufeffx",
    ]
    path = data_folder() / "strings" / "blns.json"
    return own + (json.loads(path.read_text(encoding="utf-8")) if path.is_file() else [])


def _kept(text: str) -> str:
    """What the reader may keep: no controls, no direction switches, white space as one blank."""
    text = re.sub(r"[\x01-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", text)
    return re.sub(r"\s+", " ", text.replace("\x00", "\ufffd")).strip()


@pytest.mark.parametrize("text", _strings())
def test_hostile_strings_come_back_unchanged(text: str) -> None:
    body = text.encode("utf-8", "replace").decode()
    coded = b64encode(body.encode()).decode()
    words = " ".join(
        f"=?utf-8?B?{b64encode(body.encode()[at : at + 42]).decode()}?="
        for at in range(0, max(len(body.encode()), 1), 42)
    )
    raw = (
        f"From: {words} <a@b.example>\nSubject: {words}\nContent-Type: text/plain; charset=utf-8\n"
        f"Content-Transfer-Encoding: base64\n\n{coded}\n"
    ).encode()
    mail = read_mail(raw)
    assert mail.from_ is not None
    assert mail.subject == _kept(re.sub(r"[\r\n]", "", body))
    assert mail.from_.address == "a@b.example"
    plain = re.sub(r"\r\n?", "\n", body).replace("\x00", "\ufffd")
    assert mail.text.split() == plain.removeprefix("\ufeff").split()
