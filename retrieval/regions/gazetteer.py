"""The divisions of China as a tree: codes, names, parents."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_SUFFIXES = (
    "蒙古族自治县 回族自治县 满族自治县 藏族自治县 土家族苗族自治县 达斡尔族自治旗 族自治旗 自治旗 联合旗 特别行政区 壮族自治区 "
    "回族自治区 维吾尔自治区 自治区 自治州 自治县 管理区 林区 矿区 新区 地区 省 市 盟 州 区 县 旗".split()
)
_OF_PEOPLES = re.compile(
    r"(?:蒙古族?|哈萨克族?|柯尔克孜族?|(?:朝鲜|土家|苗|藏|羌|彝|布依|侗|哈尼|壮|傣|白|景颇|傈僳|回)族)+自治州$"
)
"""What follows the short name of an autonomous prefecture: 阿坝 of 阿坝藏族羌族自治州."""


@dataclass(frozen=True, slots=True)
class Division:
    """One administrative division."""

    code: str
    """Six digits, nine for a township; a child's code begins with its parent's significant digits."""
    name: str
    level: int
    """1 province, 2 prefecture, 3 county, 4 township."""
    parent: str | None
    official: bool
    """False for management zones, which only the statistics bureau has codes for."""

    @property
    def short_name(self) -> str:
        """The name without what says its sort: 库伦 of 库伦旗; the name itself if one character were left."""
        people = _OF_PEOPLES.search(self.name)
        if people and people.start() >= 2:
            return self.name[: people.start()]
        for suffix in _SUFFIXES:
            if self.name.endswith(suffix) and len(self.name) - len(suffix) >= 2:
                return self.name.removesuffix(suffix)
        return self.name


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a division."""

    name: str
    code: str
    kind: str
    """abbreviation or former."""


class Gazetteer:
    """All divisions that the product knows, by code and by name."""

    def __init__(self, divisions: Mapping[str, Division], aliases: tuple[Alias, ...]) -> None:
        self._divisions = dict(divisions)
        self.aliases = aliases
        self._children: dict[str, list[str]] = {}
        self._by_name: dict[str, list[str]] = {}
        self._above: dict[str, dict[str, Division]] = {}
        """What each division asked about lies in, by code, the nearest first: looked up for every mention of every hit."""
        for division in divisions.values():
            self._children.setdefault(division.parent or "", []).append(division.code)
            for name in dict.fromkeys((division.name, division.short_name)):
                self._by_name.setdefault(name, []).append(division.code)
        for alias in aliases:
            codes = self._by_name.setdefault(alias.name, [])
            if alias.code not in codes:
                codes.append(alias.code)

    @classmethod
    def load(cls) -> Gazetteer:
        """The gazetteer that comes with the product; read once."""
        return _load()

    def __iter__(self) -> Iterator[Division]:
        """All divisions by code."""
        return iter(self._divisions.values())

    def __len__(self) -> int:
        """How many divisions there are."""
        return len(self._divisions)

    @property
    def names(self) -> Mapping[str, str]:
        """Every division's name by its code."""
        return {code: division.name for code, division in self._divisions.items()}

    def get(self, code: str) -> Division | None:
        """The division, or None."""
        return self._divisions.get(code)

    def find(self, name: str) -> tuple[Division, ...]:
        """All divisions that a full, short, abbreviated or former name may mean, full names first."""
        found = [self._divisions[code] for code in self._by_name.get(name, ())]
        return tuple(sorted(found, key=lambda each: (each.name != name, each.level, each.code)))

    def children(self, code: str) -> tuple[Division, ...]:
        """The divisions right below; () for the lowest and for unknown codes."""
        return tuple(self._divisions[child] for child in self._children.get(code, ()))

    def provinces(self) -> tuple[Division, ...]:
        """The divisions that lie in no other, by code."""
        tops = (each for each in self._divisions.values() if not each.parent)
        return tuple(sorted(tops, key=lambda each: each.code))

    def descendants(self, code: str) -> tuple[Division, ...]:
        """All divisions below, nearest first within each branch."""
        below: list[Division] = []
        for child in self.children(code):
            below += [child, *self.descendants(child.code)]
        return tuple(below)

    def ancestors(self, code: str) -> tuple[Division, ...]:
        """The divisions above, nearest first."""
        return tuple(self._all_above(code).values())

    def _all_above(self, code: str) -> Mapping[str, Division]:
        above = self._above.get(code)
        if above is None:
            above = {}
            division = known = self.get(code)
            while division is not None and division.parent:
                division = self.get(division.parent)
                if division is not None:
                    above[division.code] = division
            if known is not None:
                self._above[code] = above
        return above

    def path_name(self, code: str) -> str:
        """内蒙古自治区 › 通辽市 › 库伦旗; the code itself if it is unknown."""
        division = self.get(code)
        if division is None:
            return code
        return " › ".join(each.name for each in (*reversed(self.ancestors(code)), division))

    def is_within(self, code: str, ancestor: str) -> bool:
        """Whether a division is that one or lies within it."""
        return code == ancestor or ancestor in self._all_above(code)


@cache
def _load() -> Gazetteer:
    divisions: dict[str, Division] = {}
    with (_FOLDER / "divisions.csv").open(encoding="utf-8", newline="") as file:
        for code, name, level, parent, official in list(csv.reader(file))[1:]:
            divisions[code] = Division(code, name, int(level), parent or None, official == "1")
    with (_FOLDER / "aliases.csv").open(encoding="utf-8", newline="") as file:
        aliases = tuple(Alias(name, code, kind) for name, code, kind, _ in list(csv.reader(file))[1:])
    return Gazetteer(divisions, aliases)
