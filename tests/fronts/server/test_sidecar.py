"""The sidecar as its users meet it: real processes, real sockets."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")

from sidecars import LINES, LISTED, SOURCE, Sidecar, furnish, running, until

import linkgate
from linkgate.fronts.server.bearer_tokens import digest

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGE = {"text": f"see {LISTED}"}


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    folder = tmp_path_factory.mktemp("sidecar")
    furnish(folder)
    with running(folder, "--lookup", "--max-seconds", "1") as sidecar:
        yield sidecar
        log = sidecar.log.read_text()
    for words in (log, *sidecar.told):
        assert "bad.example" not in words
        assert "worse.example" not in words
    assert "Traceback" not in log


def test_one_message(sidecar: Sidecar) -> None:
    status, verdict = sidecar.ask("/v1/check", MESSAGE | {"id": "7", "surface": "public"})
    assert status == 200
    assert (verdict["flagged"], verdict["action"], len(verdict["matches"])) == (True, "block", 1)
    assert sidecar.ask("/v1/check", {"text": "x", "links": ["https://a.worse.example/"]})[1]["action"] == "block"
    assert sidecar.ask("/v1/check", {})[1]["flagged"] is False


def test_a_batch_is_answered_in_order(sidecar: Sidecar) -> None:
    status, answer = sidecar.ask("/v1/check", {"messages": [MESSAGE, {"text": "hello"}, MESSAGE]})
    assert status == 200
    assert [each["flagged"] for each in answer["results"]] == [True, False, True]
    assert sidecar.ask("/v1/check", {"messages": []}) == (200, {"results": []})


def test_a_text_that_names_messages_is_one_message(sidecar: Sidecar) -> None:
    assert sidecar.ask("/v1/check", {"text": 'he wrote "messages" here', "id": None})[0] == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b'{"text":' * 50_000,
        b'{"text": 7}',
        b'{"text": null}',
        b'{"text": "x", "links": "http://x"}',
        b'{"text": "x", "links": [7]}',
        b'{"messages": {}}',
        b'{"messages": [7]}',
        b'{"messages": [{"text": 1}]}',
        b"\xff\xfe",
        b'{"text": "\xff"}',
        b'{"text": "a" "b"}',
    ],
    ids=range(17),
)
def test_bad_bodies_get_a_sentence(sidecar: Sidecar, body: bytes) -> None:
    status, answer = sidecar.ask("/v1/check", body)
    assert (status, list(answer)) == (400, ["error"])
    assert re.match(r"the body (is|does) not ", answer["error"])


def unknown_fields(sidecar: Sidecar) -> float:
    """How many bodies had a field that is not known, those of other tests, too."""
    text = sidecar.ask("/metrics", token="monitor")[1]  # noqa: S106  # a name
    assert "nosuch" not in text
    [found] = re.findall(r"^linkgate_unknown_fields_total (\S+)$", text, re.MULTILINE)
    return float(found)


def test_a_field_of_a_newer_client_is_ignored_and_counted(sidecar: Sidecar) -> None:
    before = unknown_fields(sidecar)
    for body in (MESSAGE | {"nosuch": {"a": 1}}, {"messages": [MESSAGE | {"nosuch": 1}, {}], "more": []}):
        status, answer = sidecar.ask("/v1/check", body)
        assert (status, (answer.get("results") or [answer])[0]["action"]) == (200, "block")
    assert unknown_fields(sidecar) == before + 2


def test_offsets_in_the_unit_of_the_client_and_ids_in_batches(sidecar: Sidecar) -> None:
    text = f"👍é {LISTED}"
    for unit, start in (("code-points", 3), ("utf-16", 4), ("bytes", 7)):
        [match] = sidecar.ask("/v1/check", {"text": text, "offsets": unit})[1]["matches"]
        assert (match["start"], match["end"]) == (start, start + len(LISTED))
    assert sidecar.ask("/v1/check", {"text": text, "offsets": "feet"})[0] == 400
    batch = {"messages": [{"text": text, "id": 'a"\n'}, {"id": "b"}, {}]}
    results = sidecar.ask("/v1/check", batch)[1]["results"]
    assert [each.get("id") for each in results] == ['a"\n', "b", None]
    assert [each["flagged"] for each in results] == [True, False, False]


def test_why_over_http(sidecar: Sidecar) -> None:
    status, told = sidecar.ask("/v1/why", {"asked": "hxxp://bad[.]example/other"}, token="analyst")  # noqa: S106
    assert (status, told["url"]["flagged"], told["url"]["near"][0]["number"]) == (200, False, 1)
    sidecar.told.pop()  # the steps hold what was asked, defanged
    entry = told["url"]["near"][0]["entries"][0]
    [found] = sidecar.ask("/v1/why", {"asked": entry}, token="analyst")[1]["entries"]  # noqa: S106  # as above
    assert (found["list"], found["line"]) == ("partner", 1)
    assert sidecar.ask("/v1/why", {"asked": entry})[0] == 403
    assert '"entries": ["' in [line for line in sidecar.log.read_text().splitlines() if " why " in line][-1]


def test_the_description_is_shown_without_a_network(sidecar: Sidecar) -> None:
    status, page = sidecar.ask("/docs", token=None)
    elsewhere = re.search(r"<script|(?:src|href)\s*=\s*[\"']?(?:https?:)?//|url\(", page)
    assert (status, "POST /v1/check" in page, elsewhere) == (200, True, None)
    document = sidecar.ask("/openapi.json", token=None)[1]
    names = [told["operationId"] for methods in document["paths"].values() for told in methods.values()]
    assert len(set(names)) == len(names)


def test_odd_texts_are_checked(sidecar: Sidecar) -> None:
    for text in ("\0", "\x1f" * 99, f"\0 {LISTED}", "😀" * 500, "http://" * 500):
        assert sidecar.ask("/v1/check", {"text": text})[0] == 200
    for half in (r"\ud800", r"\udc00\ud800", r"\\\ud83d\ud83d\ude00"):
        body = b'{"text": "%s %s"}' % (half.encode(), LISTED.encode())
        assert sidecar.ask("/v1/check", body)[1]["action"] == "block"
        assert sidecar.ask("/v1/check", b'{"messages": [%s, {}]}' % body)[1]["results"][0]["action"] == "block"


def test_limits(sidecar: Sidecar) -> None:
    assert sidecar.ask("/v1/check", b'{"text": "' + b"x" * 10_000_000 + b'"}')[0] == 413
    assert sidecar.ask("/v1/check", {"text": "x" * 100_001})[0] == 413
    assert sidecar.ask("/v1/check", {"text": "x", "links": ["y" * 100_001]})[0] == 413
    assert sidecar.ask("/v1/check", {"text": "x", "links": ["y"] * 1_001})[0] == 413
    assert sidecar.ask("/v1/check", {"messages": [{}] * 1_001})[0] == 413
    assert sidecar.ask("/v1/check", {"text": "x " * 49_000 + LISTED})[1]["action"] == "block"


def test_unknown_places_and_methods(sidecar: Sidecar) -> None:
    assert sidecar.ask("/v1/check/", MESSAGE) == (404, {"error": "there is nothing here; see /openapi.json"})
    assert sidecar.ask("/nothing") == (404, {"error": "there is nothing here; see /openapi.json"})
    assert sidecar.ask("/v1/check")[0] == 405
    assert sidecar.ask("/livez", {}, method="DELETE")[0] == 405
    assert sidecar.ask("/v1/../../etc/passwd")[0] == 404


def test_tokens(sidecar: Sidecar) -> None:
    assert sidecar.ask("/v1/check", MESSAGE, token=None)[0] == 401
    assert sidecar.ask("/v1/check", MESSAGE, token="nobody")[0] == 401  # noqa: S106  # a name
    assert sidecar.ask("/v1/check", MESSAGE, token="monitor")[0] == 403  # noqa: S106  # as above
    assert sidecar.ask("/v1/lookup", {"url": LISTED}, token="chat")[0] == 403  # noqa: S106  # as above
    assert sidecar.ask("/v1/lists", token="chat")[0] == 403  # noqa: S106  # as above
    assert sidecar.ask("/metrics", token="chat")[0] == 403  # noqa: S106  # as above
    for open_to_all in ("/livez", "/readyz", "/healthz", "/openapi.json", "/", "/page.js", "/page.css"):
        assert sidecar.ask(open_to_all, token=None)[0] == 200


def test_lists_and_metrics(sidecar: Sidecar) -> None:
    assert sidecar.ask("/v1/check", MESSAGE)[0] == 200
    status, told = sidecar.ask("/v1/lists", token="analyst")  # noqa: S106  # as above
    assert status == 200
    assert [(each["name"], each["entries"], each["stale"]) for each in told["lists"]] == [("partner", 3, False)]
    _, text = sidecar.ask("/metrics", token="monitor")  # noqa: S106  # as above
    assert 'linkgate_matches_total{action="block",kind="exact",list="partner"}' in text
    assert "linkgate_healthy 1.0" in text
    assert re.search(r"linkgate_check_seconds_count [1-9]", text)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_links_of_a_token_are_counted_limited_and_on_record(tmp_path: Path, workers: str) -> None:
    furnish(tmp_path)
    tokens = tmp_path / "tokens"
    tokens.write_text(f"{tokens.read_text()}outside check {digest('outside')} links=3\n")
    with running(tmp_path, "--workers", workers) as sidecar:
        for _ in range(9):
            clear = {"text": "nothing to judge: http://other.example/"}
            assert sidecar.ask("/v1/check", clear, token="outside")[0] == 200  # noqa: S106  # a name
        codes = [sidecar.ask("/v1/check", MESSAGE, token="outside")[0] for _ in range(6)]  # noqa: S106  # a name
        assert codes == [200] * 3 + [429] * 3
        status, answer = sidecar.ask("/v1/check", {"messages": [MESSAGE] * 9}, token="outside")  # noqa: S106  # as above
        assert (status, answer["error"].startswith("too many links; ask again in ")) == (429, True)
        assert [sidecar.ask("/v1/check", MESSAGE)[0] for _ in range(9)] == [200] * 9  # another token, without a limit
        for row in ('{token="outside"} 15.0', '{token="chat"} 9.0'):  # another worker tells its numbers once a second
            told = f"linkgate_token_links_total{row}"
            until(lambda told=told: told in sidecar.ask("/metrics", token="monitor")[1])  # noqa: S106  # as above
        log = [line for line in sidecar.log.read_text().splitlines() if "linkgate.lookups" in line]
    assert sum('check {"who": "outside", "flagged": true' in line for line in log) == 3
    assert 1 <= sum('check refused {"who": "outside"' in line for line in log) <= int(workers)
    assert not any('"who": "chat"' in line for line in log)


def test_the_self_test_passes(sidecar: Sidecar) -> None:
    env = os.environ | {"PYTHONPATH": str(SOURCE), "NO_PROXY": "*", "TOKEN": "chat"}
    command = [sys.executable, "-m", "linkgate", "selftest", "--via", f"http://127.0.0.1:{sidecar.port}"]
    done = subprocess.run([*command, "--token-env", "TOKEN"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout


def test_the_document_is_true(sidecar: Sidecar) -> None:
    tool = Path(sys.executable).with_name("schemathesis")
    if not tool.exists():
        pytest.skip("schemathesis is not installed")
    command = [str(tool), "run", f"http://127.0.0.1:{sidecar.port}/openapi.json", "-H", "Authorization: Bearer chat"]
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    more = ["--checks", checks, "--max-examples", "25", "--exclude-path", "/v1/lookup", "--phases", "examples,fuzzing"]
    env = os.environ | {"NO_PROXY": "*"}
    done = subprocess.run(
        [*command, *more], env=env, cwd=sidecar.folder, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout[-3000:]


# --- one of its own


def test_without_look_ups_there_are_none(tmp_path: Path) -> None:
    furnish(tmp_path)
    with running(tmp_path) as sidecar:
        assert sidecar.ask("/v1/lookup", {"url": LISTED}, token="analyst")[0] == 404  # noqa: S106  # a name
        tokens = tmp_path / "tokens"
        tokens.write_text(tokens.read_text().replace("chat check", "chat lists"))
        until(lambda: sidecar.ask("/v1/check", MESSAGE)[0] == 403)
        tokens.write_text("chat")
        tokens.chmod(0o644)
        assert sidecar.ask("/v1/lists")[0] == 200  # a faulty file leaves those that were in force
        until(
            lambda: sidecar.ask("/v1/lists")[0] == 200 and "tokens that were in force stay" in sidecar.log.read_text()
        )
        assert "chmod 600" in sidecar.log.read_text()


def test_look_ups_are_on_record_and_limited(tmp_path: Path) -> None:
    furnish(tmp_path)
    with running(tmp_path, "--lookup", "--lookups-per-minute", "6") as sidecar:
        asked = {"url": "hxxp://www[.]bad[.]example/page/"}
        _, found = sidecar.ask("/v1/lookup", asked, token="analyst")  # noqa: S106  # a name
        assert (found["flagged"], found["matches"][0]["steps"]) == (True, ["www", "trailing-slash"])
        assert "steps" not in found
        assert '"who": "analyst", "flagged": true' in sidecar.log.read_text()
        steps = {"url": "mailto:x@y.test", "explain": True}
        status, answer = sidecar.ask("/v1/lookup", steps, token="analyst")  # noqa: S106  # as above
        assert (status, answer["readable"], answer["steps"][0]["step"]) == (200, False, "as written")
        codes = [sidecar.ask("/v1/lookup", {"url": "x.test"}, token="analyst")[0] for _ in range(12)]  # noqa: S106
        assert (codes[:4], set(codes)) == ([200] * 4, {200, 429})
        log = sidecar.log.read_text()
    refused = [line for line in log.splitlines() if '"refused": "too many look-ups' in line]
    assert 1 <= len(refused) < 5  # the first, and the first after each that was granted again
    assert '"who": "analyst"' in refused[0]
    for words in (log, *sidecar.told):
        assert "bad.example" not in words


def test_a_broken_store_goes_on_deciding_and_is_seen(tmp_path: Path) -> None:
    config = furnish(tmp_path)
    with running(tmp_path) as sidecar:
        manifest = config.open_store().path / "manifest.json"
        good = manifest.read_bytes()
        manifest.write_bytes(b"{")
        until(lambda: sidecar.ask("/healthz")[0] == 503)
        assert sidecar.ask("/readyz", token=None)[0] == 200  # the publisher's outage is not the platform's
        assert sidecar.ask("/v1/check", MESSAGE)[1]["action"] == "block"
        [told] = sidecar.ask("/healthz", token="analyst")[1]["problems"]  # noqa: S106  # a name
        assert (told["kind"], "store" in told["sentence"]) == ("reload", True)
        for stranger in (None, "chat", "nobody"):
            assert sidecar.ask("/healthz", token=stranger)[1]["problems"] == [{"kind": "reload", "list": None}]
        assert 'linkgate_problems{kind="reload"} 1.0' in sidecar.ask("/metrics", token="monitor")[1]  # noqa: S106
        assert "linkgate_healthy 0.0" in sidecar.ask("/metrics", token="monitor")[1]  # noqa: S106  # a name
        manifest.write_bytes(good)
        until(lambda: sidecar.ask("/healthz")[0] == 200)
        lines = [line for line in sidecar.log.read_text().splitlines() if "linkgate.reload" in line]
        assert [line.split()[1] for line in lines] == ["WARNING", "INFO"]  # each change once
        assert "over: " in lines[1]


def test_the_log_as_json_tells_of_reloads_and_look_ups(tmp_path: Path) -> None:
    config = furnish(tmp_path)
    with running(tmp_path, "--log-format", "json", "--lookup") as sidecar:
        (tmp_path / "partner.txt").write_text(f"http://other.example/\n{LISTED}\n")
        assert linkgate.update(config, config.open_store()).ok
        until(lambda: "engine replaced" in sidecar.log.read_text())
        assert sidecar.ask("/v1/lookup", {"url": "other.example"}, token="analyst")[0] == 200  # noqa: S106  # a name
        text = sidecar.log.read_text()
    told = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert all({"time", "level", "logger", "message"} <= set(each) for each in told)
    [reload] = [each for each in told if each["logger"] == "linkgate.reload"]
    assert re.search(r"version 2, snapshot \w+ \(2 entries\), was version 1", reload["message"])
    [lookup] = [each for each in told if each["logger"] == "linkgate.lookups"]
    assert (lookup["who"], lookup["flagged"]) == ("analyst", True)
    assert "example" not in text


def test_a_unix_socket_without_tokens(tmp_path: Path) -> None:
    furnish(tmp_path)
    with running(tmp_path, uds=str(tmp_path / "s"), tokens=False) as sidecar:
        assert sidecar.ask("/v1/check", MESSAGE, token=None)[1]["action"] == "block"
        assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o660
        body = json.dumps(MESSAGE).encode()  # whoever may open the socket may name any host
        head = b"POST /v1/check HTTP/1.1\r\nHost: any\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
        assert b'"action":"block"' in sidecar.raw(head % len(body) + body)


def test_without_tokens_only_this_machine_is_served_and_no_page_of_another_site(tmp_path: Path) -> None:
    furnish(tmp_path)
    with running(tmp_path, tokens=False) as sidecar:
        own = f"127.0.0.1:{sidecar.port}"
        for host, origin, status in (
            (own, None, b"200"),
            (f"localhost:{sidecar.port}", None, b"200"),
            ("[::1]", None, b"200"),
            ("LOCALHOST", None, b"200"),
            (own, f"http://{own}", b"200"),
            ("rebound.example", None, b"403"),
            (f"localhost.example:{sidecar.port}", None, b"403"),
            ("127.0.0.1.example", None, b"403"),
            ("", None, b"403"),
            (own, "http://other.example", b"403"),
            (own, "http://localhost:1", b"403"),
            (own, "null", b"403"),
        ):
            for path in ("/v1/check", "/v1/check/", "/healthz", "/"):
                method, length = ("POST", 2) if "check" in path else ("GET", 0)
                head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n"
                head += f"Origin: {origin}\r\n\r\n" if origin else "\r\n"
                found = sidecar.raw(head.encode() + b"{}"[:length]).split()[1]
                assert found == (b"404" if status == b"200" and path == "/v1/check/" else status), (host, origin, path)


def test_sighup_reloads(tmp_path: Path) -> None:
    config = furnish(tmp_path)
    with running(tmp_path, tokens=False) as sidecar:
        (tmp_path / "partner.txt").write_text(f"{LINES}http://other.example/page\n")
        assert linkgate.update(config, config.open_store()).ok
        sidecar.process.send_signal(signal.SIGHUP)
        until(lambda: sidecar.ask("/v1/check", {"text": "other.example/page"}, token=None)[1]["flagged"])
        (tmp_path / "store" / "manifest.json").write_text("{")
        sidecar.process.send_signal(signal.SIGHUP)
        until(lambda: sidecar.ask("/healthz", token=None)[0] == 503)
        assert sidecar.ask("/v1/check", MESSAGE, token=None)[1]["flagged"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--lookup"], "needs --tokens FILE"),
        (["--host", "0.0.0.0"], "needs --tokens FILE"),  # noqa: S104  # it is refused
        (["--tokens", "nosuch"], "check the path"),
        (["--tokens", "open"], "chmod 600"),
        (["--config", "nosuch.toml"], "check the path"),
        (["--store", "nosuch"], "check the path"),
        (["--new-token", "joe=fly"], "is no right"),
        (["--uds", "/nosuch/s"], "no such file or directory"),
        (["--uds", "open"], "no socket"),
        (["--host", "::2", "--tokens", "tokens"], "name another --host or --port"),
    ],
)
def test_what_cannot_be_served_is_said(tmp_path: Path, options: list[str], words: str) -> None:
    furnish(tmp_path)
    (tmp_path / "open").write_text("")
    (tmp_path / "open").chmod(0o644)
    command = [sys.executable, "-m", "linkgate", "serve", *options]
    env = os.environ | {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert (tmp_path / "open").exists()


def test_a_new_token(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "linkgate", "serve", "--new-token", "joe=check,lookup"]
    env = os.environ | {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    token = done.stderr.rstrip().rpartition(" ")[2]
    from linkgate.fronts.server.bearer_tokens import parse  # noqa: PLC0415

    owners: dict[str, Any] = parse(done.stdout, place="tokens")
    assert owners[digest(token)].rights == {"check", "lookup"}
    assert isinstance(linkgate.__version__, str)
