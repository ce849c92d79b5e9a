"""The scripts that run in a reader's browser, as the pages and JupyterLab load them."""

import re
from pathlib import Path

SCRIPTS = Path(__file__).parent
_IMPORT = re.compile(r'^import .* from "\./[\w.]+";\n', re.MULTILINE)


def bundled(*names: str) -> str:
    """Several scripts as one module: a page can import nothing from beside itself.

    Args:
        names: without ``.mjs``, each behind those that it imports; the last one's default export is
            the module's.

    Raises:
        ValueError: there is no script of that name.
    """
    parts = []
    for name in names:
        path = SCRIPTS / f"{name}.mjs"
        if not path.is_file():
            known = sorted(each.stem for each in SCRIPTS.glob("*.mjs"))
            raise ValueError(f"name is {name!r}; it may be one of {', '.join(known)}")
        parts.append(_IMPORT.sub("", path.read_text(encoding="utf8")))
    return "\n".join(parts)
