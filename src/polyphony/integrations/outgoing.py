"""The one client for hosts named by people: pins the IP, refuses private ranges, caps sizes."""

import asyncio
import ipaddress
import re
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

import httpcore
import idna

from polyphony.domain.errors import Invalid
from polyphony.ports import Answer

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str], Awaitable[Sequence[str]]]

CONNECT_S = 5.0
TOTAL_S = 15.0
MAX_BYTES = 10 * 1024 * 1024
USER_AGENT = "Polyphony"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?\.?")
EMBEDDING = tuple(ipaddress.IPv6Network(net) for net in ("64:ff9b::/96", "::/96"))


def networks(text: str) -> tuple[Network, ...]:
    """Read an allow-list such as ``10.0.0.0/8,192.168.1.5``; raise Invalid for anything else."""
    try:
        return tuple(
            ipaddress.ip_network(one.strip(), strict=False)
            for one in text.split(",")
            if one.strip()
        )
    except ValueError as error:
        raise Invalid("egress_allow.malformed", {"value": text}) from error


def _refused() -> Invalid:
    # One error for every reason: the answer must not tell which ports and hosts exist here.
    return Invalid("outgoing.refused")


def _inner(ip: Ip) -> Iterable[Ip]:
    """Yield the address and the IPv4 address that an IPv6 form of it would really reach."""
    yield ip
    if isinstance(ip, ipaddress.IPv6Address):
        carried = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        yield from (one for one in carried if one is not None)
        if any(ip in net for net in EMBEDDING):
            yield ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)


def is_public(ip: Ip) -> bool:
    """Tell whether the address, and every address inside it, belongs to the open internet."""
    return all(
        one.is_global and not (one.is_multicast or one.is_reserved or _is_site_local(one))
        for one in _inner(ip)
    )


def _is_site_local(ip: Ip) -> bool:
    return isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local


