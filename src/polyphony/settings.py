"""One frozen Settings, read once from POLYPHONY_* variables and an optional TOML file."""

import difflib
import ipaddress
import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

PREFIX = "POLYPHONY_"
PASSED_OVER = ("POLYPHONY_TEST_", "POLYPHONY_DEV_DATA")


class SettingsRefused(Exception):
    """A setting is unknown, malformed or unsafe; the text says which and what to do."""


def _listed(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]


def default_home() -> Path:
    """Return ``./var`` in a source tree, else the data folder of this account."""
    tree = Path(__file__).resolve().parents[2]
    if (tree / "pyproject.toml").exists() and (tree / "src").is_dir():
        return tree / "var"
    if os.geteuid() == 0:
        return Path("/var/lib/polyphony")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "polyphony"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "polyphony"


class Settings(BaseModel):
    """Everything a deployment may choose; the description of each field is its documentation."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    home: Path = Field(
        default_factory=default_home, description="Folder of database, files, keys and logs."
    )
    config: Path | None = Field(None, description="TOML file with the same names in lower case.")
    database_url: str | None = Field(
        None,
        repr=False,
        description="A PostgreSQL ≥ 15 of yours; without it we run our own.",
    )
    database_direct_url: str | None = Field(
        None,
        repr=False,
        description="The same server past a pooler: LISTEN, advisory locks.",
    )
    database_pool: int = Field(10, ge=2, le=100, description="Connections per process at most.")
    pg_bin: Path | None = Field(None, description="Folder of other PostgreSQL programs.")
    host: str = Field("127.0.0.1", description="Address the web role listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the web role listens on.")
    public_url: str | None = Field(
        None, description="What people type into the browser, e.g. https://desk.example.com."
    )
    content_url: str | None = Field(
        None, description="A second host for mail bodies and attachments; recommended."
    )
    tls_certificate: Path | None = Field(None, description="PEM file: serve HTTPS ourselves.")
    tls_key: Path | None = Field(None, description="PEM file of the certificate's key.")
    trusted_proxies: Listed = Field(
        (), description="Addresses of reverse proxies whose X-Forwarded-* headers count."
    )
    insecure: bool = Field(
        default=False, description="1 = plain HTTP on an address others can reach; doctor warns."
    )
    mail_listen: str | None = Field(
        None,
        description="smtp://host:port or lmtp://host:port of the built-in receiver; else off.",
    )
    egress_allow: Listed = Field(
        (), description="Private ranges that fetches named by people may reach, e.g. 10.0.0.0/8."
    )
    keys_file: Path | None = Field(None, description="The key ring, mode 0600; default home/keys.")
    backup_passphrase: str | None = Field(
        None, repr=False, description="Wraps the key ring in backups; asked for when missing."
    )
    offline: Literal["off", "outbox_only", "full"] = Field(
        "outbox_only",
        description="What browsers keep: off, outbox_only (what is written), "
        "full (also what was read).",
    )
    single: bool = Field(default=False, description="1 = all roles in one process.")
    migrate: bool = Field(default=True, description="0 = never migrate at the start.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What goes to the log."
    )

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if bool(self.tls_certificate) != bool(self.tls_key):
            raise ValueError("tls_certificate and tls_key belong together")
        protected = self.tls_certificate or self.trusted_proxies or self.insecure
        if not (_loopback(self.host) or protected):
            raise ValueError(
                f"host {self.host} can be reached from outside without TLS. Set "
                "POLYPHONY_TLS_CERTIFICATE and POLYPHONY_TLS_KEY, or name your proxy in "
                "POLYPHONY_TRUSTED_PROXIES, or POLYPHONY_INSECURE=1 if you know what you do"
            )
        for network in self.egress_allow:
            ipaddress.ip_network(network)
        for name in ("public_url", "content_url"):
            url = getattr(self, name)
            if url is not None and urlsplit(url).scheme not in ("http", "https"):
                raise ValueError(f"{name} must begin with http:// or https://")
        if self.mail_listen is not None and not self.mail_listen.rpartition(":")[2].isdigit():
            raise ValueError("mail_listen must be smtp://host:port or lmtp://host:port")
        return self

    @property
    def keys_path(self) -> Path:
        """Where the key ring lies."""
        return self.keys_file or self.home / "keys"

    @property
    def files_path(self) -> Path:
        """Where attachments and other blobs lie."""
        return self.home / "files"

    @property
    def address(self) -> str:
        """What people type into the browser."""
        if self.public_url:
            return self.public_url.rstrip("/")
        scheme = "https" if self.tls_certificate else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Read environment (``NAME`` or ``NAME_FILE``) over TOML; raise SettingsRefused."""
    given = _from_environment(os.environ if environ is None else environ)
    path = given.get("config")
    values = {**(_from_toml(Path(path)) if path else {}), **given}
    try:
        return Settings.model_validate(values)
    except ValidationError as refused:
        raise SettingsRefused(
            "\n".join(_worded(dict(error)) for error in refused.errors())
        ) from None


def _worded(error: Mapping[str, object]) -> str:
    place = error["loc"]
    name = PREFIX + str(place[0]).upper() if isinstance(place, tuple) and place else "settings"
    return f"{name}: {str(error['msg']).removeprefix('Value error, ')}"


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX) or variable.startswith(PASSED_OVER):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in Settings.model_fields and name.endswith("_file"):
            name, text = name.removesuffix("_file"), _content(variable, text)  # noqa: PLW2901 - the file speaks for the variable
        if name not in Settings.model_fields:
            raise SettingsRefused(f"{variable} is not a setting{_suggestion(name)}")
        if text != "":
            values[name] = text
    return values


def _content(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsRefused(f"{variable}: cannot read {path}: {error.strerror}") from error


def _from_toml(path: Path) -> dict[str, object]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsRefused(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise SettingsRefused(f"{path} is not TOML: {error}") from error
    for name in values:
        if name not in Settings.model_fields:
            raise SettingsRefused(f"{path}: {name} is not a setting{_suggestion(name)}")
    return values


def _suggestion(name: str) -> str:
    near = difflib.get_close_matches(name, Settings.model_fields, n=1)
    return f"; did you mean {PREFIX}{near[0].upper()}?" if near else ""
