"""Whole mails of the great programs, captured or built, read as a person would read them."""
# ruff: noqa: E501, RUF001 - mails of the world are quoted as they are written

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from polyphony.channels.email.parse import Limits, ReadMail, read_mail

MAILS = Path(__file__).parent / "mails"


def captured(name: str) -> ReadMail:
    return read_mail((MAILS / f"{name}.eml").read_bytes())


def test_a_seznam_answer() -> None:
    mail = captured("seznam-cs")
    assert mail.from_ is not None
    assert (mail.from_.name, mail.from_.address) == ("Karel Vomáčka", "karel@seznam.example")
    assert mail.subject == "Re: Upomínka za březen"
    assert mail.date == "2026-03-30T08:15:00+02:00"
    assert mail.text_reply == "Dobrý den,\n\npeníze jsem dnes poslal.\n\nHezký den, Karel"
    assert mail.in_reply_to == (
        "0198f3a2-0000-7000-8000-000000000001.abcdefghijklmnop@desk.example",
    )
    assert mail.html_safe is not None
    assert 'data-remote="https://track.example/p.gif"' in mail.html_safe
    assert "src=" not in mail.html_safe
    assert mail.language == "cs"
    assert mail.defects == ()


def test_a_gmail_answer_with_a_file() -> None:
    mail = captured("gmail-ru")
    assert mail.from_ is not None
    assert mail.from_.name == "Анна Петрова"
    assert mail.subject == 'Re: Заказ 77" не пришёл'
    assert mail.text == "Спасибо, буду ждать.\n"
    assert [(one.filename, one.content_type, one.inline) for one in mail.attachments] == [
        ("счёт.pdf", "application/pdf", False)
    ]


def test_an_outlook_answer_with_a_picture_in_the_signature() -> None:
    mail = captured("outlook-pl")
    assert mail.from_ is not None
    assert mail.from_.name == "Kowalski, Jan"
    assert [one.name for one in mail.cc] == ["Łukasz Ziółko"]
    assert mail.subject == "Odp: Zamówienie 77"
    assert mail.text_reply == "Dzień dobry, towar odebrałem, wszystko w porządku."
    picture = mail.attachments[0]
    assert (picture.filename, picture.inline, picture.content_id) == (
        "image001.png",
        True,
        "image001.png@01DC",
    )
    assert mail.language == "pl"


def test_an_apple_mail_with_text_before_and_after_the_picture() -> None:
    mail = captured("apple-en")
    assert mail.text.startswith("Here is the picture – the lamp is broken:")
    assert "Can I get a new one?" in mail.text
    assert [one.filename for one in mail.attachments] == ["lámpa (1).jpg"]
    assert mail.attachments[0].inline


@pytest.mark.parametrize("charset", ["cp1250", "iso-8859-2", "utf-8"])
def test_czech_in_every_usual_charset_declared(charset: str) -> None:
    text = "Příliš žluťoučký kůň úpěl ďábelské ódy."
    raw = (
        f"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset={charset}\n\n".encode()
        + text.encode(charset)
    )
    assert read_mail(raw).text == text + "\n"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("cp1250", "Dobrý den, kdy přijde moje objednávka? Žádám o rychlé vyřízení, děkuji."),
        ("cp1250", "Dzień dobry, kiedy przyjdzie zamówienie? Proszę o odpowiedź, dziękuję."),
        ("cp1251", "Здравствуйте, когда придёт мой заказ? Прошу ответить, спасибо."),
        ("koi8-r", "Здравствуйте, когда придёт мой заказ? Прошу ответить, спасибо."),
        ("iso-8859-2", "Dobrý den, kdy přijde moje objednávka? Děkuji za rychlou odpověď, šéfe."),
    ],
)
def test_undeclared_bytes_are_guessed_in_text_and_subject(charset: str, text: str) -> None:
    raw = b"From: a@b.example\nSubject: " + text.encode(charset) + b"\n\n" + text.encode(charset)
    mail = read_mail(raw)
    assert mail.text == text + "\n"
    assert mail.subject == text
    assert "header_8bit" in mail.defects


