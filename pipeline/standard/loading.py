"""`schemas/` + profile + the project's own overrides → frozen standards. A fault names file and key."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from pipeline.errors import StandardError
from pipeline.model import SEVERITIES
from pipeline.reasons import reason_of
from pipeline.shipped import SCHEMAS
from pipeline.standard.whole import Profile, Scope, Standard, Standards
from pipeline.tolerance import Classes, Number
from pipeline.yaml_text import LARGEST, OverblownError, RepeatedKeyError, parse, parse_written

PROJECT = Path("project.yaml")  # whose fault a wrong override is
BASE = "national"  # the profile that the others are over
State = tuple[tuple[str, int, int], ...]
PARTS = ("standard", "mappings", "measures", "rules", "tables", "drawings")


def load_standards(
    profile: str = "chongqing",
    *,
    extra: Sequence[Path] = (),
    overrides: Iterable[Mapping[str, Any]] = (),
    root: Path = SCHEMAS,
    scope: Scope = "project",
) -> Standards:
    """Every standard under `root` (and the `extra` folders), with the profile and the project's overrides.

    Args: profile: file name in `root/profiles`; extra: folders that hold further survey folders;
        overrides: `{key, value…, reason}` of the project, each printed in the report;
        root: the schemas folder; another one than the shipped is an older edition (`editions.schemas_of`);
        scope: "district" takes in the standards between projects, which no project is judged by.
    Errors: StandardError naming file and key.
    """
    own = [load_standard(folder, written=True) for place in extra for folder in own_folders(Path(place))]
    loaded = [*(load_standard(path.parent) for path in sorted(root.glob("*/standard.yaml"))), *own]
    _unique_surveys(loaded)
    _unique_rule_ids(loaded)
    wanted = [s for s in loaded if s.scope in ("project", scope)]
    surveys = {s.survey: s for s in sorted(wanted, key=lambda s: (s.order, s.survey))}
    numbers = load_profile(profile, root=root, overrides=overrides)
    standards = Standards(surveys=surveys, profile=numbers, own=tuple(s.survey for s in own if s.survey in surveys))
    _known_rules_classed(standards)
    return standards


def own_folders(place: Path) -> list[Path]:
    """The survey folders of further standards. Errors: StandardError when `place` holds none: it would hold nothing."""
    if not place.is_dir():
        raise StandardError(f"标准有误：没有文件夹 {place}（--standards 应指向存放自定标准的文件夹）")
    found = sorted(path.parent for path in place.glob("*/standard.yaml"))
    if not found:
        raise StandardError(f"标准有误：{place} 中没有标准：每项标准应为其中的一个文件夹，内有 standard.yaml")
    return found


def load_standard(folder: Path, *, written: bool = False) -> Standard:
    """One survey folder as a `Standard`; parsed again only when a file of it has changed.

    written: by somebody else than us, so that keys given twice and swelling aliases are looked for.
    """
    return _standard(folder, _state(folder, "*.yaml", "codes/*.csv"), written)


def files_of(folder: Path) -> list[Path]:
    """Every file of a survey folder that its standard is read from."""
    parts = (folder / f"{part}.yaml" for part in PARTS)
    return [*(path for path in parts if path.is_file()), *sorted((folder / "codes").glob("*.csv"))]


@lru_cache(maxsize=32)
def _standard(folder: Path, state: State, written: bool) -> Standard:  # noqa: ARG001, FBT001 — the memory's key
    data: dict[str, Any] = {"folder": folder, "codes": _codes(folder)}
    for part in PARTS:
        path = folder / f"{part}.yaml"
        if path.is_file():
            data |= _yaml(path, parse_written if written else parse)
    standard: Standard = _validated(Standard, data, folder)
    return standard


def load_profile(name: str, *, root: Path = SCHEMAS, overrides: Iterable[Mapping[str, Any]] = ()) -> Profile:
    """A profile with everything it is `over`, then the project's overrides (each needs a reason).

    An older edition lacks numbers that only today's program asks for (limits of reading, say): they are today's.
    """
    path = root / "profiles" / f"{name}.yaml"
    if not path.is_file():
        known = "、".join(sorted(p.stem for p in path.parent.glob("*.yaml")))
        raise StandardError(f"没有名为“{name}”的参数集（profile）；现有：{known}")
    data, plain = _plain(path, root, _state(root / "profiles", "*.yaml") + _state(SCHEMAS / "profiles", "*.yaml"))
    numbers, changed = dict(plain), []
    for override in overrides:
        key, reason = override.get("key"), override.get("reason")
        if key not in numbers or not reason:
            raise StandardError(f"{PROJECT}：overrides：{key}：须为参数集中已有的键，并写明 reason（理由）")
        if str(key) in changed:
            raise StandardError(f"{PROJECT}：overrides：{key} 给出了两次，只能保留一处；请合并或删去其中一处")
        rest = {k: v for k, v in override.items() if k != "key"}
        numbers |= _numbers({key: rest}, numbers, PROJECT)
        changed.append(str(key))
    profile: Profile = _validated(Profile, {**data, "numbers": numbers, "overrides": tuple(changed)}, path)
    return profile


@lru_cache(maxsize=32)
def _plain(path: Path, root: Path, state: State) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ARG001 — as above
    """A profile without a project's overrides: its own words, and its numbers over those of its base."""
    data = _yaml(path)
    base = data.pop("over", None)
    under = dict(load_profile(base, root=root).numbers) if base else {}
    return data, {**(under or _lent(root)), **_numbers(data.pop("numbers", {}), under, path)}


