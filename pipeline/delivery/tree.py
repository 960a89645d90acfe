"""The tree of a delivery as data: which content stands where (`schemas/delivery/tree.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

import yaml
from pydantic import ValidationError

from pipeline.errors import StandardError
from pipeline.model import ProjectReport
from pipeline.standard import SCHEMAS
from pipeline.standard.base import Record
from pipeline.tolerance import Certainty
from pipeline.yaml_text import parse

TREE = SCHEMAS / "delivery" / "tree.yaml"
What = Literal["output", "geopackage", "registers", "drawings", "tables", "metadata", "standards", "inputs"]
_UNSAFE = re.compile(r'[\s\\/:*?"<>|\x00-\x1f]+')


class Entry(Record):
    """One content and its place: a file, or for registers, drawings, standards and inputs a folder. of: file of a run's output."""

    what: What
    path: str
    of: str | None = None


class Tree(Record):
    """The whole tree. root: the folder in the package, whose name the package bears.

    strays: names of files, or of folders with a slash, that systems leave behind by themselves.
    """

    edition: str
    provisional: bool = False
    source: str
    certainty: Certainty
    root: str
    manifest: str
    strays: tuple[str, ...] = ()
    entries: tuple[Entry, ...]

    def stray(self, path: str) -> bool:
        """Whether a path is that of a file which nobody handed in on purpose."""
        parts = path.split("/")
        return any(
            pattern[:-1] in parts[:-1] if pattern.endswith("/") else fnmatchcase(parts[-1], pattern)
            for pattern in self.strays
        )


@dataclass(frozen=True, slots=True)
class Place:
    """One entry for one survey (None: the whole project). path: relative to the root, forward slashes."""

    entry: Entry
    path: str
    survey: str | None


def load_tree(path: Path = TREE) -> Tree:
    """The tree of deliveries. Errors: StandardError naming file and key."""
    try:
        return Tree.model_validate(parse(path.read_text("utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as err:
        raise StandardError(f"成果目录有误：{path}：不是可读的 YAML：{err}") from err
    except ValidationError as err:
        first = err.errors()[0]
        raise StandardError(f"成果目录有误：{path}：{'.'.join(map(str, first['loc']))}：{first['msg']}") from err


def root_of(tree: Tree, result: ProjectReport) -> str:
    """The name of the package and of its folder."""
    return _filled(tree.root, _words(result))


def places(tree: Tree, result: ProjectReport) -> Iterator[Place]:
    """Every content of the delivery of `result`; only commissioned surveys have a place."""
    words = _words(result)
    for entry in tree.entries:
        if "{survey}" not in entry.path and "{short}" not in entry.path:
            yield Place(entry, _filled(entry.path, words), None)
            continue
        for survey in result.surveys:
            standard = result.standards.surveys[survey.survey]
            own = {"survey": safe(standard.label), "short": safe(standard.short)}
            yield Place(entry, _filled(entry.path, words | own), survey.survey)


def inputs_folder(tree: Tree) -> str:
    """Where the inputs stand. Errors: StandardError when the tree has no place for them."""
    return _only(tree, "inputs", "原始资料")


def standards_folder(tree: Tree) -> str:
    """Where the firm's own standards stand. Errors: StandardError when the tree has no place for them."""
    return _only(tree, "standards", "自定标准")


def _only(tree: Tree, what: What, label: str) -> str:
    found = [entry.path for entry in tree.entries if entry.what == what]
    if len(found) != 1 or "{" in found[0]:
        raise StandardError(f"成果目录有误：{TREE}：entries：{what}（{label}）须恰好一处，路径为固定的名称")
    return found[0]


def _words(result: ProjectReport) -> dict[str, str]:
    project = result.project.project
    return {"code": safe(project.code), "name": safe(project.name)}


def safe(text: str) -> str:
    """A word as a file name on every system."""
    return _UNSAFE.sub("_", str(text)).strip("_. ") or "_"


def _filled(pattern: str, words: dict[str, str]) -> str:
    try:
        return pattern.format_map(words)
    except (KeyError, ValueError, IndexError) as err:
        raise StandardError(f"成果目录有误：{TREE}：“{pattern}”中有不认识的词 {err}") from err
