"""Manifest: the form of a door refuses what does not fit, and never repeats a secret."""

import pytest

from polyphony.channels.chat import MANIFEST
from polyphony.domain.errors import Invalid


def test_a_short_secret_is_refused_without_being_repeated() -> None:
    with pytest.raises(Invalid) as refused:
        MANIFEST.check_secrets({"hmac_secret": "short-one"})
    assert refused.value.code == "account.secret_value"
    assert "short-one" not in str(refused.value.facts)
    assert "32" in str(refused.value.facts)


def test_a_long_secret_and_a_removed_one_fit() -> None:
    MANIFEST.check_secrets({"hmac_secret": "x" * 32})
    MANIFEST.check_secrets({"hmac_secret": None})
