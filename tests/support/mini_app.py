"""What Telegram hands a Mini App, signed with a token of the tests' own."""

import hashlib
import hmac
import json
from datetime import timedelta
from urllib.parse import quote, urlencode

from web_site import NOW

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
PERSON = 42


def handed_over(token: str = TOKEN, age: timedelta = timedelta(), **fields: str) -> str:
    """What Telegram hands a Mini App, signed as its documentation says."""
    signed_at = int((NOW - age).timestamp())
    user = json.dumps({"id": PERSON, "first_name": "水稻&=<b>"})
    values = {"auth_date": str(signed_at), "query_id": "AAF", "user": user, "signature": "x", **fields}
    text = "\n".join(f"{name}={values[name]}" for name in sorted(values))
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return urlencode(
        values | {"hash": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}, quote_via=quote
    )
