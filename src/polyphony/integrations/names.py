"""Names: asks the DNS what a domain says of itself; the system's servers, or named ones."""

from collections.abc import Sequence

import dns.asyncresolver
import dns.exception
import dns.name
import dns.resolver

ANSWER_S = 4.0


class Names:
    """The one place that asks for records; addresses of hosts are found by the outgoing client."""

    def __init__(self, servers: Sequence[str] = (), port: int = 53) -> None:
        """Ask these servers; without any, those this machine uses."""
        self._servers = list(servers)
        self._port = port

    async def records(self, name: str, kind: str) -> tuple[str, ...]:
        """Return the records of a kind (MX, TXT) as text; OSError when nobody answers."""
        try:
            resolver = dns.asyncresolver.Resolver(configure=not self._servers)
            if self._servers:
                resolver.nameservers, resolver.port = list(self._servers), self._port
            resolver.lifetime = ANSWER_S
            answer = await resolver.resolve(name, kind)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong):
            return ()
        except (dns.name.EmptyLabel, dns.name.NameTooLong):
            return ()
        except dns.exception.DNSException as silent:
            raise OSError(f"no answer for {kind} of {name}") from silent
        if kind == "TXT":
            return tuple(b"".join(one.strings).decode("utf-8", "replace") for one in answer)
        return tuple(one.to_text() for one in answer)
