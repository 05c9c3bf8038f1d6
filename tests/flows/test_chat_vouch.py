"""Forged, stale and foreign proofs of identity are refused, each for its own reason."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from polyphony.domain.chat import Enforce, How
from polyphony.domain.errors import NotAuthenticated
from polyphony.flows.vouch import Lock, lock_of, vouch

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = "a-secret-of-the-account-0123456789abcdef"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = RSA.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
).decode()
PUBLIC = (
    RSA.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
LOCK = Lock("pk_shop", Enforce.OFF, trusts_email=True, secret=SECRET, public_key=PUBLIC)


def claims(**change: object) -> dict[str, object]:
    whole = {
        "sub": "4711",
        "aud": "pk_shop",
        "exp": int((NOW + timedelta(minutes=30)).timestamp()),
        "name": "Eva",
        "email": "Eva@Example.org",
    }
    return {k: v for k, v in {**whole, **change}.items() if v is not ...}


def hs256(body: dict[str, object], secret: str = SECRET) -> str:
    return jwt.encode({"alg": "HS256"}, body, OctKey.import_key(secret))


def rs256(body: dict[str, object]) -> str:
    return jwt.encode({"alg": "RS256"}, body, RSAKey.import_key(PRIVATE), algorithms=["RS256"])


def by_hand(header: dict[str, object], body: object, secret: bytes | None) -> str:
    """A token made without a library that would refuse to make it."""
    head, rest = (
        urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, body)
    )
    signed = head + b"." + rest
    mac = b"" if secret is None else hmac.new(secret, signed, hashlib.sha256).digest()
    return (signed + b"." + urlsafe_b64encode(mac).rstrip(b"=")).decode()


@pytest.mark.parametrize("sign", [hs256, rs256])
def test_a_right_token_names_the_customer_and_proves_his_address(sign) -> None:
    found = vouch(LOCK, sign(claims()), None, NOW)
    assert (found.key, found.how, found.assurance) == ("u:4711", How.JWT, 3)
    assert (found.email, found.email_proved, found.name) == ("eva@example.org", True, "Eva")


def test_an_address_in_a_token_proves_nothing_unless_the_account_says_so() -> None:
    careful = Lock("pk_shop", Enforce.OFF, secret=SECRET)
    assert not vouch(careful, hs256(claims()), None, NOW).email_proved
    assert not vouch(LOCK, hs256(claims(email_verified=False)), None, NOW).email_proved


WRONG = {
    "alg none": lambda: by_hand({"alg": "none"}, claims(), None),
    "alg None": lambda: by_hand({"alg": "None"}, claims(), None),
    "alg missing": lambda: by_hand({}, claims(), SECRET.encode()),
    "alg list": lambda: by_hand({"alg": ["HS256"]}, claims(), SECRET.encode()),
    "alg HS512": lambda: by_hand({"alg": "HS512"}, claims(), SECRET.encode()),
    "public key taken for a secret": lambda: by_hand({"alg": "HS256"}, claims(), PUBLIC.encode()),
    "HS256 signature called RS256": lambda: by_hand({"alg": "RS256"}, claims(), SECRET.encode()),
    "crit": lambda: by_hand({"alg": "HS256", "crit": ["x"]}, claims(), SECRET.encode()),
    "another secret": lambda: hs256(claims(), "the-secret-of-another-deployment-0123456789"),
    "no signature": lambda: hs256(claims()).rpartition(".")[0] + ".",
    "body swapped": lambda: ".".join(
        [
            hs256(claims()).split(".")[0],
            hs256(claims(sub="1")).split(".")[1],
            hs256(claims()).split(".")[2],
        ]
    ),
    "expired": lambda: hs256(claims(exp=int((NOW - timedelta(minutes=2)).timestamp()))),
    "lives too long": lambda: hs256(claims(exp=int((NOW + timedelta(hours=2)).timestamp()))),
    "lives for ever": lambda: hs256(claims(exp=...)),
    "expiry of text": lambda: by_hand({"alg": "HS256"}, claims(exp="soon"), SECRET.encode()),
    "expiry beyond time": lambda: by_hand({"alg": "HS256"}, claims(exp=1e300), SECRET.encode()),
    "not yet": lambda: hs256(claims(nbf=int((NOW + timedelta(minutes=9)).timestamp()))),
    "other account": lambda: hs256(claims(aud="pk_other")),
    "other accounts": lambda: hs256(claims(aud=["pk_other", "pk_third"])),
    "no account": lambda: hs256(claims(aud=...)),
    "no subject": lambda: hs256(claims(sub=...)),
    "empty subject": lambda: by_hand({"alg": "HS256"}, claims(sub=""), SECRET.encode()),
    "subject of numbers": lambda: by_hand({"alg": "HS256"}, claims(sub=4711), SECRET.encode()),
    "body no object": lambda: by_hand({"alg": "HS256"}, [1], SECRET.encode()),
    "two parts": lambda: "a.b",
    "five parts": lambda: "a.b.c.d.e",
    "garbage": lambda: "\u0000\u2028.x.y",
    "endless": lambda: "a" * 100_000,
    "not text": lambda: {"alg": "HS256"},
    "deep header": lambda: urlsafe_b64encode(b"[" * 5000).decode() + ".x.y",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_token_opens_nothing_even_where_anonymous_visitors_are_welcome(name: str) -> None:
    with pytest.raises(NotAuthenticated):
        vouch(LOCK, WRONG[name](), None, NOW)


def test_an_account_without_a_public_key_accepts_no_rsa_and_without_a_secret_no_hmac() -> None:
    with pytest.raises(NotAuthenticated):
        vouch(Lock("pk_shop", Enforce.OFF, secret=SECRET), rs256(claims()), None, NOW)
    with pytest.raises(NotAuthenticated):
        vouch(Lock("pk_shop", Enforce.OFF, public_key=PUBLIC), hs256(claims()), None, NOW)
    empty = hmac.new(b"", b"4711", hashlib.sha256).hexdigest()
    with pytest.raises(NotAuthenticated):
        vouch(Lock("pk_shop", Enforce.OFF), None, {"id": "4711", "hash": empty}, NOW)


def test_the_mac_of_an_id_names_the_customer_but_proves_no_address() -> None:
    mac = hmac.new(SECRET.encode(), b"4711", hashlib.sha256).hexdigest()
    found = vouch(LOCK, None, {"id": "4711", "email": "e@example.org", "hash": mac}, NOW)
    assert (found.key, found.how, found.email_proved) == ("u:4711", How.HMAC, False)


@pytest.mark.parametrize("mac", ["0" * 64, "xyz", 5, "0" * 63, ["a"]])
def test_a_wrong_mac_is_refused_and_never_taken_for_none(mac: object) -> None:
    with pytest.raises(NotAuthenticated):
        vouch(LOCK, None, {"id": "4711", "hash": mac}, NOW)


def test_the_mac_of_another_id_is_refused() -> None:
    mac = hmac.new(SECRET.encode(), b"4711", hashlib.sha256).hexdigest()
    with pytest.raises(NotAuthenticated):
        vouch(LOCK, None, {"id": "4712", "hash": mac}, NOW)


def test_without_proof_a_name_is_a_claim_of_a_newcomer() -> None:
    found = vouch(LOCK, None, {"id": "4711", "name": "Eva", "email": "e@example.org"}, NOW)
    assert (found.key, found.how, found.assurance, found.email_proved) == (
        "",
        How.ANONYMOUS,
        0,
        False,
    )


def test_enforcing_accounts_refuse_the_unproved() -> None:
    for enforce, user, refused in [
        (Enforce.IDENTIFIED, {"id": "1"}, True),
        (Enforce.IDENTIFIED, None, False),
        (Enforce.ALL, {"id": "1"}, True),
        (Enforce.ALL, None, True),
        (Enforce.ALL, {}, True),
    ]:
        lock = Lock("pk_shop", enforce, secret=SECRET)
        if not refused:
            assert vouch(lock, None, user, NOW).how is How.ANONYMOUS
            continue
        with pytest.raises(NotAuthenticated):
            vouch(lock, None, user, NOW)
    assert vouch(Lock("pk_shop", Enforce.ALL, secret=SECRET), hs256(claims()), None, NOW).key


def test_a_setting_nobody_understands_locks_everybody_out() -> None:
    assert lock_of("pk", {"enforce": "sometimes"}, {}).enforce is Enforce.ALL
    assert lock_of("pk", {}, {}).enforce is Enforce.OFF
    assert not lock_of("pk", {"trust_email": "yes"}, {}).trusts_email


@given(st.text(max_size=60), st.dictionaries(st.text(max_size=5), st.integers() | st.text()))
def test_whatever_a_page_sends_the_answer_is_a_visitor_or_a_refusal(token: str, user: dict) -> None:
    try:
        found = vouch(LOCK, token, user, NOW)
    except NotAuthenticated:
        return
    assert found.how is How.ANONYMOUS
