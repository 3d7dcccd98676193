"""Lines over logarithmic axes as SVG."""

import math
from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 640, 400, 60, 50, 20, 110
_COLOURS = ("#c0392b", "#2471a3", "#1e8449", "#8e44ad", "#b7950b", "#424949")


def draw_lines(xs: Sequence[float], lines: Mapping[str, Sequence[float]], x_name: str, y_name: str) -> str:
    """A picture of each line's points at `xs`; all numbers are above 0."""
    values = [value for line in lines.values() for value in line]
    low_x, high_x = math.log10(min(xs)), math.log10(max(xs))
    low_y, high_y = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))

    def place(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - low_x) / max(1e-9, high_x - low_x)
        up = (math.log10(y) - low_y) / max(1e-9, high_y - low_y)
        width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _BOTTOM - _TOP
        return round(_LEFT + across * width, 1), round(_HEIGHT - _BOTTOM - up * height, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
    ]
    for power in range(low_y, high_y + 1):
        _, y = place(min(xs), 10**power)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{10.0**power:g}</text>')
    for x in xs:
        at, _ = place(x, 10**low_y)
        parts.append(f'<text x="{at}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{x:,.0f}</text>')
    for colour, (name, line) in zip(_COLOURS, lines.items(), strict=False):
        points = [place(x, y) for x, y in zip(xs, line, strict=True)]
        joined = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = points[-1]
        parts.append(f'<text x="{x + 6}" y="{y + 4}" fill="{colour}">{escape(name)}</text>')
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(x_name)}</text>')
    parts.append(f'<text x="14" y="{_TOP - 6}">{escape(y_name)}</text>')
    return "\n".join([*parts, "</svg>", ""])
