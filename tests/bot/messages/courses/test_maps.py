"""The map of tiles."""

import io
from xml.etree import ElementTree

from PIL import Image
from stores import RESOLVER

from bot.messages.courses.maps import draw_map_png, draw_map_svg, lay_out_map
from retrieval import place_of_seat

GAZETTEER = RESOLVER.gazetteer
TOLD = {each.code: n for n, each in enumerate(GAZETTEER.children("150500"))}


def test_every_division_has_a_tile_of_its_own_about_where_it_lies() -> None:
    tiles = {tile.name: tile for tile in lay_out_map(TOLD, GAZETTEER)}
    assert set(tiles) == {each.name for each in GAZETTEER.children("150500") if place_of_seat(each.code)}
    assert len({(tile.column, tile.row) for tile in tiles.values()}) == len(tiles)
    assert min(tile.column for tile in tiles.values()) == min(tile.row for tile in tiles.values()) == 0
    # 霍林郭勒 is the northernmost, 奈曼 and 库伦 are in the south, 奈曼 west of 库伦
    assert tiles["霍林郭勒市"].row < tiles["科尔沁区"].row < tiles["库伦旗"].row
    assert tiles["奈曼旗"].column < tiles["库伦旗"].column


def test_the_more_was_reported_the_darker_and_the_lower_the_rank() -> None:
    tiles = sorted(lay_out_map(TOLD, GAZETTEER), key=lambda tile: tile.n)
    assert [tile.shade for tile in tiles] == sorted(tile.shade for tile in tiles)
    assert (tiles[0].n, tiles[0].rank, tiles[0].shade) == (0, 0, 0)
    assert (tiles[-1].rank, tiles[-1].shade) == (1, 5)


def test_prefectures_lie_in_the_middle_of_their_counties() -> None:
    told = {each.code: 1 for each in GAZETTEER.children("150000")}
    tiles = {tile.name: tile for tile in lay_out_map(told, GAZETTEER)}
    assert len(tiles) == len(told)
    assert tiles["阿拉善盟"].column < tiles["呼和浩特市"].column < tiles["通辽市"].column
    assert tiles["呼伦贝尔市"].row < tiles["通辽市"].row


def test_a_place_without_others_in_it_has_no_map() -> None:
    assert lay_out_map({}, GAZETTEER) == ()


def test_both_pictures_have_every_tile() -> None:
    tiles = lay_out_map(TOLD, GAZETTEER)
    image = Image.open(io.BytesIO(draw_map_png(tiles)))
    assert image.format == "PNG"
    root = ElementTree.fromstring(draw_map_svg(tiles, "x"))
    assert len(root.findall("{http://www.w3.org/2000/svg}g")) == len(tiles)
    titles = [each.text for each in root.iter("{http://www.w3.org/2000/svg}title")]
    assert f"库伦旗 {TOLD['150524']}" in titles
    said = {"".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}g")}
    name, n = "科尔沁左翼中旗", TOLD["150521"]
    assert f"{name} {n}{name}{n}" in said  # nothing of a long name is cut off
