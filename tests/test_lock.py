"""The lock files know every file that is installed, and name no place to fetch it from."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from paths import ROOT

FIRST, RUN, TEST = "requirements-first.lock", "requirements.lock", "requirements-test.lock"
TORCH = "requirements-torch.lock"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
ADVICE = "run `make lock`"


def locked(name: str) -> dict[str, tuple[str, list[str]]]:
    """By name: the version, without what a builder adds to it, and the files' hashes."""
    text = re.sub(r"^#.*\n", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {}
    for entry in re.findall(r"^\S.*(?:\n[ \t].*)*", text, flags=re.MULTILINE):
        pin = re.match(r"([a-z0-9-]+)==([^ +]+)", entry)
        assert pin, f"{name}: {entry.splitlines()[0]} is not a pinned version with hashes: {ADVICE}"
        _, before = found.get(pin[1], ("", []))
        found[pin[1]] = (pin[2], before + re.findall(r"--hash=sha256:([0-9a-f]{64})\b", entry))
    return found


def wanted(extra: str | None) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", [FIRST, TORCH, RUN, TEST])
def test_every_locked_package_has_the_hashes_of_its_files(name: str) -> None:
    assert locked(name)
    assert [package for package, (_, hashes) in locked(name).items() if not hashes] == []


@pytest.mark.parametrize(
    ("extra", "names"), [(None, [FIRST, TORCH, RUN]), ("test", [FIRST, TORCH, RUN, TEST])]
)
def test_what_the_project_asks_for_is_locked_at_a_version_that_will_do(
    extra: str | None, names: list[str]
) -> None:
    pins = {package: version for name in names for package, (version, _) in locked(name).items()}
    for requirement in wanted(extra):
        version = pins.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement}: is not locked: {ADVICE}"
        assert requirement.specifier.contains(version), f"{requirement}: {version} is locked: {ADVICE}"


def test_no_package_is_locked_twice() -> None:
    packages = [package for name in (FIRST, TORCH, RUN, TEST) for package in locked(name)]
    assert len(packages) == len(set(packages))


def test_nothing_of_cuda_is_locked_and_no_address_is_named() -> None:
    for name in (FIRST, TORCH, RUN, TEST):
        assert not any(package.startswith(("nvidia", "triton")) for package in locked(name))
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_on_linux_no_other_torch_than_the_one_without_cuda_will_do() -> None:
    text = (ROOT / TORCH).read_text(encoding="utf-8")
    pins = re.findall(r"^torch==(\S+) ; sys_platform == '(\w+)'", text, flags=re.MULTILINE)
    assert dict(reversed(pin) for pin in pins) == {"linux": "2.13.0+cpu", "darwin": "2.13.0"}


@pytest.mark.parametrize(("system", "n_machines"), [("linux", 2), ("darwin", 1)])
def test_torch_is_known_for_every_python_and_machine(system: str, n_machines: int) -> None:
    text = (ROOT / TORCH).read_text(encoding="utf-8")
    entry = re.search(rf"^torch==\S+ ; sys_platform == '{system}'(?:.*\\\n)*.*", text, flags=re.MULTILINE)
    assert entry
    assert len(set(re.findall(r"--hash=sha256:([0-9a-f]{64})", entry[0]))) == n_machines * len(PYTHONS)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    ("system", "machine"), [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64")]
)
def test_the_lock_is_whole_on_every_python_and_system(python: str, system: str, machine: str) -> None:
    """One lock for all: what is asked for there is locked under a condition that holds there."""
    here = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": system}
    here |= {"platform_machine": machine, "implementation_name": "cpython"}
    here |= {"platform_python_implementation": "CPython"}
    assert allowed().contains(f"{python}.0")
    lines = re.findall(
        r"^[a-z0-9-]+==.*?(?= \\$)", (ROOT / RUN).read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    locked_here = {
        each.name for each in map(Requirement, lines) if not each.marker or each.marker.evaluate(here)
    }
    asked = {
        canonicalize_name(each.name) for each in wanted(None) if not each.marker or each.marker.evaluate(here)
    }
    assert asked - {"torch"} <= locked_here


def allowed() -> SpecifierSet:
    return SpecifierSet(
        tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    )
