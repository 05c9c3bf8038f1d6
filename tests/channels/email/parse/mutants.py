"""Damaged mails from sound ones: cuts, flips, repeats, hostile pieces; reproducible by seed."""

import random
from collections.abc import Iterator, Sequence

HOSTILE = (
    b"\x00", b"\xff\xfe", b"=?utf-8?b?", b"?=", b"\r\n\r\n", b"--", b"boundary=", b"=\n",
    b"\xf0\x9f", b"<", b">", b'"', b"(", b"\\", b'Content-Type: multipart/mixed; boundary="',
    b"charset=utf-7", b"charset=iso-2022-jp", b"name*0*=", b"*=utf-8''%", b"\x1b$B",
    b"begin 644 x\n", b"Content-Transfer-Encoding: base64\n", b"+AAA", b"\xed\xa0\x80", b"From: ",
    b"Date: 99", b"charset=utf-16", b"charset=undefined", b"charset=idna", b"\\ud800",
    b'charset="unicode_escape"', b"&#xD800;", b"&#0;", b"+2AA-", b"Content-Type: message/rfc822\n",
)  # fmt: skip


def mutants(sound: Sequence[bytes], seed: int, count: int) -> Iterator[bytes]:
    """Yield damaged variants of the mails."""
    chance = random.Random(seed)
    for _ in range(count):
        raw = bytearray(chance.choice(sound))
        for _ in range(chance.randint(1, 8)):
            _damage(raw, chance, sound)
        yield bytes(raw)


def _damage(raw: bytearray, chance: random.Random, sound: Sequence[bytes]) -> None:
    at = chance.randrange(len(raw) + 1)
    way = chance.randrange(6)
    if way == 0:
        raw[at:at] = chance.choice(HOSTILE)
    elif way == 1:
        del raw[at : at + chance.randrange(1, 200)]
    elif way == 2 and raw:
        raw[at % len(raw)] = chance.randrange(256)
    elif way == 3:
        raw[at:at] = raw[at : at + chance.randrange(1, 300)] * chance.randrange(1, 4)
    elif way == 4:
        raw[at:at] = chance.randbytes(chance.randrange(1, 30))
    else:
        other = chance.choice(sound)
        start = chance.randrange(len(other) + 1)
        raw[at:at] = other[start : start + chance.randrange(1, 500)]
