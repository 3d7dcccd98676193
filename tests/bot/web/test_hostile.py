"""Whatever anybody sends to a page: it is answered or refused, and nothing of it becomes markup."""

import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from abuse import COMMANDS, FTS, HTML, PATHS, SHAPES, SQL, TEXTS
from starlette.testclient import TestClient


class Seen(HTMLParser):
    """Notes what would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str | None] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script":
            self.scripts.append(values.get("src"))
        self.handlers += [name for name in values if name.startswith("on")]
        for name in ("href", "src", "action"):
            if (values.get(name) or "").lower().startswith(("javascript:", "data:")):
                self.handlers.append(f"{name}={values[name]}")
        if tag in ("iframe", "object", "embed", "base", "style"):
            self.handlers.append(tag)


def check(html: str) -> None:
    seen = Seen()
    seen.feed(html)
    assert seen.handlers == []
    assert len(seen.scripts) == 1
    assert re.fullmatch(r"/static/script\.js\?v=\w+", seen.scripts[0] or "")


def encoded(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


@pytest.mark.parametrize("text", TEXTS)
def test_a_question_of_any_kind_is_answered_or_refused(client: TestClient, text: str) -> None:
    response = client.get(f"/?q={encoded(text[:2000])}")
    assert response.status_code in (200, 413)
    check(response.text)
    answers = re.search(r'rel="canonical" href="http://news.example(/q/[\w-]{12})"', response.text)
    if answers:
        again = client.get(answers[1])
        assert again.status_code == 200
        check(again.text)
        for form in ("csv", "xlsx", "docx"):
            assert client.get(f"{answers[1]}/list.{form}").status_code == 200


FEW = tuple(texts[number] for texts in (HTML, FTS, SQL, PATHS, SHAPES, COMMANDS) for number in (0, 5, -1))
"""Some of each kind."""


@pytest.mark.parametrize("sent", [FEW, pytest.param(TEXTS, marks=pytest.mark.soak)], ids=["some", "all"])
def test_parameters_and_paths_of_any_kind_are_answered_or_refused(
    client: TestClient, sent: tuple[str, ...]
) -> None:
    for text in sent:
        each = encoded(text[:300])
        paths = [
            *(f"/?q=水稻&{name}={each}" for name in ("place", "after", "of", "first", "lang")),
            *(f"/{kind}/{each}" for kind in ("a", "q", "r", "static")),
            *(f"/r/150500?{name}={each}" for name in ("page", "month")),
            *(f"/r/150500.atom?{name}={each}" for name in ("with", "except")),
            f"/d/150500/{each}",
        ]
        for path in paths:
            response = client.get(path, follow_redirects=False)
            assert response.status_code in (200, 307, 400, 404, 410, 413, 422), path
            if response.headers["content-type"].startswith("text/html"):
                check(response.text)


@pytest.mark.parametrize(
    "name", ["Host", "Accept-Language", "X-Forwarded-For", "Referer", "If-None-Match", "If-Modified-Since"]
)
@pytest.mark.parametrize("sent", [FEW, pytest.param(TEXTS, marks=pytest.mark.soak)], ids=["some", "all"])
def test_headers_of_any_kind_are_answered(client: TestClient, name: str, sent: tuple[str, ...]) -> None:
    for text in sent:
        value = re.sub(r"[\x00-\x1f\x7f]", "", text)[:500].encode("utf-8", "surrogatepass").decode("latin-1")
        response = client.get("/r/150524.atom", headers={name: value.strip().encode("latin-1")})
        assert response.status_code in (200, 304)
        page = client.get("/nothing", headers={name: value.strip().encode("latin-1")})
        check(page.text)
