"""`project.yaml` as a frozen object: who, what, which file is which survey."""

from __future__ import annotations

import datetime as dt
import os
import posixpath
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from pipeline import crs as projections
from pipeline.errors import InputError
from pipeline.unpacking.names import part_fault
from pipeline.written import mapping_of, validated

NAME = "project.yaml"
SUFFIXES = (".yaml", ".yml")
MEANT = ("project.yaml", "project.yml")  # names of one that was meant to be found, in any case
LONGEST_CODE_BYTES = 180  # file systems take 255, and more is put around it while a delivery is written
YEARS = (1900, 2100)  # that every output can print: a dBASE table counts from 1900


class FileRecord(BaseModel):
    """A frozen part of a file that a person writes: refuses keys it does not know, takes a bare number for a word."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


def _inner(name: str) -> str:
    """A path of the project without detours: `./a/../b.dxf` is `b.dxf`."""
    return posixpath.normpath(name) if name else name


InnerPath = Annotated[str, AfterValidator(_inner)]


class Project(FileRecord):
    """What was built, for whom. code: names the delivery, so it has to be a file name on every system."""

    model_config = ConfigDict(str_strip_whitespace=True)

    code: str = Field(min_length=1)
    name: str
    address: str
    county_code: str
    client: str
    purpose: str = "竣工验收多测合一"
    date: dt.date

    @field_validator("code")
    @classmethod
    def _names_a_file(cls, value: str) -> str:
        size = len(value.encode("utf-8", "surrogatepass"))
        if size > LONGEST_CODE_BYTES:
            raise ValueError(f"过长（{size} 字节），成果包以它命名，不得超过 {LONGEST_CODE_BYTES} 字节（60 个汉字）")
        fault = "含有 / 或 \\，或以 . 起头" if set("/\\") & set(value) or value[0] == "." else part_fault(value)
        if fault:
            raise ValueError(f"“{value:.40}”不能作项目编号：成果包以它命名，{fault}；请用文字、数字、- 和 _")
        return value

    @field_validator("date")
    @classmethod
    def _in_our_time(cls, value: dt.date) -> dt.date:
        if not YEARS[0] <= value.year <= YEARS[1]:
            raise ValueError(f"应在 {YEARS[0]} 年至 {YEARS[1]} 年之间，现为 {value}")
        return value


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

    file: InnerPath | None = None
    number: str = ""
    date: dt.date | None = None
    approved_by: str = ""


class ReportChoice(FileRecord):
    """How the report looks: a folder with the firm's own template beside project.yaml; None: the one shipped."""

    template: InnerPath | None = None


class SurveyInput(FileRecord):
    """Files of one commissioned survey. crs, encoding, height_datum: only where they differ from the project's."""

    files: tuple[InnerPath, ...] = Field(min_length=1)
    surveyed: dt.date | None = None
    mapping: str | None = None
    encoding: str | None = None
    crs: str | None = None
    height_datum: str | None = None

    @field_validator("files")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if twice := sorted({name for name in value if value.count(name) > 1}):
            raise ValueError(f"{'、'.join(twice)} 列了两次；请只列一次")
        return value

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
    control_points: InnerPath | None = None
    waivers: InnerPath | None = None  # recorded answers to findings; None: waivers.yaml, if there is one
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
        raise InputError(_missing(folder, path))
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path}：不是项目文件；请给出项目文件夹，或其中的项目文件（如 {NAME}）")
    data = mapping_of(path, "project、firm、crs、surveys……")
    return validated(ProjectFile, {**data, "folder": path.parent, "file_name": path.name}, path)


def _missing(folder: Path, path: Path) -> str:
    if os.path.lexists(path):
        return f"{path}：不是普通文件，或是目标不存在的链接，不能读取"
    meant = sorted(p.name for p in folder.iterdir() if p.name.lower() in MEANT) if folder.is_dir() else []
    if meant:
        return f"找不到项目文件：{path}。文件夹里有 {meant[0]}，请把它改名为 {NAME}"
    return f"找不到项目文件：{path}。请先运行“duoce init {folder}”生成模板并填写"
