import io
import logging
import subprocess
import sys

import pytest
from paths import ROOT

from bot.logs import redact, redact_everywhere

TOKEN = "123456:ABC-secret-part"


def test_neither_the_token_nor_its_secret_part_is_left() -> None:
    assert (
        redact(f"https://x/bot{TOKEN}/getMe ABC-secret-part", TOKEN) == "https://x/bot<token>/getMe <token>"
    )


def test_log_lines_and_traces_are_redacted() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        redact_everywhere(TOKEN)
        try:
            raise RuntimeError(f"GET /bot{TOKEN}/getMe failed")
        except RuntimeError:
            logging.getLogger("anything").exception("with %s", TOKEN)
    finally:
        root.removeHandler(handler)
    assert "RuntimeError" in stream.getvalue()
    assert "secret" not in stream.getvalue()


def test_at_every_level_libraries_log_nothing_that_passes_through_them(
    capfd: pytest.CaptureFixture[str],
) -> None:
    said = """
import logging
from bot.logs import set_up_logging
set_up_logging("DEBUG", "text", [])
for name in ("telegram.ext", "sqlalchemy.engine.Engine", "aiohttp.web", "asyncio", "alembic"):
    logging.getLogger(name).info("what a person wrote")
    logging.getLogger(name).debug("what a person wrote")
logging.getLogger("bot.telegram").debug("our own line")
"""
    subprocess.run([sys.executable, "-c", said], check=True, cwd=ROOT)
    written = capfd.readouterr().err
    assert "our own line" in written
    assert "what a person wrote" not in written