def _state(folder: Path, *patterns: str) -> State:
    """Name, time and size of the files: while it is the same, they need not be read again."""
    files = sorted(path for pattern in patterns for path in folder.glob(pattern))
    return tuple((path.name, status.st_mtime_ns, status.st_size) for path in files for status in (path.stat(),))


def _lent(root: Path) -> dict[str, Any]:
    """Today's numbers: an older edition's own stand in their place, whatever their kind was."""
    return {} if root == SCHEMAS else dict(load_profile(BASE).numbers)


_NUMBER: TypeAdapter[Any] = TypeAdapter(Number)
KINDS = ("absolute", "percent", "area", "length", "stepped", "bins", "choice", "per_key", "classes")  # no keys


def _numbers(given: Mapping[str, Any], base: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Numbers of one file over those of its base: an entry need only state what it changes."""
    merged = {}
    for key, entry in given.items():
        under = base[key].model_dump() if key in base else {}
        place = f"overrides.{key}" if path == PROJECT else key
        merged[key] = _validated(_NUMBER, {**under, **entry}, path, place)
    return merged


def _validated(kind: Any, data: Any, path: Path, key: str = "") -> Any:
    try:
        return kind.validate_python(data) if isinstance(kind, TypeAdapter) else kind.model_validate(data)
    except ValidationError as err:
        first = err.errors()[0]
        loc = first["loc"][1:] if first["loc"][:1] and first["loc"][0] in KINDS else first["loc"]
        where = ".".join(part for part in (key, *map(str, loc)) if part)
        whose = "" if path == PROJECT else "标准有误："
        raise StandardError(f"{whose}{path}：{where}：{reason_of(first)}") from err


def _yaml(path: Path, parsed: Callable[[str], Any] = parse) -> dict[str, Any]:
    try:
        data = parsed(path.read_text("utf-8"))
    except RepeatedKeyError as err:
        said = f"第 {err.first_line} 行和第 {err.line} 行"
        raise StandardError(f"标准有误：{path}：{said}重复给出“{err.key}”，只能保留一处") from err
    except OverblownError as err:
        raise StandardError(f"标准有误：{path}：别名（*）展开后超过 {LARGEST} 项，不予读取") from err
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as err:
        raise StandardError(f"标准有误：{path}：不是可读的 YAML：{err}") from err
    if not isinstance(data, dict):
        raise StandardError(f"标准有误：{path}：顶层应为键值表")
    return data


def _codes(folder: Path) -> dict[str, dict[str, str]]:
    lists = {}
    for path in sorted((folder / "codes").glob("*.csv")):
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                lists[path.stem] = {row[0]: row[1] for row in list(csv.reader(file))[1:] if row}
        except (UnicodeDecodeError, csv.Error, IndexError) as err:
            raise StandardError(f"标准有误：{path}：应为 UTF-8 的 CSV，每行两列：代码、名称") from err
    return lists


def _unique_surveys(standards: Iterable[Standard]) -> None:
    """A further standard adds a survey; it never takes the place of another."""
    seen: dict[str, Path] = {}
    for standard in standards:
        if standard.survey in seen:
            raise StandardError(f"标准重复：“{standard.survey}”同时出自 {seen[standard.survey]} 与 {standard.folder}")
        seen[standard.survey] = standard.folder


def _unique_rule_ids(standards: Iterable[Standard]) -> None:
    seen: dict[str, Path] = {}
    for standard in standards:
        for rule in standard.rules:
            if rule.id in seen:
                raise StandardError(f"规则编号重复：{rule.id}：{seen[rule.id]} 与 {standard.folder}")
            seen[rule.id] = standard.folder


def _known_rules_classed(standards: Standards) -> None:
    """A fault class is given to severities and to rules that exist; a mistyped rule id would silently count nothing."""
    known = {*SEVERITIES, *(rule.id for standard in standards.surveys.values() for rule in standard.rules)}
    for key, number in standards.profile.numbers.items():
        unknown = sorted(set(number.values) - known) if isinstance(number, Classes) else []
        if unknown:
            raise StandardError(f"参数集 {standards.profile.name}：{key}：没有编号为“{'、'.join(unknown)}”的规则")
