"""Every test here is cut off from the real data folder, the real cache and the network."""

import gzip
import hashlib
import os
import pickle
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
from torchvision.datasets import CIFAR10, CIFAR100, MNIST

from helpers.data import attempt, download, folder, mnist
from helpers.data.integrity import Fingerprint

REAL_DATA = os.environ.get("BORROWED_BRAINS_DATA")


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty data folder, named in the variable; no download unless a test allows it."""
    place = tmp_path / "data"
    place.mkdir()
    monkeypatch.setenv("BORROWED_BRAINS_DATA", str(place))
    monkeypatch.setenv("BORROWED_BRAINS_PROFILE", "laptop")
    monkeypatch.setenv("BORROWED_BRAINS_OFFLINE", "1")
    monkeypatch.setattr(folder, "DEFAULT", tmp_path / "checkout" / "data")
    for module in (attempt, download):
        monkeypatch.setattr(module, "CACHE", tmp_path / "cache")
    return place


@pytest.fixture
def real_data(data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Given a part of it, the folder that BORROWED_BRAINS_DATA names outside the tests."""

    def folder_with(part: str) -> Path:
        if REAL_DATA is None or not (Path(REAL_DATA) / part).exists():
            pytest.skip(f"BORROWED_BRAINS_DATA names no folder with {part}: nothing to check")
        monkeypatch.setenv("BORROWED_BRAINS_DATA", REAL_DATA)
        return Path(REAL_DATA)

    return folder_with


def _idx(values: np.ndarray) -> bytes:
    """An idx file of unsigned bytes: magic number, the sizes, the values."""
    return struct.pack(f">I{values.ndim}I", 0x800 + values.ndim, *values.shape) + values.tobytes()


@pytest.fixture
def tiny_mnist(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The four files of an MNIST of 3 training and 2 test images, which passes for the real one."""
    rng = np.random.default_rng(0)
    files = {}
    for part, labels in (("train", [5, 0, 4]), ("t10k", [7, 2])):
        images = rng.integers(0, 256, (len(labels), 28, 28), dtype=np.uint8)
        files[f"{part}-images-idx3-ubyte"] = _idx(images)
        files[f"{part}-labels-idx1-ubyte"] = _idx(np.array(labels, np.uint8))
    prints = {name: Fingerprint(_md5(content), len(content)) for name, content in files.items()}
    monkeypatch.setattr(mnist, "FILES", prints)
    return files


@pytest.fixture
def tiny_cifar(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, bytes]]:
    """The files of a CIFAR-10 and a CIFAR-100 of a few images, by folder and name."""
    rng = np.random.default_rng(1)

    def batch(key: str, labels: list[int]) -> bytes:
        images = rng.integers(0, 256, (len(labels), 3072), dtype=np.uint8)
        return pickle.dumps({"data": images, key: labels})

    ten = {f"data_batch_{i}": batch("labels", [i, 9 - i]) for i in range(1, 6)}
    ten |= {"test_batch": batch("labels", [3, 8, 0])}
    ten |= {"batches.meta": pickle.dumps({"label_names": list("abcdefghij")})}
    hundred = {"train": batch("fine_labels", [1, 1, 0, 0]), "test": batch("fine_labels", [1, 0])}
    hundred |= {"meta": pickle.dumps({"fine_label_names": ["apple", "aquarium_fish"]})}
    for kind, files in ((CIFAR10, ten), (CIFAR100, hundred)):
        digests = {name: _md5(content) for name, content in files.items()}
        for part in ("train_list", "test_list"):
            names = [name for name, _ in getattr(kind, part)]
            monkeypatch.setattr(kind, part, [[name, digests[name]] for name in names])
        meta = {**kind.meta, "md5": digests[kind.meta["filename"]]}
        monkeypatch.setattr(kind, "meta", meta)
    return {"cifar-10-batches-py": ten, "cifar-100-python": hundred}


@dataclass
class Server:
    """A web server of this machine that offers MNIST; every request is noted down."""

    files: dict[str, bytes]
    requests: list[str] = field(default_factory=list)
    open: Event = field(default_factory=Event)
    """Until it is set, no request is answered."""

    def damage(self) -> None:
        """Offer damaged files from now on."""
        self.files |= dict.fromkeys(self.files, b"damaged")


@pytest.fixture
def server(tiny_mnist: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Downloads are allowed, and torchvision's only source is this server."""
    offered = {f"/{name}.gz": gzip.compress(content) for name, content in tiny_mnist.items()}
    state = Server(offered)
    state.open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.answer(with_body=False)

        def do_GET(self) -> None:
            self.answer(with_body=True)

        def answer(self, *, with_body: bool) -> None:
            state.requests.append(f"{self.command} {self.path}")
            state.open.wait()
            content = state.files.get(self.path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            if with_body and content:
                self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):  # who gave up waiting has hung up
                super().handle()

    service = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    monkeypatch.setenv("BORROWED_BRAINS_OFFLINE", "0")
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{service.server_port}/"])
    digests = [(path[1:], _md5(content)) for path, content in offered.items()]
    monkeypatch.setattr(MNIST, "resources", digests)
    yield state
    state.open.set()
    service.shutdown()
    service.server_close()


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@pytest.fixture
def lay(data: Path) -> Callable[[str, dict[str, bytes]], Path]:
    """Write files into a folder inside the data folder, which is returned."""

    def write(inside: str, files: dict[str, bytes]) -> Path:
        place = data / inside
        place.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (place / name).write_bytes(content)
        return place

    return write
