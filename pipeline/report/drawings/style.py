"""How drawings look: `schemas/report/styles.yaml` as frozen records."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import StandardError
from pipeline.standard import SCHEMAS
from pipeline.yaml_text import parse


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Style(_Record):
    """One way to draw a layer. Widths and sizes in mm on paper, colours #rrggbb."""

    stroke: str | None = "#000000"
    width_mm: float = 0.18
    fill: str | None = None
    opacity: float = 1.0
    dash: tuple[float, ...] = ()
    colours: dict[str, str] = Field(default_factory=dict)  # category value → fill
    symbol: Literal["circle", "dot", "square", "triangle", "cross"] = "circle"  # of points
    size_mm: float = 1.4
    ends: Literal["none", "tick"] = "none"  # of lines
    edges: bool = False  # print the length of every side
    text_mm: float = 2.3
    text_colour: str = "#000000"
    place: Literal["inside", "near", "outside", "along"] = "inside"  # where the label goes first
    fraction: bool = False  # two-line label as a fraction
    rank: int = 5  # labels of lower rank are placed first
    legend: bool = True


class Styles(_Record):
    """All styles, the usual scale denominators, and colours for categories nobody named."""

    scales: tuple[int, ...]
    other_colours: tuple[str, ...]
    styles: dict[str, Style]

    def of(self, name: str, *, place: str) -> Style:
        """The style `name`; `place` says where it is asked for."""
        if name not in self.styles:
            raise StandardError(f"标准有误：{place}：style：styles.yaml 中没有“{name}”")
        return self.styles[name]


@lru_cache(maxsize=4)
def load_styles(path: Path = SCHEMAS / "report" / "styles.yaml") -> Styles:
    """Errors: StandardError naming file and key."""
    try:
        return Styles.model_validate(parse(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError) as err:
        raise StandardError(f"标准有误：{path}：{err}") from err
    except ValidationError as err:
        first = err.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise StandardError(f"标准有误：{path}：{key}：{first['msg']}（现为 {first['input']!r:.80}）") from err
