"""`fetch` against a real server on loopback that misbehaves in every way we know."""

from __future__ import annotations

import gzip
import logging
import shutil
import socket
import ssl
import subprocess
import traceback
from hashlib import shake_128
from typing import TYPE_CHECKING, Any

import pytest
from loopback import BODY, Loopback, answer, chunked, drip, gzipped, hang, reset

from linkgate.errors import FetchError
from linkgate.lists.fetch import Fetched, fetch

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import Act

ENDLESS = 60.0  # seconds; no test comes near it
NOISE = shake_128(b"noise").digest(1000)  # does not compress
BOMB = gzip.compress(bytes(10**7))
NO_LENGTH = answer(b"", length=False)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


def get(url: str, **options: Any) -> Fetched:
    patient: dict[str, Any] = {"timeout": (ENDLESS, ENDLESS), "deadline": ENDLESS, "pause": lambda _: None}
    return fetch(url, **patient | options)


def refusal(*acts: bytes | Act, **options: Any) -> str:
    """The sentence with which a fetch from a server that acts like this fails."""
    with Loopback(*acts) as server, pytest.raises(FetchError) as caught:
        get(server.url, **options)
    return checked(caught.value)


def checked(error: FetchError) -> str:
    """No path, query or credentials: not in the sentence, nor in what a log would make of the error."""
    assert type(error) is FetchError
    shown = "".join(traceback.format_exception(error)) + repr(error)
    chain: list[BaseException] = [error]
    while cause := chain[-1].__cause__ or chain[-1].__context__:
        chain.append(cause)
    for secret in ("list.txt", "secret", "bad.example", "Basic ", "elsewhere"):
        assert secret not in shown + "".join(map(str, chain))
    assert str(error).endswith(".")
    return str(error)


# --- a server that behaves


@pytest.mark.parametrize(
    "act",
    [
        answer(),
        answer(length=False),
        answer(status="203 Non-Authoritative Information"),
        chunked(BODY[:7], BODY[7:]),
        gzipped(BODY),
        answer(gzip.compress(BODY), length=False, Content_Encoding="X-GZIP"),
        answer(gzip.compress(BODY[:9]) + gzip.compress(BODY[9:]), Content_Encoding="gzip"),
        answer(Content_Encoding="identity"),
    ],
    ids=["length", "close", "203", "chunked", "gzip", "x-gzip", "two gzip members", "identity"],
)
def test_a_whole_body_arrives(act: bytes) -> None:
    with Loopback(act) as server:
        assert get(server.url, max_bytes=len(BODY) + 100).data == BODY


def test_what_the_next_fetch_needs_is_kept() -> None:
    act = answer(ETag='"v1"', Last_Modified="Tue, 01 Oct 2024 00:00:00 GMT", Content_Type="text/plain")
    with Loopback(act) as server:
        fetched = get(server.url)
    assert (fetched.etag, fetched.last_modified) == ('"v1"', "Tue, 01 Oct 2024 00:00:00 GMT")
    assert (fetched.content_type, fetched.not_modified) == ("text/plain", False)
    assert fetched.seconds > 0
    assert "bad.example" not in repr(fetched)


def test_a_list_that_has_not_changed_is_not_sent_again() -> None:
    act = answer(b"", status="304 Not Modified", length=False)
    with Loopback(act) as server:
        fetched = get(server.url, etag='"v1"', last_modified="Tue, 01 Oct 2024 00:00:00 GMT")
    assert (fetched.not_modified, fetched.data, fetched.etag) == (True, b"", '"v1"')
    assert fetched.last_modified == "Tue, 01 Oct 2024 00:00:00 GMT"
    assert 'If-None-Match: "v1"' in server.requests[0]
    assert "If-Modified-Since: Tue, 01 Oct 2024 00:00:00 GMT" in server.requests[0]


@pytest.mark.parametrize("act", [answer(b""), answer(b"", status="204 No Content", length=False)], ids=["200", "204"])
def test_nothing_is_an_answer_where_that_is_said(act: bytes) -> None:
    with Loopback(act) as server:
        assert get(server.url, empty=True).data == b""


def test_not_modified_without_a_condition_is_refused() -> None:
    assert "status 304" in refusal(answer(b"", status="304 Not Modified", length=False))


# --- a server that refuses


