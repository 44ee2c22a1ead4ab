"""Where the fetcher goes, and where it does not."""

from __future__ import annotations

import datetime
import ipaddress
import json
import socket
import ssl
from types import SimpleNamespace

import pycurl
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from common import fetch_addresses
from common.fetch_addresses import is_public, parse_target, vetted_addresses
from common.fetch_errors import FetchError, FetchRefusedError, FetchUnreachableError
from common.fetching import fetch, open_socket
from tests.common.servers import answer, serving
from tests.data import data_folder

PRIVATE = """
127.0.0.1 127.8.8.8 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 0.0.0.1
224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 192.0.0.192 198.18.0.1 168.63.129.16 192.88.99.1
::1 :: fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 ff02::1 ff0e::1 ::ffff:127.0.0.1
::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 2002:7f00:1::
2001:0:7f00:1:: 2001:db8::1 fec0::1
""".split()  # noqa: SIM905  (a list of these would fill a page)
ODD_HOSTS = """
2130706433 0x7f000001 0x7f.1 017700000001 0177.0.0.1 127.1 127.0.1 1.2.3 256.0.0.1 0x 1.2.3.4.5
0xa9fea9fe 0251.0376.0251.0376 [::1 [::ffff:7f00:1]x example..org -a.example a_b-.example
①②⑦.0.0.1 exämple.org exa%6dple.org
""".split()  # noqa: SIM905


@pytest.fixture
def no_connections(monkeypatch):
    """Fail the test when anything connects anywhere."""
    monkeypatch.setattr(pycurl, "Curl", lambda: pytest.fail("a connection"))


@pytest.fixture
def names(monkeypatch):
    """Return a function that says what every name resolves to."""

    def resolve_to(*addresses):
        monkeypatch.setattr(fetch_addresses, "resolve_host", lambda host, port: list(addresses))

    resolve_to("8.8.8.8")
    return resolve_to


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused(address, names, no_connections):
    names(address)

    with pytest.raises(FetchRefusedError):
        fetch("http://feeds.example/")


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "151.101.3.42"])
def test_an_ordinary_address_is_public(address):
    assert is_public(ipaddress.ip_address(address))


def test_a_network_that_translates_public_addresses_may_be_used(names):
    target = parse_target("http://feeds.example/", allowed_private_hosts=frozenset())
    names("64:ff9b::808:808")

    assert vetted_addresses(target, timeout=1) == ["64:ff9b::808:808"]


def test_one_private_address_among_public_ones_is_refused(names, no_connections):
    names("8.8.8.8", "10.0.0.1")

    with pytest.raises(FetchRefusedError):
        fetch("http://feeds.example/")


@pytest.mark.parametrize("host", ODD_HOSTS)
def test_a_host_in_an_odd_form_is_refused(host, names, no_connections):
    with pytest.raises(FetchRefusedError):
        fetch(f"http://{host}/")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "//example.org/",
        "example.org",
        "",
        "http://",
        "http://user@example.org/",
        "http://user:pass@example.org/",
        "http://example.org@127.0.0.1/",
        "http://example.org:22/",
        "http://example.org:99999/",
        "http://example.org:x/",
        "http://example.org\\@127.0.0.1/",
        "http://example.org/ x",
        "http://example.org/\r\nHost: x",
        "http://example.org/\N{LATIN SMALL LETTER E WITH ACUTE}",
        "http://example.org/" + "a" * 5_000,
    ],
)
def test_an_address_that_is_no_plain_web_address_is_refused(url, names, no_connections):
    with pytest.raises(FetchRefusedError):
        fetch(url)


def test_the_name_is_asked_for_once_and_the_connection_goes_there(monkeypatch):
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    monkeypatch.setattr(fetch_addresses, "resolve_host", rebinding)
    with serving(answer(b"mine")) as server:
        fetched = fetch(
            server.url(host="mirror.example"),
            allowed_private_hosts=frozenset({"mirror.example"}),
        )

    assert (fetched.body, asked) == (b"mine", ["mirror.example"])
    assert f"Host: mirror.example:{server.port}\r\n" in server.requests[0]


