import pytest

from workers.errors import Misuse, Permanent, Transient
from workers.operate.kibana import FILE_LIMIT, content, import_all, import_file, ready
from workers.operate.rest import patiently

IMPORT = "/api/saved_objects/_import?overwrite=true"
AVAILABLE = (200, {"status": {"overall": {"level": "available"}}})
TAKEN = (200, {"success": True, "successCount": 9, "warnings": []})
PARTIAL = (
    200,
    {
        "success": False,
        "successCount": 7,
        "errors": [
            {
                "type": "lens",
                "id": "news-volume",
                "error": {"type": "unknown", "message": "attributes.state is required"},
            },
            {"type": "search", "id": "news-latest", "error": {"type": "conflict"}},
        ],
    },
)


@pytest.fixture
def objects(tmp_path):
    file = tmp_path / "articles.ndjson"
    file.write_text('{"type":"index-pattern","id":"articles"}\n')
    return file


def test_a_file_is_imported_with_what_kibana_asks_for(server, objects):
    server.on("GET", "/api/status", AVAILABLE)
    server.on("POST", IMPORT, TAKEN)
    assert import_all(server.rest(), [objects]) == ["kibana: 9 objects from articles.ndjson"]
    method, _, body, headers = server.asked[-1]
    assert (method, headers["kbn-xsrf"]) == ("POST", "true")
    assert b'filename="articles.ndjson"' in body
    assert objects.read_bytes() in body


def test_the_data_views_show_the_indices_of_another_prefix(server, tmp_path):
    server.on("POST", IMPORT, TAKEN)
    file = tmp_path / "kabar.ndjson"
    file.write_text(
        '{"type":"index-pattern","id":"kabar-articles","attributes":{"title":"kabar-articles","name":"Berita"}}\n'
        '{"type":"lens","id":"kabar-count","attributes":{"title":"kabar-articles"},"references":[]}\n'
    )
    import_file(server.rest(), file, "redaksi")
    (body,) = server.bodies("POST", IMPORT)
    assert b'"id": "kabar-articles", "attributes": {"title": "redaksi-articles"' in body
    assert b'"id": "kabar-count", "attributes": {"title": "kabar-articles"' in body


@pytest.mark.parametrize("text", ["{", "[]", "7", '{"type":"index-pattern"}', "\ud800"])
def test_a_file_that_is_none_is_misuse_under_another_prefix(server, tmp_path, text):
    file = tmp_path / "kabar.ndjson"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(Misuse, match=r"kabar\.ndjson"):
        import_file(server.rest(), file, "redaksi")
    assert server.asked == []


@pytest.mark.parametrize(
    "status",
    [
        (200, {"status": {"overall": {"level": "degraded"}, "core": {"savedObjects": {"level": "available"}}}}),
        (200, {"status": {"overall": {"level": "unavailable"}}}),
        (200, {"status": "green"}),
        (200, {}),
        (200, b"<html>"),
        (404, {}),
        (503, b"Kibana server is not ready yet"),
    ],
)
def test_not_ready_is_transient_and_nothing_is_sent(server, objects, status):
    server.on("GET", "/api/status", status)
    with pytest.raises(Transient):
        import_all(server.rest(), [objects])
    assert server.bodies("POST", IMPORT) == []


def test_it_waits_until_kibana_is_ready(server, objects):
    server.on("GET", "/api/status", (503, b"Kibana server is not ready yet"), (200, {}), AVAILABLE)
    server.on("POST", IMPORT, TAKEN)
    assert patiently(lambda: import_all(server.rest(), [objects]), wait=5, pause=0.01)


def test_a_partial_failure_fails_although_kibana_answers_200(server, objects):
    server.on("POST", IMPORT, PARTIAL)
    with pytest.raises(Permanent, match="2 of its objects") as caught:
        import_file(server.rest(), objects)
    assert "lens/news-volume (unknown: attributes.state is required)" in str(caught.value)
    assert "search/news-latest (conflict)" in str(caught.value)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (
            (400, {"statusCode": 400, "error": "Bad Request", "message": "Invalid file extension"}),
            "Invalid file extension",
        ),
        ((422, {"message": "belongs to a more recent version of Kibana"}), "more recent version"),
        ((200, {"success": "true"}), "refuses it"),
        ((200, {}), "refuses it"),
        ((200, b"<html>log in</html>"), "log in"),
        ((200, {"success": False, "errors": [None, "x", {"error": 3}]}), "3 of its objects"),
        ((302, b""), "refuses it"),
    ],
)
def test_anything_but_success_in_the_body_is_a_failure(server, objects, reply, said):
    server.on("POST", IMPORT, reply)
    with pytest.raises(Permanent, match=said):
        import_file(server.rest(), objects)


def test_many_errors_are_cut_short(server, objects):
    errors = [{"type": "lens", "id": str(n), "error": {"type": "conflict"}} for n in range(5_000)]
    server.on("POST", IMPORT, (200, {"success": False, "errors": errors}))
    with pytest.raises(Permanent, match="4990 more"):
        import_file(server.rest(), objects)


def test_a_wrong_password_is_not_retried(server, objects):
    with pytest.raises(Permanent) as caught:
        patiently(lambda: import_all(server.rest(password="wrong"), [objects]), wait=30)
    assert caught.value.reason == "wrong_password"
    assert len(server.asked) == 1


def test_ready_says_the_level(server):
    server.on("GET", "/api/status", (200, {"status": {"overall": {"level": "critical"}}}))
    with pytest.raises(Transient, match="critical"):
        ready(server.rest())


def test_files_are_checked_before_kibana_is_asked(tmp_path):
    with pytest.raises(Misuse, match=r"no \*\.ndjson"):
        content(tmp_path)
    with (tmp_path / "huge.ndjson").open("wb") as file:
        file.truncate(FILE_LIMIT + 1)
    with pytest.raises(Misuse, match="larger"):
        content(tmp_path)


def test_a_vanished_file_is_named(server, tmp_path):
    with pytest.raises(Misuse, match=r"gone\.ndjson"):
        import_file(server.rest(), tmp_path / "gone.ndjson")