@pytest.mark.parametrize(
    ("status", "cure"),
    [
        ("401 Unauthorized", "credentials"),
        ("403 Forbidden", "credentials"),
        ("404 Not Found", "address"),
        ("410 Gone", "address"),
        ("204 No Content", "address"),
        ("206 Partial Content", "address"),
        ("300 Multiple Choices", "address"),
    ],
)
def test_an_answer_that_will_not_change_is_not_asked_for_again(status: str, cure: str) -> None:
    with Loopback(answer(status=status)) as server, pytest.raises(FetchError, match=cure) as caught:
        get(server.url)
    assert f"127.0.0.1: answers with status {status[:3]}; " in checked(caught.value)
    assert len(server.requests) == 1


def test_a_passing_fault_is_tried_again_with_growing_pauses() -> None:
    pauses: list[float] = []
    broken = answer(status="500 Internal Server Error")
    with Loopback(broken, broken, answer()) as server:
        assert get(server.url, pause=pauses.append).data == BODY
    assert 0.25 <= pauses[0] <= 0.75
    assert 0.5 <= pauses[1] <= 1.5


def test_tries_are_bounded() -> None:
    with Loopback(answer(status="503 Service Unavailable")) as server, pytest.raises(FetchError) as caught:
        get(server.url, tries=4)
    assert checked(caught.value) == "127.0.0.1: answers with status 503 (4 tries); try again later."
    assert len(server.requests) == 4
    assert "(1 try)" in refusal(answer(status="503 Service Unavailable"), tries=1)


@pytest.mark.parametrize(
    ("asked", "least", "most"), [("7", 7, 7), ("999999", 60, 60), ("soon", 0, 1), ("9" * 5000, 0, 60)]
)
def test_retry_after_is_honoured_up_to_a_cap(asked: str, least: float, most: float) -> None:
    pauses: list[float] = []
    busy = answer(status="429 Too Many Requests", Retry_After=asked)
    with Loopback(busy, answer()) as server:
        assert get(server.url, pause=pauses.append, deadline=1000).data == BODY
    assert least <= pauses[0] <= most


def test_a_pause_that_would_pass_the_deadline_is_not_begun() -> None:
    busy = answer(status="429 Too Many Requests", Retry_After="50")
    assert "(1 try); try again later" in refusal(busy, deadline=40, pause=pytest.fail)


# --- a server that is slow


@pytest.mark.parametrize(
    "act",
    [
        drip(NO_LENGTH),
        drip(answer(b"", Content_Length="1000000")),
        drip(answer(b"", length=False, Transfer_Encoding="chunked"), b"1\r\na\r\n"),
        drip(answer(b"", length=False, Transfer_Encoding="chunked") + b"ffff\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nX: "),
        drip(b""),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        hang,
    ],
    ids=["body", "length", "chunks", "in a chunk", "header", "status line", "100 for ever", "nothing"],
)
def test_the_deadline_cuts_whatever_drips(act: Act) -> None:
    assert "not done within 0.2 s" in refusal(act, deadline=0.2)  # each act would go on for ever


def test_silence_ends_with_the_time_out() -> None:
    sentence = refusal(hang, timeout=(ENDLESS, 0.1), tries=2)
    assert sentence == "127.0.0.1: sends nothing for 0.1 s (2 tries); try again later."

    def stop(server: Loopback, connection: socket.socket) -> None:
        connection.sendall(answer(b"http://", Content_Length="100"))
        hang(server, connection)

    assert "sends nothing for 0.1 s" in refusal(stop, timeout=(ENDLESS, 0.1), tries=1)


# --- a body that is not whole


@pytest.mark.parametrize(
    "act",
    [
        answer(Content_Length=str(len(BODY) + 1)),
        chunked(BODY, end=b""),
        chunked(BODY, end=b"ff\r\nhttp"),
        chunked(BODY, end=b"no number\r\n"),
        reset(answer(Content_Length="100")),
        reset(),
        b"",
        b"no HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10**5 + b"\r\n\r\n",
    ],
    ids=[
        "short",
        "no last chunk",
        "half a chunk",
        "garbled chunk",
        "reset in the body",
        "reset at once",
        "nothing",
        "garbage",
        "many headers",
        "long header",
    ],
)
def test_half_a_list_is_no_list(act: bytes | Act) -> None:
    assert "broke off the connection before the end of the list (2 tries)" in refusal(act, tries=2)
    with Loopback(act, answer()) as server:
        assert get(server.url).data == BODY


def test_half_a_gzip_stream_is_no_list() -> None:
    half = gzip.compress(NOISE)[:500]
    assert "cut short (2 tries)" in refusal(answer(half, Content_Encoding="gzip"), tries=2)


