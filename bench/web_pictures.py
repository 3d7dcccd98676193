"""The pictures of the page in docs/pictures, as a browser shows it over the page in `seeds/`, and the one for links.

    python -m bench.web_pictures ADDRESS

ADDRESS is that of `make web`. Needs Chromium and Chinese fonts, with serifs too: apt-get install chromium fonts-noto-cjk
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PIL import Image

from bot.languages import DEFAULT, web_texts_of

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests" / "support"))
PICTURES = ROOT / "docs" / "pictures"
_COLOURS = 128
ASKED, NEAR = quote("库伦旗水稻种植面积"), quote("奈曼旗水稻种植面积")
SHOTS = {
    "web-answer": (f"/?q={ASKED}", 390, 844, "light"),
    "web-near": (f"/?q={NEAR}", 390, 844, "light"),
    "web-start": ("/", 1280, 860, "light"),
    "web-place": ("/r/150500", 1280, 860, "dark"),
    "web-month": ("/r/150000/month/2022-06", 390, 844, "dark"),
}
"""Name: address, width, height, colours."""


SHARED = ROOT / "bot" / "web" / "static" / "share.png"
"""What is shown of a page where its address is passed on."""
_SHARED_HTML = """<style>
body {{ margin: 0; width: 1200px; height: 630px; background: #fbf8f2; color: #1f1b16; font-family: "Noto Serif CJK SC", serif; }}
body {{ display: grid; place-content: center; justify-items: center; gap: 26px; }}
svg {{ width: 220px; height: 220px; }}
b {{ font-size: 110px; letter-spacing: .08em; }}
p {{ margin: 0; font-size: 46px; color: #665d51; }}
</style>{icon}<b>{name}</b><p>{tagline}</p>"""


def draw_shared(browser: Any) -> None:
    """Draw the picture for links, larger than any of them needs."""
    texts = web_texts_of(DEFAULT)
    icon = (SHARED.parent / "icon.svg").read_text(encoding="utf-8")
    page = browser.new_page(viewport={"width": 1200, "height": 630})
    page.set_content(_SHARED_HTML.format(icon=icon, name=texts.name, tagline=texts.tagline))
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(32, dither=Image.Dither.NONE).save(SHARED, optimize=True)
    page.close()
    print(f"share.png: {SHARED.stat().st_size} bytes")


def main(address: str) -> int:
    from browsers import a_browser

    with a_browser() as browser:
        draw_shared(browser)
        for name, (path, width, height, scheme) in SHOTS.items():
            context = browser.new_context(
                base_url=address,
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                locale="zh-CN",
            )
            page = context.new_page()
            page.goto(path)
            page.evaluate("document.activeElement.blur()")
            picture = Image.open(io.BytesIO(page.screenshot()))
            few = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
            few.save(PICTURES / f"{name}.png", optimize=True)
            context.close()
            print(f"{name}.png: {(PICTURES / f'{name}.png').stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
