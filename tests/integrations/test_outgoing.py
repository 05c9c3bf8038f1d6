"""The outgoing client reaches the open internet and what is allowed, and nothing else (T7)."""

import asyncio
import gzip
import ipaddress
import zlib

import pytest
from tests.peers.web import WebEnd, answer

from polyphony.domain.errors import Invalid
from polyphony.integrations import outgoing as outgoing_module
from polyphony.integrations.outgoing import Outgoing, is_public, networks

PRIVATE = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1",
    "169.254.169.254", "100.64.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255",
    "192.0.0.1", "198.18.0.1", "240.0.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1",
    "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "2002:7f00:0001::", "2002:0a00:0001::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "2001:0:7f00:1::", "::127.0.0.1", "2001:db8::1", "fec0::1",
]  # fmt: skip

# What a person may type to reach this machine; PORT is where the canary listens.
FORMS = [
    "http://127.0.0.1:PORT/", "http://localhost:PORT/", "http://LOCALHOST:PORT/",
    "http://localhost.:PORT/", "http://127.1:PORT/", "http://127.0.1:PORT/",
    "http://2130706433:PORT/", "http://0x7f000001:PORT/", "http://0x7f.0.0.1:PORT/",
    "http://017700000001:PORT/", "http://0177.0.0.1:PORT/", "http://127.000.000.001:PORT/",
    "http://0:PORT/", "http://0.0.0.0:PORT/", "http://[::1]:PORT/", "http://[::]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/", "http://[::ffff:7f00:1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/", "http://[::127.0.0.1]:PORT/",
    "http://[2002:7f00:1::]:PORT/", "http://[64:ff9b::127.0.0.1]:PORT/",
    "http://[::1%lo]:PORT/", "http://[::1%25lo]:PORT/",
    "http://user@127.0.0.1:PORT/", "http://user:word@127.0.0.1:PORT/",
    "http://example.com@127.0.0.1:PORT/", "http://example.com:80@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT#@example.com/", "http://127.0.0.1:PORT?@example.com/",
    "http://example.com\\@127.0.0.1:PORT/", "http://127.0.0.1:PORT\\@example.com/",
    "http:\\\\127.0.0.1:PORT\\", "http:/\\127.0.0.1:PORT/", "http:127.0.0.1:PORT/",
    "http:///127.0.0.1:PORT/", "http:////127.0.0.1:PORT/", "//127.0.0.1:PORT/",
    "127.0.0.1:PORT", "http://127.0.0.1 :PORT/", "http:// 127.0.0.1:PORT/",
    " http://127.0.0.1:PORT/", "http://127.0.0.1\t:PORT/", "http://127.0.0.1\r\n:PORT/",
    "http://127.0.0.1:PORT/\r\nHost: x", "http://127.0.0.1%00.example.com:PORT/",
    "http://127.0.0.1\x00.example.com:PORT/", "http://127%2e0%2e0%2e1:PORT/",
    "http://①②⑦.⓪.⓪.①:PORT/", "http://127。0。0。1:PORT/", "http://ⓛocalhost:PORT/",
    "http://loc\u0430lhost:PORT/", "http://loc\u00adalhost:PORT/", "http://127.0.0.1:PORT:80/",
    "http://127.0.0.1:-1/", "http://127.0.0.1:99999/", "http://127.0.0.1:0PORT/",
    "http://10.0.0.1/", "http://192.168.1.1/", "http://172.20.0.1/", "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "http://[fd00::1]/",
    "http://[::ffff:a9fe:a9fe]/", "http://224.0.0.1/", "http://255.255.255.255/",
    "https://127.0.0.1:PORT/", "https://localhost/", "ftp://127.0.0.1:PORT/",
    "file:///etc/passwd", "file://localhost/etc/passwd", "gopher://127.0.0.1:PORT/_x",
    "dict://127.0.0.1:PORT/", "ldap://127.0.0.1:PORT/", "data:text/plain,x",
    "javascript:alert(1)", "HTTP+unix://x", "", "http://", "http://?", "http://.", "http://-/",
    "http://" + "a" * 300 + "/", "http://[", "http://[127.0.0.1]:PORT/", "http://[zz]:PORT/",
]  # fmt: skip


@pytest.fixture
async def web():
    async with WebEnd(lambda _asked: answer(200, b"canary")) as running:
        yield running


def near(web: WebEnd, **more) -> Outgoing:
    return Outgoing(loopback=True, ports=frozenset(), **more) if web else Outgoing()


@pytest.mark.parametrize("ip", PRIVATE)
def test_no_private_or_special_address_is_public(ip):
    assert not is_public(ipaddress.ip_address(ip))