@pytest.mark.parametrize(
    ("lie", "truth", "text"),
    [
        ("us-ascii", "utf-8", "Příliš žluťoučký"),
        ("iso-8859-1", "cp1252", "price – “ten” €"),
        ("iso-8859-2", "cp1250", "Šťastné žluté ťapky – šéf"),
        ("gb2312", "gb18030", "镕基喆"),
        ("shift_jis", "cp932", "①髙﨑"),
        ("shift_jis", "iso2022_jp", "こんにちは"),
        ("iso-8859-1", "utf-8", "Příliš žluťoučký kůň"),
    ],
)
def test_lies_about_the_charset_are_seen_through(lie: str, truth: str, text: str) -> None:
    raw = f"From: a@b.example\nContent-Type: text/plain; charset={lie}\n\n".encode() + text.encode(
        truth
    )
    assert read_mail(raw).text == text + "\n"


def test_line_ends_do_not_matter() -> None:
    for path in sorted(MAILS.glob("*.eml")):
        unix = read_mail(path.read_bytes())
        dos = read_mail(path.read_bytes().replace(b"\n", b"\r\n"))
        left, right = unix.to_json(), dos.to_json()
        left.pop("attachments")
        right.pop("attachments")
        assert left == right, path.name
        names = [(one.filename, one.content_type, one.inline) for one in unix.attachments]
        assert names == [(one.filename, one.content_type, one.inline) for one in dos.attachments]


def test_a_mail_over_the_size_keeps_its_headers() -> None:
    raw = (MAILS / "seznam-cs.eml").read_bytes() + b"x" * 5000
    mail = read_mail(raw, limits=Limits(size=3000))
    assert mail.defects[0] == "too_big"
    assert mail.subject == "Re: Upomínka za březen"
    assert mail.text == ""


def test_an_html_only_mail_becomes_lines() -> None:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content(
        '<p>Dobrý den,</p><ul><li>jedna</li><li>dvě</li></ul><p><a href="https://x.example/y">odkaz'
        "</a> a <a href='https://z.example'>z.example</a></p><div style='display:none'>skryté</div>",
        subtype="html",
    )
    assert read_mail(bytes(message)).text == (
        "Dobrý den,\n\n- jedna\n- dvě\n\nodkaz (https://x.example/y) a z.example\n"
    )


def test_several_authors_are_named_and_the_first_reachable_counts() -> None:
    mail = read_mail(b"From: Nobody, a@b.example, c@d.example\n\nx")
    assert mail.from_ is not None
    assert mail.from_.address == "a@b.example"
    assert "several_from" in mail.defects


