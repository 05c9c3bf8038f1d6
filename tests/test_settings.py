"""Settings come from the environment, files and TOML; what is unknown or unsafe stops the start."""

import pytest
from pydantic import ValidationError

from polyphony import settings
from polyphony.settings import SettingsRefused, read


def test_without_any_setting_we_listen_on_loopback_and_run_our_own_database():
    found = read({})
    assert (found.host, found.port, found.database_url) == ("127.0.0.1", 8000, None)
    assert found.address == "http://127.0.0.1:8000"


def test_a_misspelt_name_stops_with_a_suggestion():
    with pytest.raises(SettingsRefused, match="did you mean POLYPHONY_DATABASE_URL"):
        read({"POLYPHONY_DATABSE_URL": "postgresql://x"})


def test_names_of_tests_and_of_others_are_passed_over():
    read({"POLYPHONY_TEST_STRICT": "1", "POLYPHONY_DEV_DATA": "/x", "HOME": "/x", "PORT": "1"})


def test_a_secret_can_come_from_a_file(tmp_path):
    (tmp_path / "url").write_text("postgresql://somewhere/db\n")
    found = read({"POLYPHONY_DATABASE_URL_FILE": str(tmp_path / "url")})
    assert found.database_url == "postgresql://somewhere/db"
    with pytest.raises(SettingsRefused, match="cannot read"):
        read({"POLYPHONY_DATABASE_URL_FILE": str(tmp_path / "missing")})


def test_a_setting_whose_own_name_ends_in_file_is_a_path(tmp_path):
    assert read({"POLYPHONY_KEYS_FILE": "/etc/keys"}).keys_path.as_posix() == "/etc/keys"


def test_the_environment_wins_over_the_file_and_the_file_is_checked_too(tmp_path):
    path = tmp_path / "p.toml"
    path.write_text('port = 9000\ntrusted_proxies = ["10.0.0.1"]\nhost = "0.0.0.0"\n')
    found = read({"POLYPHONY_CONFIG": str(path), "POLYPHONY_PORT": "9001"})
    assert (found.port, found.trusted_proxies) == (9001, ("10.0.0.1",))
    path.write_text("prt = 9000\n")
    with pytest.raises(SettingsRefused, match="did you mean POLYPHONY_PORT"):
        read({"POLYPHONY_CONFIG": str(path)})
    path.write_text("port = ")
    with pytest.raises(SettingsRefused, match="is not TOML"):
        read({"POLYPHONY_CONFIG": str(path)})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "desk.example.com"])
def test_an_address_others_can_reach_needs_tls_a_proxy_or_a_clear_word(host):
    with pytest.raises(SettingsRefused, match="POLYPHONY_INSECURE=1"):
        read({"POLYPHONY_HOST": host})
    for way in (
        {"POLYPHONY_INSECURE": "1"},
        {"POLYPHONY_TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2"},
        {"POLYPHONY_TLS_CERTIFICATE": "/c.pem", "POLYPHONY_TLS_KEY": "/k.pem"},
    ):
        assert read({"POLYPHONY_HOST": host, **way}).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_loopback_needs_nothing(host):
    assert read({"POLYPHONY_HOST": host}).host == host


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "many"),
        ("PUBLIC_URL", "desk.example.com"),
        ("MAIL_LISTEN", "25x"),
        ("TLS_KEY", "/k.pem"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_bad_value_names_its_setting_and_never_shows_what_was_given(name, value):
    with pytest.raises(SettingsRefused) as refused:
        read({f"POLYPHONY_{name}": value})
    assert "input_value" not in str(refused.value)


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        read({}).port = 1


def test_the_home_is_in_the_source_tree_when_we_run_from_one():
    assert settings.default_home().name == "var"
    assert (settings.default_home().parent / "pyproject.toml").exists()
