"""An invented sixth survey (管线竣工测量): a folder of data, no code."""

from __future__ import annotations

import shutil
from pathlib import Path

import ezdxf
import yaml

STANDARD = {
    "survey": "pipes",
    "label": "管线竣工测量",
    "short": "管线",
    "order": 60,
    "edition": "test-pipes 2026-11",
    "intro": ["管线竣工测量为虚构的第六项测绘，用来证明增加一项测绘不改代码。"],
    "layers": {
        "pipe": {
            "label": "管线",
            "geometry": "line",
            "required": True,
            "business_id": "pipe_no",
            "fields": {
                "pipe_no": {"label": "管线号", "type": "text", "required": True},
                "depth_m": {"label": "埋深", "type": "number", "decimals": 2, "unit": "m", "required": True},
            },
            "derived": {"length_m": {"label": "长度", "measure": "line_length", "unit": "m", "decimals": 2}},
        }
    },
}
MAPPINGS = {
    "mappings": [
        {
            "name": "plain",
            "label": "按图层名",
            "format": ["dxf"],
            "layers": {
                "pipe": {
                    "select": {"layer": ["GX_*"]},
                    "fields": {"pipe_no": {"xdata": "GXBH"}, "depth_m": {"xdata": "MS"}},
                }
            },
        }
    ]
}
MEASURES = {
    "measures": {
        "pipe_length_m": {
            "label": "管线总长",
            "measure": "total",
            "layer": "pipe",
            "params": {"field": "length_m"},
            "unit": "m",
            "formula": "Σ 管线长度",
            "clause": "虚构",
            "certainty": "proposal",
        }
    }
}
COMMON = {"severity": "error", "element": "空间图形", "clause": "虚构", "certainty": "proposal", "since": "2026-11"}
RULES = {
    "rules": [
        {
            "id": "PIP-A01",
            "check": "numeric_range",
            "layer": "pipe",
            "params": {"field": "depth_m", "at_least": 0.7},
            "title": "管线埋深不小于 0.70 m",
            "message": "管线 {id} 埋深 {measured:.2f} m",
            **COMMON,
        },
        {
            "id": "PIP-X01",
            "check": "points_inside",
            "layer": "pipe",
            "against": "cadastral.parcel",
            "params": {"tolerance_m": 0.01},
            "title": "管线位于宗地内",
            "message": "管线 {id} 超出宗地",
            **COMMON,
        },
    ]
}
TABLES = {
    "tables": [
        {
            "id": "pipe_list",
            "title": "管线一览表",
            "layer": "pipe",
            "sort": ["pipe_no"],
            "columns": [{"field": "pipe_no", "label": "管线号"}, {"field": "depth_m", "label": "埋深", "decimals": 2}],
        }
    ]
}


def write_standard(folder: Path) -> Path:
    """The sixth survey's folder under `folder`; returns the folder that holds standards."""
    survey = folder / "pipes"
    survey.mkdir(parents=True)
    parts = {"standard": STANDARD, "mappings": MAPPINGS, "measures": MEASURES, "rules": RULES, "tables": TABLES}
    for name, data in parts.items():
        (survey / f"{name}.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    return folder


def add_to(project: Path, target: Path, lines: dict[str, tuple[float, list[tuple[float, float]]]]) -> Path:
    """A copy of `project` at `target` that also commissions the pipes; lines: number → (depth, vertices)."""
    shutil.copytree(project, target)
    drawing = ezdxf.new("R2010")
    for app in ("GXBH", "MS"):
        drawing.appids.add(app)
    for number, (depth, vertices) in lines.items():
        line = drawing.modelspace().add_lwpolyline(vertices, dxfattribs={"layer": "GX_给水"})
        line.set_xdata("GXBH", [(1000, number)])
        line.set_xdata("MS", [(1040, depth)])
    (target / "pipes").mkdir()
    drawing.saveas(target / "pipes" / "管线.dxf")
    data = yaml.safe_load((target / "project.yaml").read_text("utf-8"))
    data["surveys"]["pipes"] = {"files": ["pipes/管线.dxf"]}
    (target / "project.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    return target
