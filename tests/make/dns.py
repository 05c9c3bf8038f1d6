"""A small DNS server on UDP: answers what it was told, keeps silent where it should."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = Mapping[tuple[str, str], tuple[str, ...]]
"""(name with a dot at its end, kind) → records as they stand in a zone file."""


class Server(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone, silent: frozenset[str]) -> None:
        self.zone, self.silent = zone, silent
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        asked = dns.message.from_wire(data)
        name = asked.question[0].name.to_text().lower()
        kind = dns.rdatatype.to_text(asked.question[0].rdtype)
        if name in self.silent:
            return
        said = dns.message.make_response(asked)
        said.flags |= dns.flags.RA
        records = self.zone.get((name, kind), ())
        if records:
            said.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *records))
        elif not any(known == name for known, _ in self.zone):
            said.set_rcode(dns.rcode.NXDOMAIN)
        self.transport.sendto(said.to_wire(), addr)


@asynccontextmanager
async def dns_server(zone: Zone, silent: frozenset[str] = frozenset()) -> AsyncIterator[int]:
    """Serve a zone on a free port of this machine; yields the port."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Server(zone, silent), local_addr=("127.0.0.1", 0)
    )
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