def test_other_codings_are_refused() -> None:
    assert "gzip coding of the body is damaged" in refusal(answer(Content_Encoding="gzip"))
    assert "a coding that was not asked for" in refusal(answer(Content_Encoding="br"))
    assert "a coding that was not asked for" in refusal(answer(Content_Encoding="gzip, gzip"))


# --- a body that is too much, or nothing, or no list


@pytest.mark.parametrize(
    "act",
    [
        drip(answer(b"", Content_Length="1001")),
        drip(NO_LENGTH, bytes(10**4)),
        chunked(*[bytes(500)] * 3),
        answer(BOMB, Content_Encoding="gzip"),
        answer(gzip.compress(bytes(600)) * 2, Content_Encoding="gzip"),
        answer(gzip.compress(NOISE[:990]), length=False, Content_Encoding="gzip"),
    ],
    ids=["announced", "endless", "chunked", "gzip bomb", "gzip members", "larger as sent"],
)
def test_a_body_over_the_limit_is_cut(act: bytes | Act) -> None:
    assert "larger than 1000 bytes; raise the limit" in refusal(act, max_bytes=1000)


def test_a_body_at_the_limit_is_taken() -> None:
    with Loopback(answer(), gzipped(b"a" * 1000)) as server:
        assert get(server.url, max_bytes=len(BODY)).data == BODY
        assert len(get(server.url, max_bytes=1000).data) == 1000


@pytest.mark.parametrize("body", [b"", b" \r\n\n"])
def test_an_empty_list_is_refused(body: bytes) -> None:
    assert refusal(answer(body)) == "127.0.0.1: sends an empty list; ask the publisher."
    assert "empty list" in refusal(answer(gzip.compress(body), Content_Encoding="gzip"))


@pytest.mark.parametrize(
    "act",
    [
        answer(Content_Type="Text/HTML; charset=utf-8"),
        answer(Content_Type="application/xhtml+xml"),
        answer(b"<!DOCTYPE html>\n<title>Please log in</title>"),
        answer(b"\xef\xbb\xbf\r\n <HTML lang=en><body>", Content_Type="text/plain"),
        gzipped(b"<!doctype HTML>"),
    ],
)
def test_a_login_page_is_no_list(act: bytes) -> None:
    assert "sends a web page (HTML) where a list was expected, perhaps its login page" in refusal(act)


# --- redirects


def moved(to: str, *, length: int = 0) -> bytes:
    return answer(b"", status="302 Found", Location=to, Content_Length=str(length))


def test_a_redirect_on_the_same_host_is_followed() -> None:
    with Loopback(moved("/other?x=y"), moved("third"), answer()) as server:
        assert get(server.url, headers={"X-Key": "k"}).data == BODY
    paths = [request.split()[1] for request in server.requests]
    assert paths == ["/dir/list.txt?key=secret", "/other?x=y", "/third"]
    assert all("X-Key: k" in request for request in server.requests)


@pytest.mark.parametrize(
    "to",
    [
        "http://elsewhere.example/page",
        "//elsewhere.example",
        "https://elsewhere.example:8443/",
        "http://elsewhere.example\\@127.0.0.1/",
        "http://127.0.0.1.elsewhere.example/",
    ],
)
def test_a_redirect_to_another_host_is_refused(to: str) -> None:
    with Loopback(moved(to)) as server, pytest.raises(FetchError) as caught:
        get(server.url)
    assert "redirects to " in checked(caught.value)
    assert len(server.requests) == 1


def test_a_redirect_to_a_named_host_is_followed_without_credentials() -> None:
    with Loopback(answer()) as other:
        there = other.url.replace("127.0.0.1", "localhost")
        with Loopback(moved(there)) as server:
            url = server.url.replace("//", "//me:pass@")
            assert get(url, allow_hosts=["LOCALHOST"], headers={"X-Key": "k"}).data == BODY
    assert "X-Key: k" in server.requests[0]
    assert "Authorization: Basic bWU6cGFzcw==" in server.requests[0]
    assert "X-Key" not in other.requests[0]
    assert "Authorization" not in other.requests[0]


@pytest.mark.parametrize("to", ["", "ftp://127.0.0.1/x", "file:///etc/hosts", "http://[::1/", "mailto:x"])
def test_a_redirect_to_no_web_address_is_refused(to: str) -> None:
    assert "redirects to no web address" in refusal(moved(to))


