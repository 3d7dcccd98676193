"""The files for containers and systemd agree with the project; no engine is needed to see that."""

import configparser
import json
import re
import tomllib
from fnmatch import fnmatch
from typing import Any

import yaml
from paths import ROOT

from bot.command_line.main import _parser
from bot.settings import Settings
from bot.telegram.updates.webhook import PATH

DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))


def instructions(stage: int) -> list[tuple[str, str]]:
    """The instructions of a stage, from its FROM on."""
    lines = re.findall(r"^([A-Z]+) (.+)$", DOCKERFILE, flags=re.MULTILINE)
    starts = [at for at, (name, _) in enumerate(lines) if name == "FROM"]
    return lines[starts[stage] : [*starts[1:], len(lines)][stage]]


def copied() -> list[str]:
    return [source for name, rest in instructions(0) if name == "COPY" for source in rest.split()[:-1]]


def test_what_is_copied_into_the_image_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    allowed = [line[1:] for line in ignored if line.startswith("!")]
    assert ignored[0] == "*"
    assert sorted(copied()) == sorted(allowed)
    assert [name for name in copied() if not (ROOT / name).exists()] == []
    assert not any(fnmatch(name, pattern) for name in (".env", "token.txt", "shared") for pattern in allowed)


def test_every_package_of_the_project_is_copied() -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "packages"
    ]["find"]["include"]
    assert {name.rstrip("*") for name in packages} <= set(copied())


def test_everything_is_installed_by_hash_in_the_image_as_by_make() -> None:
    installs = [rest for name, rest in instructions(0) if name == "RUN" and "pip install" in rest]
    assert all("--no-deps --no-build-isolation" in each for each in installs)
    assert re.findall(r"--require-hashes -r (\S+)", " ".join(installs)) == [
        "requirements-first.lock",
        "requirements-torch.lock",
        "requirements.lock",
    ]
    assert [each for each in installs if "--require-hashes" not in each] == [installs[-1]]
    assert installs[-1].endswith(" .")


def test_what_runs_in_the_container_is_not_root_and_gets_the_signals() -> None:
    last = dict(instructions(1))
    assert last["USER"] == "yunwen"
    assert json.loads(last["ENTRYPOINT"]) + json.loads(last["CMD"]) == ["yunwen", "bot"]
    assert last["STOPSIGNAL"] == "SIGTERM"
    assert "HEALTHCHECK" in last


def test_the_compose_file_gives_no_more_than_is_needed() -> None:
    bot = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["bot"]
    assert (bot["read_only"], bot["cap_drop"]) == (True, ["ALL"])
    assert "TELEGRAM_BOT_TOKEN" not in bot["environment"]
    volumes = {volume.split(":")[1] for volume in bot["volumes"]}
    assert set(json.loads(dict(instructions(1))["VOLUME"])) <= volumes
    assert "ports" not in bot


def test_the_unit_is_hardened_and_takes_the_token_as_a_credential() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read(ROOT / "deploy" / "yunwen.service", encoding="utf-8")
    service = unit["Service"]
    assert service["ExecStart"] == "/opt/yunwen/bin/yunwen bot"
    assert (service["DynamicUser"], service["ProtectSystem"], service["NoNewPrivileges"]) == (
        "yes",
        "strict",
        "yes",
    )
    assert service["CapabilityBoundingSet"] == ""
    assert "TELEGRAM_BOT_TOKEN_FILE=%d/token" in service["Environment"]


# ------------------------------------------------------------------------------------------- the scaled form

SCALE = yaml.safe_load((ROOT / "deploy" / "scale" / "compose.yaml").read_text(encoding="utf-8"))["services"]
OURS = {name: each for name, each in SCALE.items() if each["image"] == "yunwen-scale"}
MANIFESTS = [
    document
    for path in sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [each for each in MANIFESTS if each["kind"] == kind]


def pods() -> list[dict[str, Any]]:
    return [each["spec"]["template"]["spec"] for each in of_kind("Deployment")]


def containers() -> list[dict[str, Any]]:
    return [container for pod in pods() for container in pod["containers"]]


def test_the_scaled_forms_set_what_there_is_and_run_commands_that_there_are() -> None:
    known = {str(field.alias) for field in Settings.model_fields.values()}
    known.update([f"{name}_FILE" for name in known])
    named = {name for each in OURS.values() for name in each["environment"]}
    named |= set(of_kind("ConfigMap")[0]["data"])
    named |= {each["name"] for container in containers() for each in container["env"]}
    assert named - known == set()
    commands = [each["command"] for each in OURS.values()] + [each["args"] for each in containers()]
    assert sorted({tuple(each) for each in commands}) == [("bot",), ("deliver",), ("ingest", "--watch")]
    for command in commands:
        assert _parser().parse_args(command).command == command[0]


def test_only_one_kind_of_process_does_each_work() -> None:
    for environment in (
        OURS["worker"]["environment"],
        {each["name"]: each["value"] for each in containers()[-1]["env"]},
    ):
        assert (environment["BOT_SENDS"], environment["BOT_INGESTS"]) == ("false", "false")
    senders = [each for each in containers() if each["args"] == ["deliver"]]
    assert len(senders) == 1
    together = 2 * float(senders[0]["env"][0]["value"])
    assert together <= 30, "what Telegram allows a bot that does not pay for more"


def test_every_container_is_pinned_and_runs_without_rights() -> None:
    for each in SCALE.values():
        assert each["image"] == "yunwen-scale" or re.search(r":v?[\w.-]*\d", each["image"]), each["image"]
    for each in OURS.values():
        assert (each["read_only"], each["cap_drop"]) == (True, ["ALL"])
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"]
    for each in containers():
        context = each["securityContext"]
        assert (context["readOnlyRootFilesystem"], context["allowPrivilegeEscalation"]) == (True, False)
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert {"requests", "limits"} <= set(each["resources"])


def test_what_selects_pods_finds_them_and_workers_are_probed() -> None:
    labels = [each["spec"]["template"]["metadata"]["labels"] for each in of_kind("Deployment")]
    for each in (*of_kind("Service"), *of_kind("PodDisruptionBudget")):
        selector = each["spec"]["selector"]
        wanted = selector.get("matchLabels", selector)
        assert sum(wanted.items() <= found.items() for found in labels) == 1
    worker = containers()[-1]
    assert worker["args"] == ["bot"]
    assert worker["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert worker["livenessProbe"]["httpGet"]["path"] == "/healthz"
    rules = of_kind("Ingress")[0]["spec"]["rules"][0]
    assert rules["http"]["paths"][0]["path"] == PATH


def test_the_drivers_of_the_scaled_image_are_those_of_the_lock() -> None:
    text = (ROOT / "deploy" / "scale" / "Dockerfile").read_text(encoding="utf-8")
    lock = (ROOT / "requirements-test.lock").read_text(encoding="utf-8")
    pins = re.findall(r"'([a-z]+)(?:\[\w+\])?(==[\d.]+)'", text)
    assert [name for name, _ in pins] == ["psycopg", "pymilvus"]
    assert all(f"\n{name}{version} " in lock for name, version in pins)
