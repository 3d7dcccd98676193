"""Who opened the Mini App: what Telegram hands it, signed with the bot's token.

The rules are at https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

_VALID = timedelta(hours=1)
_AHEAD = timedelta(minutes=1)
"""By which Telegram's clock may be ahead of ours."""
_MOST_CHARS = 4096


class NotSigned(Exception):
    """What was handed over is not Telegram's word, or too old to go by."""


def signing_key(token: str) -> bytes:
    """Return the key with which Telegram signs for a bot; the token cannot be told from it."""
    return hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()


def opener(init_data: str, key: bytes, now: datetime) -> int:
    """Return the numeric id of the person who opened the Mini App, which is their private chat's too. Raises NotSigned."""
    if len(init_data) > _MOST_CHARS:
        raise NotSigned
    try:
        init_data.encode("utf-8")  # JSON may hold halves of characters
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=30)
    except ValueError:
        raise NotSigned from None
    fields = dict(pairs)
    given = fields.pop("hash", "")
    if len(pairs) != len(fields) + 1:  # a field that comes twice is nobody's word
        raise NotSigned
    signed = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    expected = hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise NotSigned
    try:
        signed_at = datetime.fromtimestamp(int(fields["auth_date"]), now.tzinfo)
        user_id = json.loads(fields["user"])["id"]
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        raise NotSigned from None
    if not now - _VALID <= signed_at <= now + _AHEAD or not isinstance(user_id, int):
        raise NotSigned
    return user_id
