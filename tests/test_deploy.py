"""The deployment kit, as far as it can be checked without a cluster: units, rules, probes, names of metrics."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).parents[1] / "deploy"
RULES = DEPLOY / "prometheus" / "linkgate.rules.yml"
KUBERNETES = DEPLOY / "kubernetes"
DASHBOARD = DEPLOY / "grafana" / "linkgate.json"


def kinds() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for path in sorted((DEPLOY / "kubernetes").iterdir(), reverse=True):
        for document in yaml.safe_load_all(path.read_text()):
            found.setdefault(document["kind"], []).append(document)
    return found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_the_units_are_sound(tmp_path: Path) -> None:
    names = []
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text().replace("/opt/linkgate/bin/linkgate", "/bin/true")
        name = unit.name.replace("@.", "@x.")
        (tmp_path / unit.name).write_text(text)
        names.append(name)
    done = subprocess.run(
        ["systemd-analyze", "verify", *(f"./{name}" for name in names)],  # noqa: S607  # where the system has it
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool")
def test_the_alert_rules_are_sound_and_fire_when_they_should() -> None:
    for arguments in (("check", "rules", RULES.name), ("test", "rules", "linkgate.rules.test.yml")):
        done = subprocess.run(
            ["promtool", *arguments],  # noqa: S607  # as above
            cwd=RULES.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout


def beside_python(name: str) -> str:
    """A program of the extra `deploy`."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.skip(f"no {name}: the extra `deploy` is not installed")
    return found


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("hadolint", ["Dockerfile"]),
        ("docker-compose", ["-f", "compose.yaml", "config", "--quiet"]),
        ("kubernetes-validate", ["--strict", *sorted(f"kubernetes/{each.name}" for each in KUBERNETES.iterdir())]),
    ],
    ids=["image", "compose", "kubernetes"],
)
def test_the_files_are_what_their_programs_take(program: str, arguments: list[str]) -> None:
    command = [beside_python(program), *arguments]
    done = subprocess.run(command, cwd=DEPLOY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARN" not in done.stdout + done.stderr


@pytest.fixture(scope="module")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What /metrics of a sidecar shows after some requests: name -> labels."""
    pytest.importorskip("prometheus_client", reason="the extra `serve` is not installed")
    from prometheus_client.parser import text_string_to_metric_families  # noqa: PLC0415  # as above
    from sidecars import LISTED, furnish, running  # noqa: PLC0415  # as above

    folder = tmp_path_factory.mktemp("metrics")
    furnish(folder)
    with (folder / "linkgate.toml").open("a") as file:
        file.write('[decisions]\npath = "decisions"\n[surfaces]\npublic = true\n')
    with running(folder) as sidecar:
        sidecar.ask("/v1/check", {"messages": [{"text": LISTED}, {"text": "hello", "surface": "privat"}]})
        _, page = sidecar.ask("/metrics", token="monitor")  # noqa: S106  # a name
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def queries() -> list[str]:
    """Every expression of the alert rules and of the dashboard."""
    rules = yaml.safe_load(RULES.read_text())
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    panels = json.loads(DASHBOARD.read_text())["panels"]
    return asked + [target["expr"] for panel in panels for target in panel["targets"]]


@pytest.mark.parametrize("query", queries())
def test_queries_ask_for_metrics_and_labels_that_a_sidecar_shows(query: str, metrics: dict[str, set[str]]) -> None:
    asked = re.findall(r"(linkgate_\w+)(?:\{([^}]*)\})?", query)
    assert asked or query.startswith("up{")
    labels = {label.strip() for several in re.findall(r"by \(([^)]*)\)", query) for label in several.split(",")}
    for name, chosen in asked:
        assert name in metrics
        assert labels | set(re.findall(r"(\w+)=", chosen)) <= metrics[name], query


@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool")
def test_prometheus_can_read_the_queries_of_the_dashboard(tmp_path: Path) -> None:
    rules = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(queries())]
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    command = ["promtool", "check", "rules", "--lint=none", "rules.yml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout


def test_ready_is_who_can_answer_and_nobody_is_root() -> None:
    deployments, [job] = kinds()["Deployment"], kinds()["CronJob"]
    pods = [deployment["spec"]["template"]["spec"] for deployment in deployments]
    assert [pod["containers"][0]["args"][0] for pod in pods] == ["serve", "resolve"]
    for pod in pods:
        [one] = pod["containers"]
        assert {name: one[name]["httpGet"]["path"] for name in one if name.endswith("Probe")} == {
            "startupProbe": "/readyz",
            "readinessProbe": "/readyz",
            "livenessProbe": "/livez",
        }
    update = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    for each in (*pods, update):
        assert each["securityContext"]["runAsNonRoot"]
        assert all(container["securityContext"]["readOnlyRootFilesystem"] for container in each["containers"])
    for name, service in yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"].items():
        assert name == "prometheus" or (service["read_only"] and service["user"] == "10001:10001")
    image = (DEPLOY / "Dockerfile").read_text()
    assert re.search(r"^USER 10001", image, re.MULTILINE)
    assert "/livez" in image.partition("HEALTHCHECK")[2]


def test_the_commands_of_the_kit_are_commands() -> None:
    assert importlib.util.find_spec("click")
    from linkgate.fronts import cli  # noqa: PLC0415

    [job] = kinds()["CronJob"]
    pods = [
        *(each["spec"]["template"] for each in kinds()["Deployment"]),
        job["spec"]["jobTemplate"]["spec"]["template"],
    ]
    for pod in pods:
        words = pod["spec"]["containers"][0]["args"]
        command: Any = cli.linkgate
        while hasattr(command, "get_command"):
            name, *words = words
            command = command.get_command(command.make_context("linkgate", [name], resilient_parsing=True), name)
        with command.make_context("linkgate", words):
            pass
