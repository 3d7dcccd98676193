"""The files for containers and systemd agree with the project; no engine is needed to see that."""

import configparser
import json
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
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
    ]
    assert {name.partition(".")[0] for name in packages} <= set(copied())


def test_everything_is_installed_by_hash_in_the_image_as_by_make() -> None:
    installs = [rest for name, rest in instructions(0) if name == "RUN" and "pip install" in rest]
    assert all("--no-deps --no-build-isolation" in each for each in installs)
    assert re.findall(r"--require-hashes -r (\S+)", " ".join(installs)) == [
        "requirements-first.lock",
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
