"""The id that a run gives a record, "survey.layer/HANDLE": found in the written files, without the pipeline.

The writers keep the order of the records, so the n-th entity that belongs to a layer is its n-th record. A table's
handle is the number of its row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import ezdxf
from ezdxf.entities import DXFEntity, DXFGraphic

from generator.figures import Surveys
from generator.shape import Record
from generator.write_cadastral_tables import in_tables

Belongs = Callable[[DXFGraphic], bool]

FILES = {
    "planning": "planning/规划核实.dxf",
    "green": "green/绿地核实.dxf",
    "civil_defence": "civil_defence/人防工程.dxf",
    "cadastral": "cadastral/地籍.dxf",
}


def on(*layers: str) -> Belongs:
    """Everything on the drawing's layers."""
    return lambda entity: entity.dxf.layer in layers


def coded(layer: str, code: str) -> Belongs:
    """What the SOUTH code of CASS says."""
    return lambda entity: entity.dxf.layer == layer and _code(entity).startswith(code)


def outlined(entity: DXFGraphic) -> bool:
    """Green patches: outlines whose layer says category and nature."""
    layer = str(entity.dxf.layer)
    return entity.dxftype() == "LWPOLYLINE" and "_" in layer and not layer.startswith("休憩_")


ENTITIES: dict[str, Belongs] = {
    "planning.red_line": on("用地红线"),
    "planning.levied_land": on("代征地"),
    "planning.setback_boundary": on("建筑退让线"),
    "planning.footprint": on("建筑基底"),
    "planning.basement": on("地下室"),
    "planning.corner": on("建筑角点"),
    "planning.height_point": on("高度点"),
    "planning.zone": on("功能区"),
    "planning.setback": on("退让间距线"),
    "planning.parking": on("停车位"),
    "green.site": on("用地范围"),
    "green.patch": outlined,
    "green.rest_place": lambda entity: str(entity.dxf.layer).startswith("休憩_"),
    "civil_defence.works": on("RF_人防工程"),
    "civil_defence.unit": on("RF_防护单元"),
    "civil_defence.blast_unit": on("RF_抗爆单元"),
    "civil_defence.zone": on("RF_功能区"),
    "civil_defence.entrance": on("RF_出入口"),
    "civil_defence.parking": on("RF_车位"),
    "cadastral.parcel": coded("JZD", "300000"),
    "cadastral.boundary_point": coded("JZP", "301000"),
    "cadastral.boundary_line": coded("JZD", "303000"),
    "cadastral.building": coded("JMD", "1411"),
}


def features(folder: Path, surveys: Surveys) -> dict[int, str]:
    """id() of every record → id of its feature in the files of the folder."""
    found: dict[int, str] = {}
    for survey, layers in surveys.items():
        entities = list(ezdxf.readfile(folder / FILES[survey]).modelspace()) if survey in FILES else []
        for layer, records in layers.items():
            name = f"{survey}.{layer}"
            tabled = [r for r in records if not entities or in_tables(r)]
            found |= _named(name, tabled, [str(row) for row in range(1, len(tabled) + 1)])
            if entities:
                rest = [r for r in records if not in_tables(r)]
                found |= _named(name, rest, list(_handles(entities, ENTITIES[name])))
    return found


def _named(layer: str, records: list[Record], handles: list[str]) -> dict[int, str]:
    return {id(record): f"{layer}/{handle}" for record, handle in zip(records, handles, strict=True)}


def _handles(entities: Iterable[DXFEntity], belongs: Belongs) -> Iterable[str]:
    return (str(entity.dxf.handle) for entity in entities if isinstance(entity, DXFGraphic) and belongs(entity))


def _code(entity: DXFGraphic) -> str:
    return str(entity.get_xdata("SOUTH")[0].value) if entity.has_xdata("SOUTH") else ""
