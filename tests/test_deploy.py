"""The deployment kit, as far as it can be checked without a cluster: units, rules, probes, names of metrics."""

import importlib.util
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).parents[1] / "deploy"
RULES = DEPLOY / "prometheus" / "linkgate.rules.yml"
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


def test_rules_and_dashboard_ask_for_metrics_that_there_are() -> None:
    pytest.importorskip("prometheus_client", reason="the extra `serve` is not installed")
    page = (DEPLOY.parent / "docs" / "reference" / "metrics.md").read_text()
    known = set(re.findall(r"`(linkgate_\w+)`", page))
    known |= {f"{name}_bucket" for name in known}
    rules = yaml.safe_load(RULES.read_text())
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    panels = json.loads(DASHBOARD.read_text())["panels"]
    asked += [target["expr"] for panel in panels for target in panel["targets"]]
    names = {name for expression in asked for name in re.findall(r"linkgate_\w+", expression)}
    assert names
    assert sorted(names - known) == []


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