def test_a_name_that_turns_private_after_a_redirect_is_refused(names):
    names("127.0.0.1")
    with (
        serving(answer(status="302 Found", Location="http://other.example/")) as server,
        pytest.raises(FetchRefusedError),
    ):
        fetch(
            server.url(host="mirror.example"),
            allowed_private_hosts=frozenset({"mirror.example"}),
        )

    assert len(server.requests) == 1


def test_a_second_address_is_tried_when_the_first_is_dead(names):
    names("::1", "127.0.0.1")
    with serving(answer(b"x")) as server:
        fetched = fetch(
            server.url(host="mirror.example"),
            allowed_private_hosts=frozenset({"mirror.example"}),
        )

    assert fetched.body == b"x"


def test_an_operators_mirror_may_be_named_with_its_port():
    allowed = frozenset({"mirror.example:8123"})

    def target(url):
        return parse_target(url, allowed_private_hosts=allowed)

    assert target("http://mirror.example:8123/").allows_private
    assert not target("http://mirror.example/").allows_private


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "fd00:ec2::254", "224.0.0.1"])
def test_even_a_named_host_may_not_be_the_metadata_service(address, names, no_connections):
    names(address)

    with pytest.raises(FetchRefusedError):
        fetch(
            "http://mirror.example/",
            allowed_private_hosts=frozenset({"mirror.example"}),
        )


def test_a_name_without_address_is_unreachable(monkeypatch):
    def resolve(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(fetch_addresses, "resolve_host", resolve)
    with pytest.raises(FetchUnreachableError) as caught:
        fetch("http://gone.example/")

    assert str(caught.value) == "gone.example has no address."


def _certificate(name: str) -> tuple[bytes, bytes]:
    """A fresh certificate for the name, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem, private


@pytest.fixture
def tls(tmp_path, names, monkeypatch):
    """Return a function that makes a server's certificate, which we trust."""

    def certify(name):
        pem, private = _certificate(name)
        (tmp_path / "both.pem").write_bytes(private + pem)
        (tmp_path / "authority.pem").write_bytes(pem)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(tmp_path / "both.pem")
        return server

    names("127.0.0.1")
    return certify


def _fetch_over_tls(server_tls, handler=answer(b"secret")):  # noqa: B008
    with serving(handler) as server:
        server.tls = server_tls
        return fetch(
            server.url(host="mirror.example", scheme="https"),
            allowed_private_hosts=frozenset({"mirror.example"}),
        )


def test_a_certificate_is_checked_against_the_name_and_not_the_address(tls):
    fetched = _fetch_over_tls(tls("mirror.example"))

    assert fetched.body == b"secret"


def test_a_certificate_for_another_name_is_refused(tls):
    with pytest.raises(FetchUnreachableError, match="certificate"):
        _fetch_over_tls(tls("other.example"))


def test_a_certificate_of_no_authority_is_refused(tls, monkeypatch):
    server_tls = tls("mirror.example")
    monkeypatch.delenv("SSL_CERT_FILE")

    with pytest.raises(FetchUnreachableError, match="certificate"):
        _fetch_over_tls(server_tls)


def test_a_redirect_from_https_to_http_is_refused(tls):
    moved = answer(status="301 Moved", Location="http://mirror.example/")

    with pytest.raises(FetchRefusedError, match="https"):
        _fetch_over_tls(tls("mirror.example"), moved)


def test_no_socket_is_opened_to_an_address_that_was_not_judged():
    address = SimpleNamespace(
        family=socket.AF_INET, socktype=socket.SOCK_STREAM, protocol=0, addr=("127.0.0.1", 80)
    )

    assert open_socket(frozenset({"8.8.8.8"}), 0, address) == pycurl.SOCKET_BAD


def test_no_known_trick_connects_anywhere(names, no_connections):
    """Names resolve to loopback here: the payloads' own servers do, to our machines."""
    names("127.0.0.1")
    lines = (data_folder("hostile") / "ssrf_urls.jsonl").read_text().splitlines()

    for line in lines:
        with pytest.raises(FetchError):
            fetch(json.loads(line)["url"])

    assert len(lines) > 100
