"""Which addresses are never asked: an author's text must not turn this machine against its own network."""

from __future__ import annotations

import socket

import pytest

from blog.embeds.http import JSON_TYPES, FailedError, Fetcher, RefusedError, is_public, split

HOSTS = ("publish.x.com", "i.ytimg.com")
PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "192.168.255.255",
        "169.254.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "192.0.0.1",
        "192.0.0.8",
        "192.0.0.170",
        "192.0.0.200",
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.19.255.255",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "254.255.255.255",
        "255.255.255.255",
    ],
)
def test_an_ipv4_address_of_no_machine_on_the_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "::",
        "::1",
        "::7f00:1",  # IPv4-compatible
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",  # IPv4-mapped
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:8.8.8.8",
        "::ffff:0:7f00:1",  # IPv4-translated (RFC 2765)
        "64:ff9b::7f00:1",  # NAT64
        "64:ff9b::808:808",
        "64:ff9b:1::7f00:1",
        "100::1",  # discard
        "2001::1",  # Teredo
        "2001:0:7f00:1::",
        "2001:2::1",  # benchmarking
        "2001:db8::1",  # documentation
        "3fff::1",
        "2002:7f00:1::",  # 6to4
        "2002:808:808::1",
        "5f00::1",  # segment routing
        "fc00::1",  # unique local
        "fd12:3456:789a::1",
        "fd00:ec2::254",  # a cloud's own services
        "fe80::1",  # link-local
        "fe80::a9fe:a9fe",
        "fe80::1%eth0",
        "febf::1",
        "fec0::1",  # site-local, of old
        "feff::1",
        "ff00::1",  # multicast
        "ff02::1",
        "ff0e::1",
        "2606:4700::1111%eth0",  # scoped
        "1::1",  # not given to anybody
        "4000::1",
        "8000::1",
        "f000::1",
    ],
)
def test_an_ipv6_address_of_no_machine_on_the_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["", "localhost", "publish.x.com", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "8.8.8.8%eth0", "8.8.8.8:80"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        PUBLIC,
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "169.253.255.255",
        "198.17.255.255",
        "198.20.0.1",
        "223.255.255.254",
        "2001:4860:4860::8888",
        "2606:4700:4700::1111",
        "2a03:2880:f12f:83:face:b00c:0:25de",
        "2400:cb00:2048:1::1",
    ],
)
def test_an_address_on_the_internet_is_allowed(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/oembed",
        "publish.x.com/oembed",
        "//publish.x.com/oembed",
        "https:/publish.x.com/oembed",
        "https:publish.x.com/oembed",
        "https:///oembed",
        "https://",
        "http://publish.x.com/oembed",
        "ftp://publish.x.com/oembed",
        "file:///etc/passwd",
        "file://publish.x.com/etc/passwd",
        "gopher://publish.x.com/",
        "data:application/json,{}",
        "javascript:alert(1)",
        "https://user@publish.x.com/oembed",
        "https://user:secret@publish.x.com/oembed",
        "https://@publish.x.com/oembed",
        "https://publish.x.com@evil.example/oembed",
        "https://evil.example@publish.x.com/oembed",
        "https://publish.x.com:443/oembed",
        "https://publish.x.com:80/oembed",
        "https://publish.x.com:/oembed",
        "https://publish.x.com:x/oembed",
        "https://publish.x.com:99999/oembed",
        "https://x.com/oembed",
        "https://evil.example/oembed",
        "https://evil.example/publish.x.com",
        "https://evil.example?publish.x.com",
        "https://publish.x.com.evil.example/oembed",
        "https://evil.publish.x.com/oembed",
        "https://evilpublish.x.com/oembed",
        "https://publish.x.com./oembed",
        "https://.publish.x.com/oembed",
        "https://publish.x.com;evil.example/oembed",
        "https://publish.x.com,evil.example/oembed",
        "https://publish.x.com%2eevil.example/oembed",
        "https://publish.x.com%00.evil.example/oembed",
        "https://publish.x.com\\@evil.example/oembed",
        "https:\\\\publish.x.com\\oembed",
        "https://publish.x.com\\oembed",
        "https://publish.x.com/a b",
        " https://publish.x.com/oembed",
        "https://publish.x.com/oembed ",
        "https://publish.x.com/oembed\n",
        "https://publish.x.com/oembed\r\nHost: evil.example",
        "https://publish.x.com/\toembed",
        "ht\ntps://publish.x.com/oembed",
        "https://publish.x.com/\x00",
        "https://publish.x.com/\x7f",
        "https://publish.x.com/영상",
        "https://publish.х.com/oembed",  # a Cyrillic letter
        "https://publish.x。com/oembed",
        "https://publish.ｘ.com/oembed",
        "https://publish.xn--80ak6aa92e.com/oembed",
        "https://127.0.0.1/oembed",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/oembed",
        "https://[::1/oembed",
        "https://2130706433/oembed",
        "https://localhost/oembed",
        "https://publish.x.com/oembed#fragment",
        "https://publish.x.com#@evil.example/",
        "https://publish.x.com/<script>",
        'https://publish.x.com/"',
    ],
)
def test_an_address_that_isnt_plainly_one_of_the_hosts_is_refused(url: str) -> None:
    with pytest.raises(RefusedError):
        split(url, HOSTS)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://publish.x.com/oembed?url=https%3A%2F%2Fx.com", "/oembed?url=https%3A%2F%2Fx.com"),
        ("https://publish.x.com", "/"),
        ("https://publish.x.com/", "/"),
        ("https://publish.x.com?a=1", "/?a=1"),
        ("HTTPS://publish.x.com/a", "/a"),  # RFC 3986, 3.1: schemes know no case
        ("https://publish.x.com/?q=@evil.example:80/", "/?q=@evil.example:80/"),
    ],
)
def test_an_address_of_one_of_the_hosts_is_host_and_path(url: str, target: str) -> None:
    assert split(url, HOSTS) == ("publish.x.com", target)


