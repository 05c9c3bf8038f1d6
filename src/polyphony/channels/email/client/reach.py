"""How a mail server is reached: which address, which port, which encryption, whose trust."""

import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from polyphony.domain.errors import Invalid
from polyphony.domain.failure import AccountBroken, Temporary
from polyphony.ports import Account, Outgoing

PORTS = {
    ("imap", "tls"): 993,
    ("imap", "starttls"): 143,
    ("imap", "none"): 143,
    ("smtp", "tls"): 465,
    ("smtp", "starttls"): 587,
    ("smtp", "none"): 25,
}
SECURITY_BY_DEFAULT = {"imap": "tls", "smtp": "starttls"}


@dataclass(frozen=True, slots=True)
class Server:
    """One mail server of an account; ``protocol`` is imap or smtp."""

    protocol: str
    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    ca: str = field(default="", repr=False)


def server_of(account: Account, protocol: str) -> Server:
    """Read the account's settings; raise AccountBroken when they cannot name a server."""
    said = account.settings
    security = str(said.get(f"{protocol}_security") or SECURITY_BY_DEFAULT[protocol])
    host = str(said.get(f"{protocol}_host") or "")
    if not host or (protocol, security) not in PORTS:
        raise AccountBroken(f"{protocol}_not_configured")
    return Server(
        protocol,
        host,
        int(str(said.get(f"{protocol}_port") or PORTS[protocol, security])),
        security,
        str(said.get(f"{protocol}_user") or ""),
        account.secrets.get(f"{protocol}_password", ""),
        str(said.get("ca") or ""),
    )


async def addresses(server: Server, outgoing: Outgoing) -> tuple[str, ...]:
    """Return the checked IPs of the server.

    Raises:
        AccountBroken: the host is closed to us, or plain text would leave this machine.
        Temporary: the name has no address now.
    """
    try:
        found = await outgoing.addresses(server.host)
    except Invalid as error:
        raise AccountBroken(f"{server.protocol}_unreachable") from error
    except OSError as error:
        raise Temporary(f"{server.protocol}_unreachable") from error
    if server.security == "none" and not all(ipaddress.ip_address(ip).is_loopback for ip in found):
        raise AccountBroken(f"{server.protocol}_plain_refused")
    return found


def expiry(certificate: Mapping[str, object] | None) -> datetime | None:
    """Return until when a peer's certificate is good; None without one (a line in the open)."""
    until = (certificate or {}).get("notAfter")
    if not isinstance(until, str):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC)


class Named(ssl.SSLContext):
    """A TLS context that checks the certificate against the name, whatever IP is dialled."""

    server_name: str = ""

    def wrap_socket(self, sock: socket.socket, *args: Any, **kwargs: Any) -> ssl.SSLSocket:  # noqa: ANN401 - passed on
        """Wrap as usual, but ask for and check the name we were told; close what fails."""
        try:
            named = kwargs | {"server_hostname": self.server_name}
            return super().wrap_socket(sock, *args, **named)
        except BaseException:
            sock.close()
            raise


def trust(server: Server) -> ssl.SSLContext:
    """Return a verifying context; the company's own authority is trusted besides the system's."""
    context = Named(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    context.server_name = server.host
    if server.ca:
        try:
            context.load_verify_locations(cadata=server.ca)
        except (ssl.SSLError, ValueError) as error:
            raise AccountBroken("ca_malformed") from error
    return context
