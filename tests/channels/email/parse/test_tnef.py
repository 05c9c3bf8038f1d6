"""winmail.dat: its text is shown when the mail has no other, whatever the lengths claim."""

import struct
from base64 import encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.channels.email.parse import read_mail
from polyphony.channels.email.parse.tnef import body, decompress, rtf_text


def attribute(number: int, content: bytes, level: int = 1) -> bytes:
    checksum = sum(content) & 0xFFFF
    return (
        struct.pack("<BHHI", level, number, 0x0006, len(content))
        + content
        + struct.pack("<H", checksum)
    )


def stream(*attributes: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def prop(kind: int, key: int, value: bytes) -> bytes:
    padded = value + b"\x00" * (-len(value) % 4)
    return struct.pack("<HHII", kind, key, 1, len(value)) + padded


def test_the_body_attribute_is_text() -> None:
    assert body(stream(attribute(0x800C, b"Hello there\x00"))) == "Hello there"


def test_the_mapi_body_is_found_behind_other_properties() -> None:
    number = struct.pack("<HHI", 3, 0x0017, 1)
    name = prop(31, 0x0037, "Předmět".encode("utf-16-le"))
    text = prop(31, 0x1000, "Dobrý den, žádám".encode("utf-16-le"))
    content = struct.pack("<I", 3) + number + name + text
    assert (
        body(stream(attribute(0x8008, b"x", 1), attribute(0x9003, content))) == "Dobrý den, žádám"
    )


RTF = rb"{\rtf1\ansi\ansicpg1250\fonttbl{\f0 Arial;}Dobr\'fd den\par \u382?lut\'fd}"


def test_uncompressed_rtf_is_read() -> None:
    packed = struct.pack("<IIII", len(RTF) + 12, len(RTF), 0x414C454D, 0) + RTF
    assert decompress(packed) == RTF


def test_compressed_rtf_is_unpacked() -> None:
    # The published sample of MS-OXRTFCP: text whose middle repeats by a reference to the window.
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af3206865"
        "6c090020627705b06c647d0a800fa0"
    )
    assert decompress(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_rtf_becomes_words() -> None:
    assert "Dobrý den\nžlutý" in rtf_text(RTF.replace(rb"\fonttbl{\f0 Arial;}", b""))


def test_a_mail_that_is_only_winmail_shows_its_text() -> None:
    coded = encodebytes(stream(attribute(0x800C, b"Hello from Outlook"))).decode()
    raw = (
        "From: a@b.example\nContent-Type: application/ms-tnef; name=winmail.dat\n"
        f"Content-Transfer-Encoding: base64\n\n{coded}"
    )
    mail = read_mail(raw.encode())
    assert mail.text == "Hello from Outlook\n"
    assert [one.filename for one in mail.attachments] == ["winmail.dat"]


@pytest.mark.parametrize("cut", range(0, 60, 7))
def test_a_cut_stream_is_no_error(cut: int) -> None:
    body(stream(attribute(0x9003, struct.pack("<I", 9) + prop(30, 0x1000, b"text")))[:cut])


@given(st.binary(max_size=400))
def test_any_bytes_are_no_error(noise: bytes) -> None:
    body(struct.pack("<IH", 0x223E9F78, 1) + noise)
    decompress(struct.pack("<IIII", len(noise), 1000, 0x75465A4C, 0) + noise)
    rtf_text(noise)