async def _system_lookup(host: str) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def _ascii_host(host: str) -> str:
    text = host.strip("[]") if host.startswith("[") else host
    if ":" in text:
        return text
    try:
        name = text if text.isascii() else idna.encode(text, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise _refused() from error
    if not HOST.fullmatch(name.lower()):
        raise _refused()
    return name.lower()


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects only to checked addresses: the name is resolved once, at the connection itself."""

    def __init__(self, resolve: Callable[[str], Awaitable[tuple[str, ...]]]) -> None:
        self._resolve = resolve
        self._real = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        last: Exception = OSError("no address")
        for ip in await self._resolve(host):
            try:
                return await self._real.connect_tcp(
                    ip, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The outgoing client of one deployment.

    ``allow`` are company networks opened by ``egress_allow``; ``loopback`` opens this machine for
    the demo; ``ports`` are the HTTP ports beside those of allowed networks.
    """

    allow: tuple[Network, ...] = ()
    loopback: bool = False
    ports: frozenset[int] = frozenset({80, 443})
    lookup: Lookup = field(default=_system_lookup, repr=False)
    ca: str = field(default="", repr=False)

    def _allowed(self, ip: Ip) -> bool:
        inner = list(_inner(ip))
        return any(one in net for one in inner for net in self.allow) or (
            self.loopback and any(one.is_loopback for one in inner)
        )

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Return the IPs of the host; raise Invalid when any is not open to us, OSError if none."""
        name = _ascii_host(host)
        try:
            async with asyncio.timeout(CONNECT_S):
                found = tuple(dict.fromkeys(await self.lookup(name)))
            ips = [ipaddress.ip_address(one) for one in found]
        except UnicodeError as error:
            raise _refused() from error
        except ValueError as error:  # a scoped address such as fe80::1%eth0
            raise _refused() from error
        if not ips:
            raise OSError("the host has no address")
        if not all(is_public(ip) or self._allowed(ip) for ip in ips):
            raise _refused()
        return found

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        redirects: int = 3,
    ) -> Answer:
        """Speak HTTP(S) once, follow at most ``redirects`` hops, each checked like the first.

        Raises:
            Invalid: refused by the rules (one code for all of them), or the answer is too big.
            OSError: no connection, no answer in time, or the answer is not HTTP.
        """
        try:
            async with asyncio.timeout(TOTAL_S):
                for _ in range(redirects + 1):
                    answer = await self._once(method, url, headers or {}, body)
                    target = answer.headers.get("location")
                    if answer.status not in REDIRECTS or target is None or redirects == 0:
                        return answer
                    url, headers = urljoin(url, target), _crossing(url, target, headers or {})
                    if answer.status not in {307, 308}:
                        method, body = "GET", b""
        except TimeoutError as error:
            raise OSError("no answer in time") from error
        raise _refused()

    async def _once(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        target = await self._target(url)
        sent = {
            "Host": _authority(target),
            "User-Agent": USER_AGENT,
            "Accept-Encoding": "gzip",
            **headers,
        }
        if body:
            sent["Content-Length"] = str(len(body))
        timeouts = {"connect": CONNECT_S, "read": TOTAL_S, "write": TOTAL_S, "pool": CONNECT_S}
        pool = httpcore.AsyncConnectionPool(
            ssl_context=_trust(self.ca), network_backend=_Pinned(self.addresses)
        )
        try:
            async with (
                pool,
                pool.stream(
                    method,
                    target,
                    headers=[(key.encode(), value.encode()) for key, value in sent.items()],
                    content=body,
                    extensions={"timeout": timeouts},
                ) as response,
            ):
                return await _collect(response)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise OSError("no answer") from error

    async def _target(self, url: str) -> httpcore.URL:
        if any(ord(char) <= 32 or char == "\\" or ord(char) == 127 for char in url):
            raise _refused()
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise _refused() from error
        if parts.scheme not in {"http", "https"} or parts.username is not None:
            raise _refused()
        host = _ascii_host(parts.hostname or "")
        if port not in self.ports:
            ips = [ipaddress.ip_address(ip) for ip in await self.addresses(host)]
            if not all(self._allowed(ip) for ip in ips):
                raise _refused()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        safe = quote(path, safe="/?#[]@!$&'()*+,;=:%-._~").encode()
        return httpcore.URL(scheme=parts.scheme, host=host, port=port, target=safe)


def _authority(url: httpcore.URL) -> str:
    host = url.host.decode()
    shown = f"[{host}]" if ":" in host else host
    default = 443 if url.scheme == b"https" else 80
    return shown if url.port in {default, None} else f"{shown}:{url.port}"


def _trust(ca: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca:
        context.load_verify_locations(cadata=ca)
    return context


def _crossing(url: str, target: str, headers: Mapping[str, str]) -> Mapping[str, str]:
    """Drop secrets when a redirect leaves the origin."""
    before, after = urlsplit(url), urlsplit(urljoin(url, target))
    if (before.scheme, before.netloc) == (after.scheme, after.netloc):
        return headers
    secret = {"authorization", "cookie"}
    return {key: value for key, value in headers.items() if key.lower() not in secret}


async def _collect(response: httpcore.Response) -> Answer:
    headers = {
        key.decode("latin-1").lower(): value.decode("latin-1") for key, value in response.headers
    }
    unpack = (
        zlib.decompressobj(zlib.MAX_WBITS | 32)
        if headers.get("content-encoding", "identity") in {"gzip", "x-gzip", "deflate"}
        else None
    )
    body = bytearray()
    try:
        async for chunk in response.aiter_stream():
            body += unpack.decompress(chunk, MAX_BYTES + 1 - len(body)) if unpack else chunk
            if len(body) > MAX_BYTES:
                raise Invalid("outgoing.too_big", {"max_bytes": MAX_BYTES})
    except zlib.error as error:
        raise OSError("the answer is damaged") from error
    return Answer(response.status, headers, bytes(body))
