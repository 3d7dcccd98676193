"""Whatever is installed may be used: every locked package's licence is one of a list."""

import re
from importlib.metadata import PackageNotFoundError, metadata

import pytest
from paths import ROOT

FIRST, RUN, TEST = "requirements-first.lock", "requirements.lock", "requirements-test.lock"
TORCH = "requirements-torch.lock"

ALLOWED = {
    *(
        "0BSD",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BSL-1.0",
        "CC0-1.0",
        "CNRI-Python",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "PSF-2.0",
        "Zlib",
    ),
    *("MPL-1.1", "MPL-2.0"),  # their own files stay under it, ours do not come under it
    "LGPL-3.0-only",  # libraries that are installed as they are and can be replaced
}
SAID = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The BSD 2-Clause License": "BSD-2-Clause",
}
"""What packages say that name no SPDX expression."""


def licence(package: str) -> str:
    """The licence of an installed package as an SPDX expression, or in its own words."""
    told = metadata(package)
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    classifiers = [
        each.split(" :: ")[-1] for each in told.get_all("Classifier") or [] if "License ::" in each
    ]
    word = str(told.get("License") or "").strip()
    if not word or "\n" in word:  # the whole text, or nothing
        word = " AND ".join(SAID.get(each, each) for each in classifiers)
    return SAID.get(word, word)


def is_allowed(expression: str) -> bool:
    """Whether an expression of AND, OR and parentheses can be met by what is allowed."""
    inner = re.search(r"\(([^()]*)\)", expression)
    if inner:
        met = "MIT" if is_allowed(inner[1]) else "refused"
        return is_allowed(expression[: inner.start()] + met + expression[inner.end() :])
    if " AND " in expression:
        return all(map(is_allowed, expression.split(" AND ")))
    return any(each in ALLOWED for each in expression.split(" OR "))


@pytest.mark.parametrize("name", [FIRST, TORCH, RUN, TEST])
def test_every_locked_package_may_be_used(name: str) -> None:
    packages = re.findall(r"^([a-z0-9-]+)==", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert packages
    refused = {}
    for package in packages:
        try:
            found = licence(package)
        except PackageNotFoundError:
            # torch may be left out, and some tests' packages are for one system
            assert name in (TEST, TORCH), f"{package}: is locked and not installed"
            continue
        if not is_allowed(found):
            refused[package] = found
    assert refused == {}


@pytest.mark.parametrize(
    ("expression", "is_fine"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("", False),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("MIT AND AGPL-3.0-only", False),
        ("MIT AND (GPL-2.0-only OR AGPL-3.0-only)", False),
    ],
)
def test_an_expression_is_allowed_only_if_all_of_it_is(expression: str, is_fine: bool) -> None:
    assert is_allowed(expression) == is_fine
