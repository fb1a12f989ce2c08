"""Which addresses may be connected to, and that connections to others are refused however they are asked for."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from producers.fetch import Fetcher
from producers.fetch.addresses import is_public
from producers.outcomes import Failed, FetchResult, Validators
from producers.settings import ProducerSettings

CAREFUL = ProducerSettings(fetch_connect_seconds=1, fetch_read_seconds=1, fetch_total_seconds=2)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.255.0.3", id="the rest of loopback"),
        pytest.param("0.0.0.0", id="this host"),  # noqa: S104 - nothing is bound
        pytest.param("10.1.2.3", id="private 10"),
        pytest.param("172.16.0.1", id="private 172.16"),
        pytest.param("192.168.1.1", id="private 192.168"),
        pytest.param("100.100.100.200", id="shared, and a cloud's metadata"),
        pytest.param("169.254.169.254", id="link-local, and a cloud's metadata"),
        pytest.param("168.63.129.16", id="a cloud's service at a public address"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("192.0.2.1", id="documentation"),
        pytest.param("::1", id="IPv6 loopback"),
        pytest.param("::", id="IPv6 unspecified"),
        pytest.param("fe80::1%eth0", id="IPv6 link-local with a zone"),
        pytest.param("fd00:ec2::254", id="IPv6 unique local, and a cloud's metadata"),
        pytest.param("ff02::1", id="IPv6 multicast"),
        pytest.param("::ffff:127.0.0.1", id="IPv4-mapped"),
        pytest.param("::127.0.0.1", id="IPv4-compatible"),
        pytest.param("64:ff9b::10.0.0.1", id="NAT64"),
        pytest.param("2002:7f00:1::", id="6to4"),
    ],
)
def test_address_is_refused(address: str) -> None:
    """What isn't of the public internet isn't connected to."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"]
)
def test_address_is_public(address: str) -> None:
    """What is of the public internet is."""
    assert is_public(address)


def fetch(url: str) -> FetchResult:
    """Fetch once with settings as they are by default."""

    async def once() -> FetchResult:
        async with Fetcher(CAREFUL) as fetcher:
            return await fetcher.fetch(url, Validators())

    return asyncio.run(once())


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://127.0.0.1:9/", id="literal"),
        pytest.param("http://localhost:9/", id="name"),
        pytest.param("http://2130706433:9/", id="decimal"),
        pytest.param("http://0177.0.0.1:9/", id="octal"),
        pytest.param("http://0x7f.0.0.1:9/", id="hexadecimal"),
        pytest.param("http://127.1:9/", id="short"),
        pytest.param("http://[::1]:9/", id="IPv6"),
        pytest.param("http://[::ffff:127.0.0.1]:9/", id="IPv4-mapped"),
        pytest.param("http://169.254.169.254/latest/meta-data/", id="metadata"),
    ],
)
def test_connection_is_refused(url: str) -> None:
    """No writing of an address that isn't public gets as far as a refused connection, which is said otherwise."""
    result = fetch(url)
    assert isinstance(result, Failed)
    refusals = ("isn't on the public internet", "isn't a canonical", "is not a canonical", "can't be resolved")
    assert any(refusal in result.reason for refusal in refusals)


class Rebinding(AbstractResolver):
    """Resolves a name to a public address when asked first, and to loopback from then on."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:  # noqa: ARG002
        """Return the address of the moment."""
        self.asked += 1
        address = "93.184.215.14" if self.asked == 1 else "127.0.0.1"
        return [ResolveResult(hostname=host, host=address, port=port, family=2, proto=0, flags=0)]

    async def close(self) -> None:
        """Do nothing."""


def test_rebound_name_is_refused() -> None:
    """What counts is the address that is connected to, not one that the name had before."""

    async def twice() -> FetchResult:
        resolver = Rebinding()
        async with Fetcher(CAREFUL) as fetcher:
            assert fetcher._session is not None
            fetcher._session.connector._resolver = resolver  # type: ignore[union-attr]
            fetcher._session.connector._use_dns_cache = False  # type: ignore[union-attr]
            await resolver.resolve("feed.example")
            return await fetcher.fetch("http://feed.example:9/", Validators())

    result = asyncio.run(twice())
    assert result == Failed(
        reason="The host feed.example isn't on the public internet (127.0.0.1 isn't a public address)."
    )


def test_redirect_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A public server can't send us inside: the check is made for each connection, redirects among them."""

    async def inside(request: web.Request) -> web.Response:
        target = str(request.url.with_host("127.0.0.2").with_path("/secret"))
        raise web.HTTPFound(target)

    async def once() -> FetchResult:
        app = web.Application()
        app.router.add_get("/feed", inside)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            async with Fetcher(CAREFUL) as fetcher:
                return await fetcher.fetch(f"http://127.0.0.1:{runner.addresses[0][1]}/feed", Validators())
        finally:
            await runner.cleanup()

    monkeypatch.setattr("producers.fetch.addresses.is_public", lambda address: address == "127.0.0.1")
    result = asyncio.run(once())
    assert result == Failed(
        reason="The host 127.0.0.2 isn't on the public internet (127.0.0.2 isn't a public address)."
    )
