"""Bench `read`: the mail reader against the standard library's bare parse of the same mails."""
# ruff: noqa: RUF001, E501 - made-up mails in four languages read best unbroken

import email
import email.policy
import random
import time
from base64 import b64encode
from collections.abc import Sequence
from email.header import decode_header
from quopri import encodestring

from polyphony.channels.email.parse import read_mail

HEADERS = ("from", "to", "subject", "date", "message-id", "references")
_TEXTS = {
    "cs": "Dobrý den, rád bych se zeptal na stav své objednávky číslo {n}, která měla přijít včera. "
    "Zatím jsem nedostal žádnou zprávu. Prosím o informaci, kdy zboží dorazí. Děkuji a přeji hezký den.",
    "pl": "Dzień dobry, chciałbym zapytać o stan mojego zamówienia numer {n}, które miało przyjść "
    "wczoraj. Nie dostałem jeszcze żadnej wiadomości. Proszę o informację, kiedy dotrze. Pozdrawiam.",
    "ru": "Здравствуйте, хотел бы узнать, где мой заказ номер {n}, он должен был прийти вчера. "
    "Пока я не получил никакого сообщения. Прошу сообщить, когда он придёт. С уважением.",
    "en": "Hello, I would like to ask about my order number {n}, which should have come yesterday. "
    "I have had no message so far. Please let me know when it will arrive. Thank you and regards.",
}
_CHARSETS = {
    "cs": ("cp1250", "iso-8859-2"),
    "pl": ("cp1250", "iso-8859-2"),
    "ru": ("koi8-r", "cp1251"),
    "en": ("cp1252", "us-ascii"),
}


def mails(seed: int, n: int, kind: str) -> list[bytes]:
    """Return n mails of a kind from a seed: `plain` (2.8 kB multipart) or `mixed` (1 kB to 2 MB)."""
    chance = random.Random(seed)  # noqa: S311 - a reproducible bench, not a secret
    make = {"plain": _plain, "mixed": _mixed}[kind]
    return [make(chance, number) for number in range(n)]


def _head(chance: random.Random, number: int) -> list[str]:
    person = chance.choice(("Jana Nováková", "Piotr Zieliński", "Иван Петров", "John Smith"))
    coded = b64encode(person.encode()).decode()
    subject = b64encode(f"Objednávka č. {number}".encode()).decode()
    return [
        f"Return-Path: <person{number}@mail.example>",
        f"Received: from mx{chance.randrange(9)}.mail.example (mx.mail.example [192.0.2.{chance.randrange(250)}])",
        f"\tby in.desk.example (Postfix) with ESMTPS id {chance.randrange(1 << 40):010X}",
        "\tfor <help@desk.example>; Mon, 30 Mar 2026 08:15:03 +0200 (CEST)",
        f"From: =?utf-8?B?{coded}?= <person{number}@mail.example>",
        "To: Support <help@desk.example>",
        f"Subject: =?utf-8?B?{subject}?=",
        "Date: Mon, 30 Mar 2026 08:15:00 +0200",
        f"Message-ID: <{number}.{chance.randrange(1 << 60):x}@mail.example>",
        f"References: <{chance.randrange(1 << 60):x}@desk.example>",
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=mail.example; s=2026;",
        f"\tt=1774851300; bh={b64encode(chance.randbytes(32)).decode()};",
        "\th=From:To:Subject:Date:Message-ID:References:MIME-Version;",
        f"\tb={b64encode(chance.randbytes(96)).decode()}",
        f"\t {b64encode(chance.randbytes(96)).decode()}",
        "User-Agent: Mozilla Thunderbird",
        "Content-Language: cs",
        "MIME-Version: 1.0",
    ]


def _lines(*parts: str) -> bytes:
    return "\r\n".join(parts).replace("\r\n", "\n").replace("\n", "\r\n").encode()


def _plain(chance: random.Random, number: int) -> bytes:
    language = chance.choice(tuple(_TEXTS))
    text = _TEXTS[language].format(n=number)
    boundary = f"=_{chance.randrange(1 << 60):016x}"
    html = (
        '<html><head><meta charset="utf-8"></head><body><div dir="ltr" style="font-size:14px">'
        f'<p>{text}</p><p><b>{number}</b> <a href="https://shop.example/o/{number}">shop</a></p>'
        '<div class="gmail_signature">--<br>Tel. +420 000 000 000<br></div></div></body></html>'
    )
    while len(html) < 700:
        html = html.replace("</p>", " &nbsp;</p>", 1)
    return _lines(
        *_head(chance, number),
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
        "",
        f"--{boundary}",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
        "",
        encodestring(text.encode()).decode(),
        f"--{boundary}",
        'Content-Type: text/html; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
        "",
        encodestring(html.encode()).decode(),
        f"--{boundary}--",
        "",
    )


def _mixed(chance: random.Random, number: int) -> bytes:
    language = chance.choice(tuple(_TEXTS))
    charset = chance.choice(_CHARSETS[language])
    text = _TEXTS[language].format(n=number).encode(charset, "replace")
    boundary = f"=_{chance.randrange(1 << 60):016x}"
    head = _lines(
        *_head(chance, number),
        f'Content-Type: multipart/mixed; boundary="{boundary}"',
        "",
        f"--{boundary}",
        f'Content-Type: text/plain; charset="{charset}"',
        "Content-Transfer-Encoding: 8bit",
        "",
        "",
    )
    size = int(1024 * 2 ** (chance.random() * 10.5))
    file = b64encode(chance.randbytes(size))
    folded = b"\r\n".join(file[at : at + 76] for at in range(0, len(file), 76))
    middle = _lines(
        "",
        f"--{boundary}",
        f'Content-Type: application/pdf; name="doc{number}.pdf"',
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment; filename="doc{number}.pdf"',
        "",
        "",
    )
    return head + text + middle + folded + f"\r\n--{boundary}--\r\n".encode()


def floor(batch: Sequence[bytes]) -> float:
    """Return the CPU seconds of the least any reader must do.

    That is: parse with compat32, decode six headers and every body.
    """
    begun = time.process_time()
    seen = 0
    for raw in batch:
        message = email.message_from_bytes(raw, policy=email.policy.compat32)
        for name in HEADERS:
            for piece, charset in decode_header(str(message.get(name, ""))):
                seen += len(
                    piece.decode(charset or "ascii", "replace")
                    if isinstance(piece, bytes)
                    else piece
                )
        for part in message.walk():
            if not part.is_multipart():
                data = part.get_payload(decode=True)
                if isinstance(data, bytes) and part.get_content_maintype() == "text":
                    seen += len(data.decode(part.get_content_charset() or "ascii", "replace"))
    spent = time.process_time() - begun
    if batch and not seen:
        raise AssertionError("the floor understood nothing")
    return spent


def measured(batch: Sequence[bytes]) -> float:
    """Return the CPU seconds of the product's reader for the same mails."""
    begun = time.process_time()
    understood = sum(1 for raw in batch if read_mail(raw).text)
    spent = time.process_time() - begun
    if understood != len(batch):
        raise AssertionError("a mail of the bench was not understood")
    return spent
