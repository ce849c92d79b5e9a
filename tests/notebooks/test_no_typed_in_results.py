"""A number on a page comes from a record or from the page's own cells, never from the keyboard.

The rule, for the markdown of notebooks and for the pages of ``book/``:

- no number is followed by ``%`` or "percent", in mathematics neither; 0 % and 100 % may be, and the
  level of an interval ("a 95 % interval");
- no decimal number stands in the text.

Free of it are fenced code, inline code and link targets; decimal numbers in mathematics; and a
sentence that carries a ``{cite}`` role, because it quotes a paper. So a setting is written as code
or mathematics (``epsilon = 0.1``, $\\beta = 0.99$), a paper's number in one sentence with its
citation, and our own number is drawn by a cell or glued.

In the code of notebooks no string holds a number followed by ``%``, and nothing called accuracy,
error rate or paper is set to a number that could be one: between 0 and 100, and not 1.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.publish import Project
from helpers.publish.pairs import read_source

PROJECT = Project()
NOTEBOOKS = [PROJECT.source(name) for name in PROJECT.names()]
PROSE = sorted((PROJECT.root / "book").rglob("*.md"))

FENCE = re.compile(r"^(`{3,})[^\n]*\n.*?^\1`*\s*$", re.MULTILINE | re.DOTALL)
CITE = re.compile(r"\{cite[^}]*\}`[^`]+`")
#: Other roles, inline code, the targets of links, and bare addresses.
CODE = re.compile(r"(?:\{[^}\n]+\})?(`+)[^`]+\1|\]\([^)]*\)|<[^>\n]+>|https?://\S+")
MATH = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[^a-z])|\n\s*\n|\n(?=\s*(?:[-*|+#]|\d+\.\s))")
#: A percentage, unless it is the whole, nothing, or the level of an interval.
PERCENT = re.compile(
    r"(?<![\d.])(?!(?:0|100)(?![\d.]))\d+(?:\.\d+)?[\s\\,~]*(?:%|per\s?cent\b)"
    r"(?!\s+(?:confidence\s+)?(?:interval|band)s?\b)"
)
DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.]*\w)|(?<![\w.])\.\d+\b")
RESULT_NAME = re.compile(r"acc(?:uracy)?(?:_|$)|error_rate|(?:^|_)paper_|_paper$", re.IGNORECASE)
WAY_OUT = "let a cell draw it from a record, write a setting as code, or cite the paper beside it"


def typed_in_text(text: str) -> Iterator[str]:
    """The sentences of a markdown `text` that hold a typed-in result."""
    for sentence in SENTENCE_END.split(FENCE.sub("\n\n", text)):
        if CITE.search(sentence):
            continue
        rest = CODE.sub(" ", sentence)
        if PERCENT.search(rest) or DECIMAL.search(MATH.sub(" ", rest)):
            yield " ".join(sentence.split())


def typed_in_code(source: str) -> Iterator[str]:
    """The lines of a cell that hold a typed-in result."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str() as text) if PERCENT.search(text):
                yield f"line {node.lineno}: {text!r}"
        for name, value in _named(node):
            if RESULT_NAME.search(name) and _is_result(value):
                yield f"line {value.lineno}: {name} = {ast.unparse(value)}"


def _named(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Names and the values that the statement or call `node` gives them."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.keyword(arg=str(name), value=value):
            yield name, value
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value


def _is_result(value: ast.expr) -> bool:
    """Whether a number is written out: alone, or anywhere in a list."""
    match value:
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=int() | float() as number):
            return 0 < number < 100 and number != 1
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return any(_is_result(element) for element in elements)
    return False


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_pages_hold_no_typed_in_result(path: Path):
    found = list(typed_in_text(path.read_text("utf8")))
    assert not found, f"{path} types in a result; {WAY_OUT}:\n" + "\n".join(found)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_hold_no_typed_in_result(path: Path):
    found = []
    for cell in read_source(path).cells:
        search = typed_in_text if cell.cell_type == "markdown" else typed_in_code
        found += search(cell.source)
    assert not found, f"{path} types in a result; {WAY_OUT}:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "It reaches 97.3 % on the test set.",
        "It reaches 97% on the test set.",
        "It reaches 97 percent.",
        "It reaches 97 per cent.",
        r"It reaches $97\,\%$? No: $97\%$.",
        "It rises from 0 % to 7 %.",
        "It falls to 100.5 %.",
        "An accuracy of 0.973 is high.",
        "An accuracy of .973 is high.",
        "The paper {cite}`liu2021` says so. We find 97.3 instead.",
        "{cite:p}`liu2021`\n\n| ours | 97.3 |",
        "- {cite:p}`liu2021` is one\n- ours is 97.3",
    ],
)
def test_the_rule_finds_typed_in_text(text):
    assert list(typed_in_text(text))


@pytest.mark.parametrize(
    "text",
    [
        r"With $\beta = 0.99$ and `epsilon = 0.1` it runs on `Python 3.11`.",
        "The paper reports 97.3 % {cite:p}`liu2021`.",
        "{cite:t}`liu2021` report 97.3 % on the test set,\nand 12.1 under attack.",
        "```python\naccuracy = 97.3\n```",
        "See [figure](fig_2.5.png), https://a.org/1.5 and {doc}`page 2.0`.",
        "There are 10 classes and 60,000 images. In section 2, version v1.2 of 1989.",
        "It has 200,000 cells.",
        "From 0 % to 100 %, with a 95 % interval and 90 percent confidence intervals.",
        "1. First\n2. Second",
        "$$\nx = 0.5\n$$",
    ],
)
def test_the_rule_lets_text_pass(text):
    assert list(typed_in_text(text)) == []


@pytest.mark.parametrize(
    "source",
    [
        "accuracy = 97.3",
        "test_acc: float = 97",
        "plot(of_paper=12.5)",
        "paper_accuracy = [97.3, 96]",
        'row = {"acc": 97.3}',
        'title("reaches 97 %")',
    ],
)
def test_the_rule_finds_typed_in_code(source):
    assert list(typed_in_code(source))


@pytest.mark.parametrize(
    "source",
    [
        "accuracy = score(model)",
        "ylim(accuracy=100)",
        'print(f"{accuracy:.1f} %")',
        "alpha, momentum, pace = 0.9, 0.99, 3",
        "accumulate = 5",
        'frame.plot(xlabel="accuracy in %")',
        "accuracy = [0, 100]",
        'epochs = {"laptop": 2, "paper": 10}[profile]',
    ],
)
def test_the_rule_lets_code_pass(source):
    assert list(typed_in_code(source)) == []
