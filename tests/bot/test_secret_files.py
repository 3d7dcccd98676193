import os
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.secret_files import keep_secret


def test_a_secret_is_made_once_and_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "home" / "webhook-secret"
    before = os.umask(0)
    try:
        secret = keep_secret(path)
    finally:
        os.umask(before)
    assert len(secret) >= 16
    assert path.stat().st_mode & 0o777 == 0o600
    assert keep_secret(path) == secret
    assert [each.name for each in path.parent.iterdir()] == ["webhook-secret"]


@pytest.mark.parametrize("left", [b"", b"\n", b"cut-short", b"with spaces in it all", b"\xff\xfe" * 20])
def test_what_is_no_secret_is_made_anew(tmp_path: Path, left: bytes) -> None:
    path = tmp_path / "webhook-secret"
    path.write_bytes(left)
    secret = keep_secret(path)
    assert len(secret) >= 16
    assert path.read_text() == secret


def test_a_full_disk_leaves_no_file_and_the_bot_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BotError, match="webhook-secret.*No space left"):
        keep_secret(tmp_path / "webhook-secret")
    assert list(tmp_path.iterdir()) == []