def test_a_redirect_loop_ends() -> None:
    with Loopback(moved("/dir/list.txt?key=secret")) as server, pytest.raises(FetchError) as caught:
        get(server.url)
    assert "redirects in a circle" in checked(caught.value)
    assert len(server.requests) == 6


def test_the_body_of_a_redirect_is_not_read() -> None:
    with Loopback(drip(moved("/next", length=10**8)), answer()) as server:
        assert get(server.url).data == BODY


def test_a_garbled_redirect_is_refused() -> None:
    assert "cannot be asked" in refusal(moved("/\xff\xfe"))


# --- credentials and the log


def test_netrc_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Loopback(answer()) as server:
        get(server.url, headers={"Authorization": "Bearer abc"})
        get(server.url)
    assert "Authorization: Bearer abc" in server.requests[0]
    assert "Authorization" not in server.requests[1]


def test_nothing_of_the_url_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Loopback(b"HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 40\r\n\r\n" + BODY) as server:
        get(server.url)
    assert "secret" not in caplog.text
    logging.getLogger("urllib3.connectionpool").warning("others may log")
    assert "others may log" in caplog.text


@pytest.mark.parametrize("headers", [{"X-Key": "secret\r\nX: y"}, {"X-Key": "secret\N{SNOWMAN}"}])
def test_headers_that_cannot_be_sent_are_refused(headers: dict[str, str]) -> None:
    assert "check the address, headers and proxy" in refusal(answer(), headers=headers)


def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback(answer(), drip(NO_LENGTH)) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        assert get("http://lists.example/list.txt").data == BODY
        with pytest.raises(FetchError, match=r"lists\.example: not done within 0\.2 s"):
            get("http://lists.example/list.txt", deadline=0.2)
    with pytest.raises(FetchError, match=r"lists\.example: the proxy cannot be used \(3 tries\)"):
        get("http://lists.example/list.txt")
    assert proxy.requests[0].startswith("GET http://lists.example/list.txt HTTP/1.1")


# --- no server, no address


def test_no_server_at_the_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/list.txt?key=secret"
    with pytest.raises(FetchError) as caught:
        get(url)
    assert checked(caught.value) == "127.0.0.1: cannot be reached (3 tries); try again later."


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/list.txt",
        "lists.example/list.txt",
        "file:///dir/list.txt",
        "ftp://lists.example/list.txt",
        "http:///list.txt",
        "http://[::1/list.txt",
        "http://a:secret@:80/",
        "http://lists.example:port/list.txt",
        "http://\x00/list.txt",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        get(url)
    checked(caught.value)


# --- TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh key and its self-signed certificate for 127.0.0.1, in one file."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl command to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", folder / "key", "-out", folder / "certificate", "-days", "2", "-subj", "/CN=loopback",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    both = folder / "both.pem"
    both.write_bytes((folder / "key").read_bytes() + (folder / "certificate").read_bytes())
    return both


@pytest.fixture
def tls(authority: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    return context


def test_a_named_authority_is_trusted_and_no_other(tls: ssl.SSLContext, authority: Path) -> None:
    with Loopback(answer(), tls=tls) as server:
        assert get(server.url, ca_file=authority).data == BODY
        with pytest.raises(FetchError, match="certificate is not accepted; check the CA file") as caught:
            get(server.url)
    checked(caught.value)


def test_a_ca_file_that_is_missing_or_none(tmp_path: Path, tls: ssl.SSLContext) -> None:
    with pytest.raises(FetchError, match=r"CA file .* is not there; check the path\."):
        get("https://lists.example/", ca_file=tmp_path / "none")
    (tmp_path / "empty").touch()
    with Loopback(answer(), tls=tls) as server, pytest.raises(FetchError, match="check the CA file"):
        get(server.url, ca_file=tmp_path / "empty")


def test_the_deadline_holds_over_tls(tls: ssl.SSLContext, authority: Path) -> None:
    with Loopback(drip(NO_LENGTH), drip(b"HTTP/1.1 200 OK\r\nX: "), tls=tls) as server:
        for _ in range(2):
            with pytest.raises(FetchError, match=r"not done within 0\.3 s"):
                get(server.url, ca_file=authority, deadline=0.3)


def test_never_from_https_to_http(tls: ssl.SSLContext, authority: Path) -> None:
    with Loopback(moved("http://127.0.0.1/list.txt"), tls=tls) as server, pytest.raises(FetchError) as caught:
        get(server.url, ca_file=authority)
    assert "redirects from https to http; ask the publisher" in checked(caught.value)
