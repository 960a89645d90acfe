"""`project.yaml` as a frozen object: who, what, which file is which survey."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from pipeline import crs as projections
from pipeline.errors import InputError
from pipeline.yaml_text import LARGEST, OverblownError, RepeatedKeyError, parse_written

M = TypeVar("M", bound=BaseModel)
NAME = "project.yaml"
SUFFIXES = (".yaml", ".yml")
_REASONS = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这个键（请检查拼写）",
    "string_type": "应为文字",
    "list_type": "应为列表",
    "dict_type": "应为键值表",
    "model_type": "应为键值表",
    "date_from_datetime_parsing": "应为日期，如 2026-09-18",
    "date_parsing": "应为日期，如 2026-09-18",
    "too_short": "不能为空",
    "string_too_short": "不能为空",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
}


class FileRecord(BaseModel):
    """A frozen part of a file that a person writes: refuses keys it does not know, takes a bare number for a word."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class Project(FileRecord):
    """What was built, for whom."""

    code: str
    name: str
    address: str
    county_code: str
    client: str
    purpose: str = "竣工验收多测合一"
    date: dt.date


class Firm(FileRecord):
    """Who surveyed."""

    name: str
    certificate: str
    certificate_grade: str = ""


class Person(FileRecord):
    """One responsible person."""

    role: str
    name: str
    certificate: str = ""


class Instrument(FileRecord):
    """One instrument and until when its calibration holds."""

    name: str
    model: str
    serial: str = ""
    use: str = ""
    valid_until: dt.date | None = None


class Crs(FileRecord):
    """The project CRS: EPSG code, PROJ string or WKT, what it is called, and how another CRS stands to it.

    relation: parameters for inputs declared in that other CRS; four of them can stand in place of a definition.
    """

    definition: str = ""
    name: str = ""
    relation: projections.Relation | None = Field(default=None, alias="from")

    @model_validator(mode="after")
    def _defined(self) -> Self:
        if not self.definition and (self.relation is None or self.relation.four_parameters is None):
            raise ValueError("缺少 definition（坐标系定义），也没有可以代替它的 from.four_parameters（四参数）")
        return self

    def plane(self) -> Any:
        """The CRS itself. Errors: InputError when the definition is none."""
        if self.relation is not None and not self.definition:
            return projections.derived(self.relation, self.name)
        return projections.parse(self.definition)


class Permit(FileRecord):
    """The planning permit and the table of its figures."""

    file: str | None = None
    number: str = ""
    date: dt.date | None = None
    approved_by: str = ""


class ReportChoice(FileRecord):
    """How the report looks: a folder with the firm's own template beside project.yaml; None: the one shipped."""

    template: str | None = None


class SurveyInput(FileRecord):
    """Files of one commissioned survey. crs, encoding, height_datum: only where they differ from the project's."""

    files: tuple[str, ...] = Field(min_length=1)
    surveyed: dt.date | None = None
    mapping: str | None = None
    encoding: str | None = None
    crs: str | None = None
    height_datum: str | None = None

    @field_validator("crs")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        return None if value is None else projections.known(value)


class ProjectFile(FileRecord):
    """The whole file. folder, file_name: where it stands; control_points_rows: filled by the run."""

    project: Project
    firm: Firm
    people: tuple[Person, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    crs: Crs
    height_datum: str = Field(min_length=1)
    profile: str = "chongqing"
    overrides: tuple[dict[str, Any], ...] = ()
    permit: Permit = Permit()
    report: ReportChoice = ReportChoice()
    control_points: str | None = None
    waivers: str | None = None  # recorded answers to findings; None: waivers.yaml, if there is one
    surveys: dict[str, SurveyInput] = Field(min_length=1)
    folder: Path = Field(default=Path(), exclude=True)
    file_name: str = Field(default=NAME, exclude=True)
    control_points_rows: tuple[dict[str, Any], ...] = Field(default=(), exclude=True)

    @property
    def path(self) -> Path:
        """The file itself, for sentences and for the delivery."""
        return self.folder / self.file_name

    @property
    def facts(self) -> dict[str, str]:
        """What rules may compare with (`{project: name}` in a rule)."""
        return {
            "code": self.project.code,
            "name": self.project.name,
            "county_code": self.project.county_code,
            "permit_number": self.permit.number,
            "permit_date": self.permit.date.isoformat() if self.permit.date else "",
        }

    @field_validator("overrides", mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return value or ()


def read_project(folder: Path) -> ProjectFile:
    """`folder/project.yaml` (or the file itself) as a ProjectFile.

    Errors: InputError in Chinese naming file, key, what was there and what is wanted.
    """
    path = folder if folder.is_file() else folder / NAME
    if not path.is_file():
        raise InputError(f"找不到项目文件：{path}。请先运行“duoce init {folder}”生成模板并填写")
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path}：不是项目文件；请给出项目文件夹，或其中的项目文件（如 {NAME}）")
    data = mapping_of(path, "project、firm、crs、surveys……")
    return validated(ProjectFile, {**data, "folder": path.parent, "file_name": path.name}, path)


def mapping_of(path: Path, wanted: str) -> Mapping[str, Any]:
    """The YAML of `path` as a mapping. wanted: the keys it should have, for the refusal. Errors: InputError."""
    try:
        data = parse_written(path.read_text("utf-8-sig"))
    except RepeatedKeyError as err:
        said = f"第 {err.first_line} 行和第 {err.line} 行"
        raise InputError(f"{path}：{said}重复给出“{err.key}”，只能保留一处；请合并或删去其中一处") from err
    except OverblownError as err:
        raise InputError(f"{path}：别名（*）展开后超过 {LARGEST} 项，不予读取；请不用别名，直接写出内容") from err
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as err:
        raise InputError(f"{path}：不是可读的 UTF-8 YAML：{_yaml_place(err)}") from err
    if not isinstance(data, Mapping):
        raise InputError(f"{path}：内容应为键值表（{wanted}）")
    return data


def validated(model: type[M], data: Mapping[str, Any], path: Path) -> M:
    """`data` as a record of `model`. Errors: InputError naming the file and every key that is wrong, in Chinese."""
    try:
        return model.model_validate(data)
    except ValidationError as err:
        raise InputError("\n".join(_explained(path, item) for item in err.errors())) from err


def _explained(path: Path, item: Any) -> str:
    place = ".".join(str(part) for part in item["loc"])
    own = str(item["ctx"]["error"]) if item["type"] == "value_error" else f"无效的值（{item['type']}）"
    if item["type"] == "literal_error":
        own = f"应为 {item['ctx']['expected'].replace(' or ', '、').replace(', ', '、')} 之一"
    reason = _REASONS.get(item["type"], own)
    shown = "" if item["type"] in ("missing", "extra_forbidden", "value_error") else f"，现为 {item['input']!r:.60}"
    return f"{path}：{place}：{reason}{shown}"


def _yaml_place(err: Exception) -> str:
    if isinstance(err, RecursionError):
        return "层层嵌套过深"
    mark = getattr(err, "problem_mark", None)
    return f"第 {mark.line + 1} 行第 {mark.column + 1} 列附近有语法错误" if mark else "编码不是 UTF-8"
