"""What the OpenAPI document promises is what is answered, whatever is sent in."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR
from small_site import SmallSite, open_small_library, small_site

PATHS = (
    "/api/ask",
    "/api/article/{article_id}",
    "/api/place/{code}",
    "/api/digest/{code}/{day}",
    "/api/status",
)
QUESTIONS = (
    "库伦旗水稻种植面积",
    "朝阳区水稻",
    "库伦旗有多少篇新闻",
    "库伦旗跟奈曼旗比种植面积谁大",
    "通辽市有什么新闻",
    "火星移民",
    "库仑旗水稻",
)
"""One of each outcome."""
SENT = [
    (path, mode)
    for path in PATHS
    for mode in schemathesis.GenerationMode
    if (path, mode) != ("/api/status", schemathesis.GenerationMode.NEGATIVE)  # there is nothing to get wrong
]
_HEALTH = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture)
_FEW = settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=_HEALTH,
)
_MANY = settings(max_examples=400, deadline=None, database=None, suppress_health_check=_HEALTH)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    folder = tmp_path_factory.mktemp("api")
    return small_site(folder, open_small_library(folder), url=None)


@pytest.fixture(scope="module")
def described(site: SmallSite) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_asgi("/api/openapi.json", site.app)


def test_the_document_is_valid_openapi(described: schemathesis.BaseSchema) -> None:
    described.validate()
    assert [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(described.raw_schema)] == []
    assert sorted(described.raw_schema["paths"]) == sorted(PATHS)


def test_what_is_there_is_answered_as_described(site: SmallSite, described: schemathesis.BaseSchema) -> None:
    article = site.library.newest_articles(1)[0]
    asked: list[tuple[str, dict[str, object], dict[str, object]]] = [
        ("/api/article/{article_id}", {"article_id": article.id}, {}),
        ("/api/place/{code}", {"code": "150500"}, {"n": 3}),
        ("/api/digest/{code}/{day}", {"code": "150500", "day": "2022-06-30"}, {}),
        ("/api/status", {}, {}),
        *(("/api/ask", {}, {"q": question}) for question in QUESTIONS),
    ]
    for path, path_parameters, query in asked:
        case = described[path]["GET"].Case(path_parameters=path_parameters, query=query)
        assert case.call_and_validate().status_code == 200


@pytest.mark.parametrize(("path", "mode"), SENT)
def test_whatever_is_sent_is_answered_as_described(
    described: schemathesis.BaseSchema, path: str, mode: schemathesis.GenerationMode
) -> None:
    send(described, path, mode, _FEW)


@pytest.mark.soak
@pytest.mark.parametrize(("path", "mode"), SENT)
def test_whatever_is_sent_at_length_is_answered_as_described(
    described: schemathesis.BaseSchema, path: str, mode: schemathesis.GenerationMode
) -> None:
    send(described, path, mode, _MANY)


def send(
    described: schemathesis.BaseSchema, path: str, mode: schemathesis.GenerationMode, how: settings
) -> None:
    """Ask with parameters that the document allows, or forbids, and judge each answer by the document."""
    operation = described[path]["GET"]

    @how
    @given(operation.as_strategy(generation_mode=mode))
    def answered(case: schemathesis.Case) -> None:
        case.call_and_validate()

    answered()
