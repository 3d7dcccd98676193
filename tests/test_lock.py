"""The lock files know every file that is installed, and name no place to fetch it from."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from paths import ROOT

FIRST, RUN, TEST = "requirements-first.lock", "requirements.lock", "requirements-test.lock"
CUDA = "requirements-cuda.lock"
ADVICE = "run `make lock`"


def locked(name: str) -> dict[str, tuple[str, list[str]]]:
    """By name: the version and the files' hashes."""
    text = re.sub(r"^#.*\n", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {}
    for entry in re.findall(r"^\S.*(?:\n[ \t].*)*", text, flags=re.MULTILINE):
        pin = re.match(r"([a-z0-9-]+)==([^ ]+) ", entry)
        assert pin, f"{name}: {entry.splitlines()[0]} is not a pinned version with hashes: {ADVICE}"
        found[pin[1]] = (pin[2], re.findall(r"--hash=sha256:([0-9a-f]{64})\b", entry))
    return found


def wanted(extra: str | None) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", [FIRST, RUN, TEST, CUDA])
def test_every_locked_package_has_the_hashes_of_its_files(name: str) -> None:
    assert locked(name)
    assert [package for package, (_, hashes) in locked(name).items() if not hashes] == []


@pytest.mark.parametrize(("extra", "names"), [(None, [FIRST, RUN]), ("test", [FIRST, RUN, TEST])])
def test_what_the_project_asks_for_is_locked_at_a_version_that_will_do(
    extra: str | None, names: list[str]
) -> None:
    pins = {package: version for name in names for package, (version, _) in locked(name).items()}
    for requirement in wanted(extra):
        version = pins.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement}: is not locked: {ADVICE}"
        assert requirement.specifier.contains(version), f"{requirement}: {version} is locked: {ADVICE}"


def test_no_package_is_locked_twice() -> None:
    packages = [package for name in (FIRST, RUN, TEST) for package in locked(name)]
    assert len(packages) == len(set(packages))


def test_nothing_of_cuda_is_locked_and_no_address_is_named() -> None:
    for name in (FIRST, RUN, TEST):
        assert not any(package.startswith(("nvidia", "triton")) for package in locked(name))
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_torch_with_cuda_is_another_file_of_the_same_versions() -> None:
    first, other = locked(FIRST), locked(CUDA)
    assert {name: version for name, (version, _) in first.items()} == {
        name: version for name, (version, _) in other.items()
    }
    assert not set(first["torch"][1]) & set(other["torch"][1])
