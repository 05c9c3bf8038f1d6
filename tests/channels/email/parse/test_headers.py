"""Header words, parameters, addresses and dates, sound and broken."""

import pytest

from polyphony.channels.email.parse import addresses, dates, read_mail, words
from polyphony.channels.email.parse.body import file_name
from polyphony.channels.email.parse.shape import Defects, Limits, Mailbox


def decode(value: bytes) -> str:
    return words.text(value, words.Context(Defects()))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (b"=?utf-8?Q?P=C5=99=C3=ADli=C5=A1?=", "Příliš"),
        (b"=?utf-8?Q?P=C5?=\r\n =?utf-8?Q?=99=C3=AD?=", "Pří"),
        (b"=?utf-8?B?xb4=?= =?utf-8?Q?_x?=", "ž x"),
        (b"=?UTF-8?q?two words?= rest", "two words rest"),
        (b"a =?utf-8?q?b?= c =?utf-8?q?d?=", "a b c d"),
        (b"=?iso-8859-2?Q?=BElu=BB?=", "žluť"),
        (b"=?koi8-r?B?8NLJ18XU?=", "Привет"),
        (b"=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=", "Привет"),
        (b"=?utf-8*en?Q?x=20y?=", "x y"),
        (b"=?utf-8?Q?cut_off", "cut off"),
        (b"=?utf-8?B?xb4", "ž"),
        (b"=?iso-2022-jp?B?GyRCJDMbKEI=?= =?iso-2022-jp?B?GyRCJHMbKEI=?=", "こん"),
        ("Příliš".encode(), "Příliš"),
        ("Příliš žluťoučký kůň úpěl".encode("cp1250"), "Příliš žluťoučký kůň úpěl"),
        (b"folded\r\n\tline", "folded line"),
        (b"=? not a word ?=", "=? not a word ?="),
    ],
)
def test_words_are_decoded(raw: bytes, text: str) -> None:
    assert decode(raw) == text


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ('attachment; filename="a.pdf"', "a.pdf"),
        ("attachment; filename=a b.pdf", "a b.pdf"),
        ("attachment; filename*=utf-8''%C5%BElu%C5%A5.pdf", "žluť.pdf"),
        ("attachment; filename*1*=%A5.pdf; filename*0*=utf-8''%C5%BElu%C5", "žluť.pdf"),
        ('attachment; filename*0="long "; filename*1="name.pdf"', "long name.pdf"),
        ('attachment; filename="=?utf-8?B?xb5sdcWlLnBkZg==?="', "žluť.pdf"),
        ('attachment; filename="C:\\temp\\a.pdf"', "a.pdf"),
        ("attachment; filename=../../etc/passwd", "passwd"),
        ('attachment; filename="say "hi".txt"', 'say "hi".txt'),
        ('attachment; filename="open.txt', "open.txt"),
        ("attachment; filename=", None),
        ('attachment filename="x.txt"', "x.txt"),
    ],
)
def test_file_names_survive_every_way_of_writing_them(raw: str, name: str | None) -> None:
    mail = read_mail(
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/pdf\n"
        b"Content-Disposition: " + raw.encode() + b"\n\nx\n--b--\n"
    )
    assert [one.filename for one in mail.attachments] == [name]


def test_long_file_names_keep_their_suffix() -> None:
    name = file_name("ž" * 300 + ".pdf")
    assert name is not None
    assert len(name.encode()) <= 255
    assert name.endswith("ž.pdf")