@pytest.mark.parametrize(
    ("raw", "defect"),
    [
        (b"\n\nFrom: a@b.example\n\nx", "leading_garbage"),
        (b"From someone Mon\nFrom: a@b.example\n\nx", "leading_garbage"),
        (b"junk here\nFrom: a@b.example\nSubject: y\n\nx", "leading_garbage"),
        (b"just some words\nand more", "no_headers"),
        (b"Subject: x\n\n", "no_from"),
        (b"From: Nobody\n\n", "from_not_an_address"),
        (b"From: a@b.example\n\n", "message_id_missing"),
        (b"Message-ID: <>\n\n", "message_id_bad"),
        (b"Message-ID: <" + b"x" * 1000 + b"@y>\n\n", "message_id_bad"),
        (b"Subject: x\n\n", "date_missing"),
        (b"Date: yesterday\n\n", "date_bad"),
        (b"Date: Mon, 1 Jan 1900 00:00:00 +0000\n\n", "date_bad"),
        (b"Subject: =?nonsense?q?x?=\n\n", "encoded_word_bad"),
        (b"Subject: =?utf-8?q?a=0D=0AX-Evil:_b?=\n\n", "header_injection"),
        (b"Content-Type: multipart/mixed\n\nx", "boundary_missing"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx", "boundary_unclosed"),
        (b"Content-Transfer-Encoding: secret\n\nx", "encoding_unknown"),
        (b"Content-Transfer-Encoding: base64\n\n!!!!", "base64_bad"),
        (b"Content-Transfer-Encoding: quoted-printable\n\na=ZZ", "qp_bad"),
        (b"Content-Type: text/plain; charset=martian\n\n\xe9", "charset_unknown"),
        (b"Content-Type: text/plain; charset=us-ascii\n\n\xc3\xa9", "charset_wrong"),
        (b"Content-Type: application/pkcs7-mime\n\nx", "encrypted"),
        (b"From: a@b.example\n\n> only quotes", "reply_all_quoted"),
    ],
)
def test_every_oddity_has_its_code(raw: bytes, defect: str) -> None:
    assert defect in read_mail(raw).defects


def test_line_breaks_in_decoded_headers_are_removed() -> None:
    mail = read_mail(b"Subject: =?utf-8?q?a=0D=0AX-Evil:_b?=\n\n")
    assert mail.subject == "aX-Evil: b"


def test_direction_switches_never_hide_an_address() -> None:
    mail = read_mail('From: "ceo@bank.example\u202e" <x@evil.example>\n\nx'.encode())
    assert mail.from_ is not None
    assert mail.from_.name == "ceo@bank.example"
    assert mail.from_.address == "x@evil.example"


def test_enclosed_messages_are_kept_byte_for_byte() -> None:
    inner = b"Subject: inside\nContent-Transfer-Encoding: 8bit\n\nbody \xc3\xa9"
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee\n--b\nContent-Type: message/rfc822\n\n"
    mail = read_mail(raw + inner + b"\n--b--\n", keep=True)
    assert mail.text == "see\n"
    assert mail.attachments[0].data == inner
    assert mail.attachments[0].filename is None


def test_calendar_alone_is_shown_and_beside_text_is_a_file() -> None:
    alone = read_mail(b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n")
    assert "VCALENDAR" in alone.text
    beside = read_mail(
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nCome\n--b\nContent-Type: text/calendar\n\n"
        b"BEGIN:VCALENDAR\n--b--\n"
    )
    assert beside.text == "Come\n"
    assert len(beside.attachments) == 1


def test_a_uuencoded_file_leaves_the_text() -> None:
    raw = b"From: a@b.example\n\nHello\nbegin 644 ../../etc/passwd\n#0V%T\n`\nend\nBye\n"
    mail = read_mail(raw, keep=True)
    assert mail.text == "Hello\nBye\n"
    assert [(one.filename, one.data) for one in mail.attachments] == [("passwd", b"Cat")]


def test_flowed_text_is_joined() -> None:
    raw = b"Content-Type: text/plain; format=flowed\n\nOne \ntwo.\n> quoted \n> more\n-- \nme"
    assert read_mail(raw).text == "One two.\n> quoted more\n-- \nme\n"
    spaced = b"Content-Type: text/plain; format=flowed; delsp=yes\n\nco \nuntry"
    assert read_mail(spaced).text == "country\n"


def test_an_encrypted_mail_has_no_text() -> None:
    raw = (
        b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\n\n'
        b"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\n"
        b"Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n--b--\n"
    )
    mail = read_mail(raw)
    assert mail.text == ""
    assert "encrypted" in mail.defects
    assert len(mail.attachments) == 2


def test_long_ids_that_a_library_wrapped_into_encoded_words_still_name_the_thread() -> None:
    wanted = f"01a2010d-3daf-7002-b319-50064342d828.{'k' * 52}@desk.example"
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = "a@b.example", "desk@desk.example"
    mail["In-Reply-To"] = f"<{wanted}>"
    mail["References"] = f"<first@desk.example> <{wanted}>"
    mail.set_content("Thanks")
    raw = mail.as_bytes()
    assert b"In-Reply-To: =?utf-8?" in raw, "the library has changed: this test shows nothing"
    read = read_mail(raw)
    assert list(read.in_reply_to) == [wanted]
    assert list(read.references) == ["first@desk.example", wanted]