@pytest.mark.parametrize("ip", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450::1"])
def test_ordinary_addresses_are_public(ip):
    assert is_public(ipaddress.ip_address(ip))


async def outcome(client: Outgoing, url: str) -> tuple[str, str]:
    try:
        await client.request("GET", url)
    except Invalid as refusal:
        return refusal.code, str(refusal.facts)
    except OSError:  # a name that has no address: nothing was dialled
        return "outgoing.refused", "{}"
    return "answered", url


async def test_eighty_forms_of_our_own_address_reach_nothing_and_say_the_same(web):
    client = Outgoing(ports=frozenset({80, 443, web.port}))
    texts = {await outcome(client, form.replace("PORT", str(web.port))) for form in FORMS}
    assert len(FORMS) >= 80
    assert web.asked == []
    assert texts == {("outgoing.refused", "{}")}


async def test_a_name_that_changes_its_mind_after_the_check_is_not_followed(web):
    answers = iter([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]])

    async def rebinding(_host):
        return next(answers)

    client = Outgoing(lookup=rebinding, ports=frozenset({80, web.port}))
    assert await client.addresses("rebind.example") == ("93.184.216.34",)
    with pytest.raises(Invalid):
        await client.request("GET", f"http://rebind.example:{web.port}/")
    assert web.asked == []


async def test_one_private_address_among_public_ones_closes_the_name(web):
    async def mixed(_host):
        return ["93.184.216.34", "127.0.0.1"]

    with pytest.raises(Invalid):
        await Outgoing(lookup=mixed).addresses("mixed.example")


async def test_allowed_networks_and_loopback_open_only_themselves(web):
    company = Outgoing(allow=networks("10.0.0.0/8, 127.0.0.0/8"))
    found = await company.request("GET", web.url("/x?y=1"))
    assert (found.status, found.body) == (200, b"canary")
    assert web.asked[0].headers["host"] == f"127.0.0.1:{web.port}"
    assert web.asked[0].headers["user-agent"] == "Polyphony"
    with pytest.raises(Invalid):
        await company.addresses("192.168.0.1")
    with pytest.raises(Invalid):
        await near(web).addresses("10.0.0.1")


@pytest.mark.parametrize("text", ["10.0.0.0/33", "x", "10.0.0.0/8;1.1.1.1"])
def test_a_malformed_allow_list_is_refused(text):
    with pytest.raises(Invalid, match="egress_allow"):
        networks(text)


async def test_redirects_are_checked_counted_and_lose_secrets(web):
    def go(asked):
        path = asked.line.split()[1]
        target = {
            "/a": "/b",
            "/out": "http://10.0.0.1/",
            "/loop": "/loop",
            "/other": f"http://localhost:{web.port}/end",
        }.get(path)
        return answer(302, Location=target) if target else answer(200, path.encode())

    web.answering = go
    client = near(web)
    secret = {"Authorization": "Bearer canary"}
    assert (await client.request("POST", web.url("/a"), body=b"x")).body == b"/b"
    assert [one.line.split()[0] for one in web.asked] == ["POST", "GET"]
    await client.request("GET", web.url("/other"), headers=secret)
    assert "authorization" in web.asked[-2].headers
    assert "authorization" not in web.asked[-1].headers
    assert (await client.request("GET", web.url("/out"), redirects=0)).status == 302
    for path in ("/out", "/loop"):
        with pytest.raises(Invalid):
            await client.request("GET", web.url(path))
    assert len(web.asked) == 10


async def test_answers_are_unpacked_and_counted_unpacked(web, monkeypatch):
    monkeypatch.setattr(outgoing_module, "MAX_BYTES", 100_000)
    bodies = {
        "/plain": answer(200, b"x" * 100_000),
        "/packed": answer(200, gzip.compress(b"word " * 100), Content_Encoding="gzip"),
        "/bomb": answer(200, gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip"),
        "/large": answer(200, b"x" * 100_001),
        "/broken": answer(200, b"not gzip", Content_Encoding="gzip"),
        "/deflate": answer(200, zlib.compress(b"hello"), Content_Encoding="deflate"),
    }
    web.answering = lambda asked: bodies[asked.line.split()[1]]
    client = near(web)
    assert len((await client.request("GET", web.url("/plain"))).body) == 100_000
    assert (await client.request("GET", web.url("/packed"))).body == b"word " * 100
    assert (await client.request("GET", web.url("/deflate"))).body == b"hello"
    for path in ("/bomb", "/large"):
        with pytest.raises(Invalid, match="too_big"):
            await client.request("GET", web.url(path))
    with pytest.raises(OSError, match="damaged"):
        await client.request("GET", web.url("/broken"))


async def test_silence_and_nonsense_are_no_answer(web, monkeypatch):
    monkeypatch.setattr(outgoing_module, "TOTAL_S", 0.3)
    web.answering = lambda _asked: b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"
    with pytest.raises(OSError, match="no answer"):
        await near(web).request("GET", web.url())
    web.answering = lambda _asked: b"SSH-2.0-x\r\n"
    with pytest.raises(OSError, match="no answer"):
        await near(web).request("GET", web.url())
    idle = await asyncio.start_server(lambda _r, w: None, "127.0.0.1", 0)
    idle.close()
    port = idle.sockets[0].getsockname()[1] if idle.sockets else 1
    with pytest.raises(OSError, match="no answer"):
        await near(web).request("GET", f"http://127.0.0.1:{port}/")


async def test_proxy_variables_of_the_machine_are_ignored(web, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await near(web).request("GET", web.url())).body == b"canary"


async def test_foreign_hosts_are_asked_in_their_ascii_form():
    asked = []

    async def lookup(host):
        asked.append(host)
        return ["93.184.216.34"]

    await Outgoing(lookup=lookup).addresses("Žluťoučký.CZ")
    assert asked[0].startswith("xn--")
    assert asked[0].endswith(".cz")