def boxes(value: str) -> list[tuple[str, str]]:
    found = addresses.parse(value.encode(), words.Context(Defects()), Limits())
    return [(one.name, one.address) for one in found]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("a@b.example", [("", "a@b.example")]),
        ("<a@b.example>", [("", "a@b.example")]),
        ("A@B.Example", [("", "A@b.example")]),
        ("Jana <a@b.example>", [("Jana", "a@b.example")]),
        ('"Novák, Jan" <a@b.example>', [("Novák, Jan", "a@b.example")]),
        ("=?utf-8?Q?Nov=C3=A1k=2C_Jan?= <a@b.example>", [("Novák, Jan", "a@b.example")]),
        ("=?utf-8?Q?Smith, John?= <a@b.example>", [("Smith, John", "a@b.example")]),
        ('"=?utf-8?B?xb4=?=" <a@b.example>', [("ž", "a@b.example")]),
        ("=?utf-8?Q?Jana_=3Ca=40b.example=3E?=", [("Jana", "a@b.example")]),
        ("a@b.example (Jana (the boss))", [("Jana (the boss)", "a@b.example")]),
        ("a@b.example, c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
        ("a@b.example; c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
        ("Group: a@b.example, c@d.example;", [("", "a@b.example"), ("", "c@d.example")]),
        ("undisclosed-recipients:;", []),
        ('"john smith"@b.example', [("", '"john smith"@b.example')]),
        ('"john"@b.example', [("", "john@b.example")]),
        ("<<a@b.example>>", [("", "a@b.example")]),
        ("Jana <mailto:a@b.example>", [("Jana", "a@b.example")]),
        ("<@x,@y:a@b.example>", [("", "a@b.example")]),
        ("Jana <a@b.example", [("Jana", "a@b.example")]),
        ("a@b.example, a@b.example", [("", "a@b.example")]),
        ("MAILER-DAEMON <MAILER-DAEMON>", [("MAILER-DAEMON", "MAILER-DAEMON")]),
        ("Nobody at all", [("Nobody at all", "")]),
        ("pelé@b.example", [("", "pelé@b.example")]),
        ("<>", []),
        ("", []),
    ],
)
def test_addresses_are_found(raw: str, found: list[tuple[str, str]]) -> None:
    assert boxes(raw) == found


def test_more_than_a_thousand_addresses_are_cut_and_said_so() -> None:
    defects = Defects()
    raw = b", ".join(b"a%d@b.example" % number for number in range(2000))
    assert len(addresses.parse(raw, words.Context(defects), Limits())) == 1000
    assert defects.all() == ("addresses_cut",)


def test_line_breaks_do_not_reach_a_name() -> None:
    mail = read_mail(b"From: =?utf-8?q?a=0D=0Ab?= <a@b.example>\n\n")
    assert mail.from_ == Mailbox("ab", "a@b.example")


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("Mon, 30 Mar 2026 08:15:00 +0200", "2026-03-30T08:15:00+02:00"),
        ("30 Mar 2026 08:15 +0200", "2026-03-30T08:15:00+02:00"),
        ("Mon, 30 Mar 2026 08:15:00 -0000", "2026-03-30T08:15:00+00:00"),
        ("Mon, 30 Mar 2026 08:15:00 GMT", "2026-03-30T08:15:00+00:00"),
        ("Mon, 30 Mar 2026 08:15:00 EST", "2026-03-30T08:15:00-05:00"),
        ("Mon, 30 Mar 2026 08:15:00 XYZ", "2026-03-30T08:15:00+00:00"),
        ("Mon, 30 Mar 2026 08:15:00 +0200 (CEST)", "2026-03-30T08:15:00+02:00"),
        ("Mon, 30 Mar 26 08:15:00 +0200", "2026-03-30T08:15:00+02:00"),
        ("Mon, 30-Mar-2026 08:15:00 +0200", "2026-03-30T08:15:00+02:00"),
        ("Mon Mar 30 08:15:00 2026", "2026-03-30T08:15:00+00:00"),
        ("2026-03-30T08:15:00+02:00", "2026-03-30T08:15:00+02:00"),
        ("March 30, 2026 8:15 PM", "2026-03-30T20:15:00+00:00"),
        ("Mon, 30 Mar 2026 24:15:00 +0200", None),
        ("Mon, 31 Feb 2026 08:15:00 +0200", None),
        ("1 Jan 1969 00:00:00 +0000", None),
        ("", None),
        ("soon", None),
    ],
)
def test_dates_are_read_as_written(raw: str, found: str | None) -> None:
    assert dates.parse(raw) == found
