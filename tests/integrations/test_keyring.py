"""The key ring: MACs per purpose, sealing bound to the row, rotation without a stop."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.errors import Invalid
from polyphony.integrations import keyring
from polyphony.integrations.keyring import FileKeyRing, Key, KeysRefused

AT = datetime(2026, 11, 22, tzinfo=UTC)
RING = FileKeyRing("house", [Key("0a0b0c0d", b"s" * 32, AT.isoformat())])


def test_a_new_ring_is_private_and_found_again(tmp_path):
    path = tmp_path / "deep" / "keys"
    first = keyring.create(path, AT)
    assert path.stat().st_mode & 0o777 == 0o600
    again = keyring.create(path, AT)
    assert again.deployment == first.deployment
    assert again.checks("token", "text", first.mac("token", "text"))


def test_a_ring_open_to_others_is_refused(tmp_path):
    path = tmp_path / "keys"
    keyring.create(path, AT)
    path.chmod(0o640)
    with pytest.raises(KeysRefused, match="chmod 600"):
        keyring.load(path)


@pytest.mark.parametrize("text", ["", "{}", '{"keys": [], "deployment": "x"}', '{"keys": 3}'])
def test_a_damaged_ring_is_refused(tmp_path, text):
    path = tmp_path / "keys"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeysRefused):
        keyring.load(path)


def test_after_a_rotation_old_macs_and_seals_still_work_and_new_ones_differ(tmp_path):
    path = tmp_path / "keys"
    old = keyring.create(path, AT)
    sealed = old.seal("secret", "row 1")
    keyring.rotate(path, AT)
    new = keyring.load(path)
    assert new.unseal(sealed, "row 1") == "secret"
    assert new.checks("a", "text", old.mac("a", "text"))
    assert new.mac("a", "text") != old.mac("a", "text")
    assert not old.checks("a", "text", new.mac("a", "text"))
    assert new.deployment == old.deployment


@given(st.text(), st.text(min_size=1, max_size=20))
def test_a_mac_is_good_for_its_purpose_and_text_only(text, purpose):
    mac = RING.mac(purpose, text)
    assert len(mac) == 32
    assert RING.checks(purpose, text, mac)
    assert RING.checks(purpose, text, mac[:16])
    assert not RING.checks(purpose, text, mac[:15])
    assert not RING.checks(purpose, text, b"")
    assert not RING.checks(purpose + "x", text, mac)
    assert not RING.checks(purpose, text + "x", mac)


@given(st.text(), st.text(), st.data())
def test_a_sealed_text_opens_only_whole_and_in_its_own_row(text, about, data):
    sealed = RING.seal(text, about)
    assert RING.unseal(sealed, about) == text
    assert RING.seal(text, about) != sealed
    with pytest.raises(Invalid):
        RING.unseal(sealed, about + "x")
    place = data.draw(st.integers(0, len(sealed) - 1))
    with pytest.raises(Invalid):
        RING.unseal(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :], about)
    with pytest.raises(Invalid):
        RING.unseal(sealed[:place], about)
