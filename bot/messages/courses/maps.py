"""A map of tiles: one for each division right below a place, about where it lies, the darker the more was reported.

It is drawn from where the counties' seats are and from nothing else, so it needs no borders that belong to somebody: each
division has one tile of one size, pushed to the nearest free place of a grid. Numbers stand in the picture, by
rank; the names stand beside it, so no font of Chinese characters is needed. An SVG has the names too.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from PIL import Image, ImageDraw, ImageFont

from retrieval import Division, Gazetteer, place_of_seat

_TILE, _GAP, _MARGIN = 76, 6, 12
"""Pixels; shown on a phone at half of it."""
_FONT = 24
_SHADES = ("#eef1f4", "#cfe1f2", "#93c0e4", "#4a90c8", "#1f639c", "#0b3c68")
"""For no story, and for ever more of them."""
_INK, _LIGHT, _GROUND = "#1f2933", "#ffffff", "#ffffff"
_DARK_FROM = 3
_LINE_CHARS, _LINE_FONT = 4, 17
"""Of a name in a tile: characters above which it takes two lines, and pixels of a character."""
_LEAST = 2
"""Divisions of which a map shows something."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A division on the map."""

    column: int
    row: int
    name: str
    n: int
    """Stories."""
    rank: int
    """1 for the division with most stories, 0 for one without any: its number in a list of all that have some."""
    shade: int
    """0 to 5."""


def lay_out_map(told: Mapping[str, int], gazetteer: Gazetteer) -> tuple[Tile, ...]:
    """Return the tiles of divisions, given by code with how many stories each has; () where fewer than two have a known seat."""
    divisions = [division for code in told if (division := gazetteer.get(code)) is not None]
    places = {each.code: where for each in divisions if (where := _place(each, gazetteer)) is not None}
    if len(places) < _LEAST:
        return ()
    cells = _on_grid(places)
    some = [code for code in told if told[code]]
    ranks = {code: rank for rank, code in enumerate(sorted(some, key=lambda code: -told[code]), start=1)}
    most = max(told.values())
    return tuple(
        Tile(
            column=cells[each.code][0],
            row=cells[each.code][1],
            name=each.name,
            n=told[each.code],
            rank=ranks.get(each.code, 0),
            shade=math.ceil((len(_SHADES) - 1) * told[each.code] / most) if most else 0,
        )
        for each in divisions
        if each.code in cells
    )


def is_telling(tiles: Sequence[Tile]) -> bool:
    """Whether enough places were told of that their map shows something."""
    return sum(tile.n > 0 for tile in tiles) >= _LEAST


def _place(division: Division, gazetteer: Gazetteer) -> tuple[float, float] | None:
    """Longitude and latitude of a division's seat, else the middle of those within it; None where none is known."""
    seats = [
        seat
        for each in (division, *gazetteer.descendants(division.code))
        if (seat := place_of_seat(each.code)) is not None
    ]
    if not seats:
        return None
    return sum(east for east, _ in seats) / len(seats), sum(north for _, north in seats) / len(seats)


def _on_grid(places: Mapping[str, tuple[float, float]]) -> dict[str, tuple[int, int]]:
    """A cell of its own for each place, as near to where it lies as the others leave free; those in the middle first."""
    easts, norths = zip(*places.values(), strict=True)
    middle = (sum(easts) / len(easts), sum(norths) / len(norths))
    narrowing = math.cos(math.radians(middle[1]))
    width = max((max(easts) - min(easts)) * narrowing, 1e-6)
    height = max(max(norths) - min(norths), 1e-6)
    # cells enough that neighbours seldom want the same
    step = math.sqrt(width * height / (1.6 * len(places))) or max(width, height) / len(places)
    step = max(step, max(width, height) / (2 * len(places)))

    def wanted(code: str) -> tuple[float, float]:
        east, north = places[code]
        return (east - min(easts)) * narrowing / step, (max(norths) - north) / step

    def from_middle(code: str) -> float:
        east, north = places[code]
        return math.hypot((east - middle[0]) * narrowing, north - middle[1])

    n = 2 * len(places) + 2
    free = {(column, row) for column in range(-2, n) for row in range(-2, n)}
    cells: dict[str, tuple[int, int]] = {}
    for code in sorted(places, key=lambda code: (from_middle(code), code)):
        x, y = wanted(code)
        cells[code] = min(free, key=lambda cell: (math.hypot(cell[0] - x, cell[1] - y), cell))
        free.remove(cells[code])
    first_column, first_row = (min(cell[axis] for cell in cells.values()) for axis in (0, 1))
    return {code: (column - first_column, row - first_row) for code, (column, row) in cells.items()}


def draw_map_png(tiles: Sequence[Tile]) -> bytes:
    """Return the map as a PNG; its ground is opaque, so that it reads the same in dark and light."""
    width, height = _size(tiles)
    image = Image.new("RGB", (width, height), _GROUND)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(_FONT)
    for tile in tiles:
        x, y = _corner(tile)
        draw.rounded_rectangle(
            [x, y, x + _TILE, y + _TILE], 8, fill=_SHADES[tile.shade], outline="#b8c2cc", width=1
        )
        if tile.rank:
            ink = _LIGHT if tile.shade >= _DARK_FROM else _INK
            draw.text((x + _TILE / 2, y + _TILE / 2), str(tile.rank), fill=ink, font=font, anchor="mm")
    held = io.BytesIO()
    image.save(held, "PNG", optimize=True)
    return held.getvalue()


def draw_map_svg(tiles: Sequence[Tile], label: str) -> str:
    """Return the map as an SVG for a page, each tile with its name and how many stories it has.

    `label` is what it shows, for who cannot see it.
    """
    width, height = _size(tiles)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="{escape(label)}" font-family="sans-serif" text-anchor="middle">'
    ]
    for tile in tiles:
        x, y = _corner(tile)
        ink = _LIGHT if tile.shade >= _DARK_FROM else _INK
        name = escape(tile.name)
        parts.append(
            f'<g><title>{name} {tile.n}</title><rect x="{x}" y="{y}" width="{_TILE}" height="{_TILE}" rx="8"'
            f' fill="{_SHADES[tile.shade]}" stroke="#b8c2cc"/>'
            f'<g fill="{ink}" font-size="{_LINE_FONT}">{_name_in(tile)}'
            f'<text x="{x + _TILE / 2:.0f}" y="{y + 66}">{tile.n}</text></g></g>'
        )
    return "".join([*parts, "</svg>"])


def _name_in(tile: Tile) -> str:
    """A tile's whole name, over two lines where it is long, and smaller where a line is."""
    x, y = _corner(tile)
    half = -(-len(tile.name) // 2)
    is_long = len(tile.name) > _LINE_CHARS
    lines = (tile.name[:half], tile.name[half:]) if is_long else (tile.name,)
    size = min(_LINE_FONT, (_TILE - _GAP) // half) if is_long else _LINE_FONT
    first = y + (24 if is_long else 34)
    return "".join(
        f'<text x="{x + _TILE / 2:.0f}" y="{first + 20 * number}" font-size="{size}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _corner(tile: Tile) -> tuple[int, int]:
    return _MARGIN + tile.column * (_TILE + _GAP), _MARGIN + tile.row * (_TILE + _GAP)


def _size(tiles: Sequence[Tile]) -> tuple[int, int]:
    columns, rows = (max(values) + 1 for values in zip(*((t.column, t.row) for t in tiles), strict=True))
    return tuple(2 * _MARGIN + n * (_TILE + _GAP) - _GAP for n in (columns, rows))
