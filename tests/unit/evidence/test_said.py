"""Every text of the checks is there in Chinese, and the catalogue has no other."""

from __future__ import annotations

import ast
import importlib
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from scripts.evidence.finding import Finding, equal
from scripts.evidence.provenance import LABELS
from scripts.evidence.raw import OF_DEPLOYMENT, SECRETS
from scripts.evidence.said import FOLDER, catalogue, chinese, listed, said, title
from scripts.evidence.setting import Between, Setting
from scripts.evidence.target import planned_rules
from stacks.settings import REPOSITORY
from tests.unit.evidence.checks import CHECKS
from tests.unit.evidence.recording import recording

JUDGES = {"holds", "equal", "nothing", "same", "within", "judge"}
TOLD = {"expected", "observed", "do", "what"}
ERRORS = {"Finding", "HostError", "CloudError"}
SOURCES = sorted(
    [*(REPOSITORY / "tests" / "audit").glob("*.py"), *(REPOSITORY / "scripts" / "evidence").rglob("*.py")]
)


def _calls(path: Path) -> Iterator[tuple[str, ast.expr]]:
    """Every expression of a file that becomes a text, with the name of the function that takes it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            told = [item.value for item in node.keywords if item.arg in TOLD]
            values = {
                "said": node.args[:1],
                "listed": node.args[1:],
                "skip": node.args,
                **dict.fromkeys(JUDGES, told),
                **dict.fromkeys(ERRORS, node.args),
            }
            yield from ((name, value) for value in values.get(name, ()))


def _texts(path: Path, expression: ast.expr) -> Iterator[str]:
    """The texts that an expression can be; those that only the run knows are left out."""
    if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
        yield expression.value
    elif isinstance(expression, ast.IfExp):
        yield from _texts(path, expression.body)
        yield from _texts(path, expression.orelse)
    elif isinstance(expression, ast.BoolOp):
        for part in expression.values:
            yield from _texts(path, part)
    elif isinstance(expression, ast.Name) and expression.id.isupper():
        module = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
        value = getattr(importlib.import_module(module), expression.id)
        if isinstance(value, str):
            yield value


def _is_text(value: str) -> bool:
    """Whether there is anything to translate: words, and not a name alone in its braces."""
    return bool(re.search(r"[A-Za-z]{2}", re.sub(r"\{\w+\}", "", value)))


def _said_in_code() -> dict[str, str]:
    """Every text of the code, and where it stands."""
    found = {}
    for path in SOURCES:
        for _, expression in _calls(path):
            for value in _texts(path, expression):
                found[value] = f"{path.relative_to(REPOSITORY)}:{expression.lineno}"
    return {value: place for value, place in found.items() if _is_text(value) or value in catalogue()}


TITLES = {(check.function.__doc__ or "").partition("\n")[0]: check.base for check in CHECKS}
AREAS = {f"about {check.area.replace('_', ' ')}": check.area for check in CHECKS}
NAMES = dict.fromkeys([*SECRETS, OF_DEPLOYMENT, *LABELS, "egress", "ingress"], "names on the pages")
SAID = {**_said_in_code(), **TITLES, **AREAS, **NAMES}
NO_WORDS = re.compile(r"/[\w.*/-]+|0\d{3} \w+:\w+")
"""A path, a file, a mode with its owner: the same in every language."""


def test_every_text_is_there_in_chinese() -> None:
    silent = [text for text in SAID if text not in catalogue() and not NO_WORDS.fullmatch(text)]
    wanted = [f"{SAID[text]} says {text!r}" for text in silent]
    assert wanted == [], "write a line `English: Chinese` into policies/checks/"


@pytest.mark.parametrize("text", catalogue())
def test_the_chinese_is_chinese_and_has_the_same_values(text: str) -> None:
    other = catalogue()[text]
    assert _values(text) == _values(other)
    assert re.search("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", other)
    assert text.endswith(".") == other.endswith("。")


def _values(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_catalogue_has_no_text_that_nothing_says() -> None:
    assert set(catalogue()) - set(SAID) == set()


def test_a_text_has_one_place() -> None:
    texts = [
        text for path in FOLDER.glob("*.yaml") for text in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    lines = [
        line
        for path in FOLDER.glob("*.yaml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith((" ", "#"))
    ]
    assert len(texts) == len(set(texts)) == len(lines)


def _words_in(value: ast.expr) -> bool:
    """Whether an expression holds an f-string with words; what `said` fills in is its own affair."""
    if isinstance(value, ast.JoinedStr):
        return any(isinstance(part, ast.Constant) and _is_text(str(part.value)) for part in value.values)
    if isinstance(value, ast.Call):
        return False
    return any(_words_in(part) for part in ast.iter_child_nodes(value) if isinstance(part, ast.expr))


def test_values_are_filled_in_by_said_alone() -> None:
    """An f-string with words would be English on every page."""
    found = [(path, value) for path in SOURCES for _, value in _calls(path) if _words_in(value)]
    wrong = [f"{path.relative_to(REPOSITORY)}:{value.lineno}" for path, value in found]
    assert wrong == [], "write it as said('… {name} …', name=value)"


def test_a_text_is_told_in_both_languages() -> None:
    told = said("{what}, at least one", what=said("algorithms"))
    assert told == "algorithms, at least one"
    assert re.fullmatch(r"算法\W至少一项", chinese(told))
    assert chinese("no members") == "没有成员"
    assert chinese("/etc/passwd") == "/etc/passwd"


def test_a_value_is_no_text_even_where_it_reads_like_one() -> None:
    assert chinese(said("{name} {wanted}", name="trustedusercakeys", wanted="none")).endswith(" none")
    assert chinese(listed(["no", "none"], " or ")) == "no 或 none"
    with pytest.raises(Finding) as found:
        equal("no", "yes", do="Restore it.")
    assert (chinese(found.value.observed), chinese(found.value.expected)) == ("no", "yes")
    assert chinese(found.value.do) == "请恢复。"


def test_a_row_of_a_table_is_told_with_its_check() -> None:
    row = Setting("deny", Between(1, 5), ())
    told = title("Wrong passwords lock an account.", row.phrase)
    assert told == "Wrong passwords lock an account: deny 1 to 5."
    assert re.fullmatch(r"口令连续错误后锁定账户\W登录失败处理\W\Wdeny 为 1 至 5。", told.chinese)


def test_a_rule_says_why_in_both_languages() -> None:
    row = planned_rules(recording().target)[0]
    assert row.rule.reason in row.phrase
    assert row.rule.reason not in row.phrase.chinese
    assert row.phrase.startswith(row.rule.direction)
    assert row.phrase.chinese.startswith(chinese(row.rule.direction))
