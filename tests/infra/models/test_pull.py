"""Models are fetched from a real server: whole, in parts, wrong, or not at all."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from infra.models.manifest import Manifest, Model, ModelFile, UnknownModel, load_manifest
from infra.models.pull import BrokeOff, WrongHash, pull
from infra.models.shelf import PARTIAL, ModelShelf, Presence
from shared.kernel.errors import Malformed

CONTENT = bytes(range(256)) * 1_000
SMALL = b'{"sample_rate": 22050}'


@dataclass
class Source:
    """A server of files. ``breaks_after`` bytes it hangs up; without ``ranges`` it always begins at the start."""

    files: dict[str, bytes] = field(default_factory=lambda: {"/m.onnx": CONTENT, "/m.json": SMALL})
    breaks_after: int | None = None
    ranges: bool = True
    asked: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def model(self) -> Model:
        files = tuple(
            ModelFile(path=path[1:], bytes=len(body), sha256=hashlib.sha256(body).hexdigest(), url=f"{self.url}{path}")
            for path, body in {"/m.onnx": CONTENT, "/m.json": SMALL}.items()
        )
        return Model(name="m", what="a test", licence="none", source=self.url, files=files)


def _handler(source: Source) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            source.asked.append(f"{self.path} {self.headers.get('Range', '')}".strip())
            if self.path.startswith("/moved"):
                self.send_response(302)
                self.send_header("Location", self.path.removeprefix("/moved"))
                self.end_headers()
                return
            body = source.files.get(self.path)
            if body is None:
                self.send_error(404)
                return
            begin = int(self.headers.get("Range", "bytes=0-")[6:-1]) if source.ranges else 0
            self.send_response(206 if begin else 200)
            self.send_header("Content-Length", str(len(body) - begin))
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
            self.end_headers()
            until = len(body) if source.breaks_after is None else begin + source.breaks_after
            self.wfile.write(body[begin:until])

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    return Handler


@pytest.fixture
def source() -> Iterator[Source]:
    serving = Source()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(serving)) as server:
        serving.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield serving
        server.shutdown()
        thread.join()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(follow_redirects=True, trust_env=False) as opened:
        yield opened


def test_a_model_arrives_whole_and_is_not_fetched_again(source: Source, client: httpx.Client, tmp_path: Path) -> None:
    shelf, written = ModelShelf(tmp_path), list[int]()
    assert shelf.presence(source.model, thoroughly=False) is Presence.MISSING
    place = pull(source.model, shelf, client=client, written=written.append)
    assert (place / "m.onnx").read_bytes() == CONTENT
    assert sum(written) == source.model.size
    assert shelf.presence(source.model, thoroughly=True) is Presence.HERE
    pull(source.model, shelf, client=client)
    assert source.asked == ["/m.onnx", "/m.json"]


@pytest.mark.parametrize("ranges", [True, False])
def test_a_download_that_broke_off_goes_on(source: Source, client: httpx.Client, tmp_path: Path, ranges: bool) -> None:
    shelf, written = ModelShelf(tmp_path), list[int]()
    source.breaks_after, source.ranges = 100_000, ranges
    with pytest.raises(BrokeOff, match="pull again"):
        pull(source.model, shelf, client=client)
    assert shelf.presence(source.model, thoroughly=False) is Presence.MISSING
    source.breaks_after = None
    place = pull(source.model, shelf, client=client, written=written.append)
    assert (place / "m.onnx").read_bytes() == CONTENT
    assert sum(written) == source.model.size
    assert source.asked[1].startswith("/m.onnx bytes=")


def test_a_file_that_is_not_the_named_one_is_thrown_away(source: Source, client: httpx.Client, tmp_path: Path) -> None:
    shelf = ModelShelf(tmp_path)
    source.files["/m.onnx"] = CONTENT[:-1] + b"!"
    with pytest.raises(WrongHash, match=r"m\.onnx .* thrown away"):
        pull(source.model, shelf, client=client)
    assert not (tmp_path / PARTIAL / "m" / "m.onnx").exists()
    source.files["/m.onnx"] = CONTENT
    assert pull(source.model, shelf, client=client).is_dir()


@pytest.mark.parametrize("sent", [CONTENT + b"more", CONTENT[:-5], b""])
def test_a_file_of_another_length_is_thrown_away(
    source: Source, client: httpx.Client, tmp_path: Path, sent: bytes
) -> None:
    source.files["/m.onnx"] = sent
    with pytest.raises(WrongHash):
        pull(source.model, ModelShelf(tmp_path), client=client)


def test_a_file_that_is_not_there_is_told(source: Source, client: httpx.Client, tmp_path: Path) -> None:
    del source.files["/m.json"]
    with pytest.raises(BrokeOff, match="404"):
        pull(source.model, ModelShelf(tmp_path), client=client)
    assert not (tmp_path / "m").exists()


def test_a_source_that_has_moved_is_followed(source: Source, client: httpx.Client, tmp_path: Path) -> None:
    moved = [file.model_copy(update={"url": f"{source.url}/moved/{file.path}"}) for file in source.model.files]
    assert pull(source.model.model_copy(update={"files": tuple(moved)}), ModelShelf(tmp_path), client=client).is_dir()


def test_a_damaged_model_is_seen_and_replaced(source: Source, client: httpx.Client, tmp_path: Path) -> None:
    shelf = ModelShelf(tmp_path)
    place = pull(source.model, shelf, client=client)
    (place / "m.onnx").write_bytes(b"x" * len(CONTENT))
    assert shelf.presence(source.model, thoroughly=False) is Presence.HERE
    assert shelf.presence(source.model, thoroughly=True) is Presence.DAMAGED
    pull(source.model, shelf, client=client)
    assert shelf.presence(source.model, thoroughly=True) is Presence.HERE


def test_nobody_there_is_told(tmp_path: Path, client: httpx.Client) -> None:
    with pytest.raises(BrokeOff):
        pull(Source(url="http://127.0.0.1:9").model, ModelShelf(tmp_path), client=client)


def test_the_list_of_the_house_pins_every_file() -> None:
    manifest = load_manifest()
    assert {model.name for model in manifest.chosen(())} == {"piper-en_US-lessac-medium", "whisper-base.en"}
    for model in manifest.models:
        assert all(file.url.startswith("https://") and file.bytes > 0 for file in model.files)
    assert len({model.name for model in manifest.models}) == len(manifest.models)


def test_a_name_that_is_not_there_says_which_are() -> None:
    with pytest.raises(UnknownModel, match=r"kokoro-v1\.0"):
        load_manifest().chosen(("kokoro",))


def test_a_list_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text("version: 2\nmodels: []\n")
    for name in ("list.yaml", "absent.yaml"):
        with pytest.raises(Malformed, match=name):
            load_manifest(tmp_path / name)
    assert Manifest(version=1, models=()).chosen(()) == ()
