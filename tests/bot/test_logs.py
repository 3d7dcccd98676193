import io
import logging

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
