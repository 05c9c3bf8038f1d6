"""Mails built to hurt a reader, by name; each must cost little and get an answer."""
# ruff: noqa: E501 - mails of the world are quoted as they are written

from base64 import b64encode

_FROM = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nDate: Mon, 30 Mar 2026 08:15:00 +0200\r\n"


def _nested_messages() -> bytes:
    return _FROM + b"Content-Type: message/rfc822\r\n\r\n" * 3000 + b"end"


def _nested_multiparts() -> bytes:
    opened = (
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number)
        for number in range(1000)
    )
    return _FROM + b"".join(opened) + b"\r\nend"


def _parts(count: int = 100_000) -> bytes:
    return (
        _FROM + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * count
    )


def _html(inner: str) -> bytes:
    return _FROM + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + inner.encode()


def _header(name: bytes, value: bytes) -> bytes:
    return name + b": " + value + b"\r\n" + _FROM + b"\r\nbody"


def _plain(body: bytes, kind: bytes = b"text/plain") -> bytes:
    return _FROM + b"Content-Type: " + kind + b"\r\n\r\n" + body


def bombs() -> dict[str, bytes]:
    """Return every bomb by name."""
    many = b", ".join(b"p%d@x.example" % number for number in range(50_000))
    pieces = b"".join(b';\r\n name*%d="aaaa"' % number for number in range(20_000))
    return {
        "3000 nested messages": _nested_messages(),
        "1000 nested multiparts": _nested_multiparts(),
        "100000 parts": _parts(),
        "100000 headers": b"X-A: b\r\n" * 100_000 + _FROM + b"\r\nbody",
        "header of 5 MB": _header(b"Subject", b"x" * 5_000_000),
        "folded header of 5 MB": _header(b"Subject", b"x\r\n " * 1_250_000),
        "50000 addresses": _header(b"To", many),
        "open comments": _header(b"From", b"(" * 60_000),
        "comment pairs": _header(b"From", b"(()" * 20_000),
        "open brackets": _header(b"From", b"<" * 60_000),
        "colons": _header(b"To", b"a@" + b":" * 60_000),
        "quotes": _header(b"To", b'"' * 60_000),
        "quotes in parameters": _header(b"Content-Type", b'text/plain; a="' + b'"x' * 30_000),
        "blanks in an address": _header(b"From", b"a" + b" " * 60_000 + b"b"),
        "encoded words without end": _header(b"Subject", b"=?utf-8?q?" * 6_000),
        "many encoded words": _header(b"Subject", b"=?utf-8?q?x?= " * 4_000),
        "20000 pieces of a name": _plain(b"x", b"text/plain" + pieces),
        "100000 nested div": _html("<div>" * 100_000 + "x"),
        "100000 nested p in div": _html("<div><p>" * 100_000 + "x"),
        "100000 nested b": _html("<b>" * 100_000 + "x" + "</b>" * 100_000),
        "50000 open tables": _html("<table><tr><td>" * 50_000),
        "formatting in wrong order": _html("<b><i><u>" * 20_000 + "</b></i></u>" * 20_000),
        "600000 open angle brackets": _html("<" * 600_000),
        "long attribute": _html('<a href="' + "x" * 1_000_000 + '">x</a>'),
        "100000 attributes": _html("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</p>"),
        "200000 entities": _html("&amp;" * 200_000),
        "open comment": _html("<!--" * 200_000),
        "20000 quoted lines": _plain(b"> quoted\r\n" * 20_000),
        "deep quotes": _plain(b">" * 100_000 + b" x\r\n"),
        "20000 attributions": _plain(b"On Mon, 1 Jan 2026 at 10:00 A B <a@b.example>\r\n" * 20_000),
        "20000 labels": _plain(b"From: a\r\n" * 20_000),
        "line of 600000 characters": _plain(b"a" * 600_000),
        "line of 600000 blanks": _plain(b" " * 600_000 + b"x"),
        "600000 colons": _plain(b":" * 600_000),
        "100000 begin lines": _plain(b"begin 644 a\r\n" * 100_000),
        "quoted-printable blanks": _FROM
        + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        + b"a= "
        + b" " * 600_000
        + b"x \r\n",
        "flowed": _plain(b"a \r\n" * 100_000, b"text/plain; format=flowed"),
        "boundaries without lines": _FROM
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b" * 500_000,
        "wrong base64": _FROM + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=a" * 500_000,
        "report of 5000 recipients": _FROM
        + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\n"
        + b"no\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        + b"".join(
            b"Final-Recipient: rfc822; p%d@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" % n
            for n in range(5_000)
        ),
        "daemon with 5000 addresses": b"From: MAILER-DAEMON@x.example\r\nSubject: Undelivered Mail\r\n\r\n"
        + b"".join(b"<p%d@x.example>: 550 no\r\n" % n for n in range(5_000)),
        "winmail that lies": _FROM
        + b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b64encode(b"\x78\x9f\x3e\x22\x01\x00" + b"\x01\x03\x90\x06\x00\xff\xff\xff\xff" * 10_000),
        "binary": bytes(range(256)) * 8_000,
        "nothing": b"",
        "only line ends": b"\r\n" * 200_000,
        "utf-16": "From: a@b.example\r\n\r\nx".encode("utf-16"),
    }
