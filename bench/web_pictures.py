"""The pictures of the page in docs/pictures, as a browser shows it over the page in `seeds/`.

    python -m bench.web_pictures ADDRESS

ADDRESS is that of `make web`. Needs Chromium and Chinese fonts: apt-get install chromium fonts-noto-cjk
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from urllib.parse import quote

from PIL import Image

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
}
"""Name: address, width, height, colours."""


def main(address: str) -> int:
    from browsers import a_browser

    with a_browser() as browser:
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
