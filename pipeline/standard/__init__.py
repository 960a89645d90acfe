"""The standards as frozen objects: `schemas/` + profile + the project's own overrides.

A survey's standard is a folder: `standard.yaml` (identity, layers, fields, permit figures), `mappings.yaml` (where the
layers are found in a drawing or table), `measures.yaml`, `rules.yaml`, `tables.yaml`, `drawings.yaml`,
`codes/*.csv`, `cases/*.yaml`. Only `standard.yaml` is required. A fault names file and key.
"""

from pipeline.shipped import SCHEMAS
from pipeline.standard.base import Param, Scalar, Where
from pipeline.standard.exports import ExportSpec, FillSpec
from pipeline.standard.layers import BuildingView, DerivedSpec, FieldSpec, LayerSpec, PermitFigure
from pipeline.standard.loading import PARTS, files_of, load_profile, load_standard, load_standards, own_folders
from pipeline.standard.mapping import Delivery, FieldSource, LayerMapping, Select
from pipeline.standard.report import (
    ColumnSpec,
    DrawingLayer,
    DrawingList,
    DrawingSpec,
    Heights,
    HeightSpan,
    Inset,
    Lookup,
    TableSpec,
)
from pipeline.standard.rules import MeasureSpec, RuleSpec
from pipeline.standard.whole import Profile, Standard, Standards

__all__ = [
    "PARTS",
    "SCHEMAS",
    "BuildingView",
    "ColumnSpec",
    "Delivery",
    "DerivedSpec",
    "DrawingLayer",
    "DrawingList",
    "DrawingSpec",
    "ExportSpec",
    "FieldSource",
    "FieldSpec",
    "FillSpec",
    "HeightSpan",
    "Heights",
    "Inset",
    "LayerMapping",
    "LayerSpec",
    "Lookup",
    "MeasureSpec",
    "Param",
    "PermitFigure",
    "Profile",
    "RuleSpec",
    "Scalar",
    "Select",
    "Standard",
    "Standards",
    "TableSpec",
    "Where",
    "files_of",
    "load_profile",
    "load_standard",
    "load_standards",
    "own_folders",
]