def test_without_hosts_everything_is_refused() -> None:
    with pytest.raises(RefusedError):
        split("https://publish.x.com/", ())


def never(address: str, port: int, seconds: float) -> socket.socket:
    raise AssertionError(f"{address} was asked")


def get(fetcher: Fetcher, url: str = "https://publish.x.com/oembed") -> None:
    fetcher.get(url, hosts=HOSTS, types=JSON_TYPES, limit=1000)


def test_a_refused_address_is_not_even_looked_up() -> None:
    def resolve(host: str) -> list[str]:
        raise AssertionError(f"{host} was looked up")

    with pytest.raises(RefusedError):
        get(Fetcher(resolve=resolve, connect=never), "https://evil.example/")


@pytest.mark.parametrize(
    "found",
    [["10.0.0.1"], ["10.0.0.1", PUBLIC], [PUBLIC, "10.0.0.1"], [PUBLIC, "1.1.1.1", "::1"], ["nonsense"], [PUBLIC, ""]],
)
def test_a_host_with_one_address_that_isnt_public_is_refused(found: list[str]) -> None:
    with pytest.raises(RefusedError, match="leads to"):
        get(Fetcher(resolve=lambda host: found, connect=never))


def test_a_name_of_this_machine_is_refused() -> None:
    with pytest.raises(RefusedError, match="localhost leads to"):
        Fetcher(connect=never).get("https://localhost/", hosts=["localhost"], types=JSON_TYPES, limit=1000)


@pytest.mark.parametrize(
    "gateway",
    [
        "10.0.0.1:8900",
        "192.168.0.1:8900",
        "169.254.169.254:80",
        "8.8.8.8:8900",
        "0.0.0.0:8900",
        "[::]:8900",
        "[fe80::1]:8900",
        "localhost:8900",
        "evil.example:8900",
        "127.0.0.1",
        "127.0.0.1:",
        ":8900",
        "127.0.0.1:http",
        "127.0.0.1@evil.example:8900",
        "127.0.0.1.evil.example:8900",
        "http://127.0.0.1:8900",
    ],
)
def test_a_gateway_that_isnt_on_this_machine_is_refused(gateway: str) -> None:
    with pytest.raises(RefusedError, match="gateway"):
        get(Fetcher(gateway=gateway, connect=never))


@pytest.mark.parametrize("gateway", ["127.0.0.1:8900", "127.1.2.3:8900", "[::1]:8900"])
def test_a_gateway_on_this_machine_is_asked_in_the_hosts_stead(gateway: str) -> None:
    asked = []

    def connect(address: str, port: int, seconds: float) -> socket.socket:
        asked.append((address, port))
        raise ConnectionRefusedError("nobody is there")

    with pytest.raises(FailedError):
        get(Fetcher(gateway=gateway, connect=connect))
    assert asked == [(gateway.rpartition(":")[0].strip("[]"), 8900)]


@pytest.mark.parametrize("url", ["https://evil.example/", "http://publish.x.com/", "https://publish.x.com:8900/"])
def test_a_gateway_is_asked_about_the_same_addresses_as_the_hosts_are(url: str) -> None:
    with pytest.raises(RefusedError):
        get(Fetcher(gateway="127.0.0.1:8900", connect=never), url)
