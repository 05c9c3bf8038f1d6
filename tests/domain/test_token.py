"""Token: names its Case, carries 128 bits of proof, survives a mail address."""

import re
from uuid import UUID

from polyphony.domain import token
from polyphony.domain.channel import Address, ChannelKind

CASE = UUID("0192b0c0-0000-7000-8000-000000000001")
MAC = bytes(range(32))


def test_a_token_says_its_case_and_carries_128_bits():
    written = token.write(CASE, MAC)
    assert token.read(written) == (CASE, MAC[:16])
    assert re.fullmatch(r"[a-z2-7]{52}", written)
    assert len("b+" + written) <= 64  # the longest local part of an address
    assert token.read(written.upper()) == token.read(written)


def test_what_is_no_token_is_none():
    written = token.write(CASE, MAC)
    for wrong in ("", "x", written[:-1], written + "a", "1" * 52, "é" * 52, "=" * 52):
        assert token.read(wrong) is None


def test_the_claim_binds_deployment_case_and_recipient():
    who = Address(ChannelKind.EMAIL, "petr@customer.example")
    claims = {
        token.claim("here", CASE, who),
        token.claim("there", CASE, who),
        token.claim("here", UUID(int=1), who),
        token.claim("here", CASE, Address(ChannelKind.EMAIL, "jan@customer.example")),
        token.claim("here", CASE, Address(ChannelKind.CHAT, "petr@customer.example")),
        token.claim("here", CASE, Address(ChannelKind.EMAIL, "petr@customer.example", "x")),
    }
    assert len(claims) == 6
