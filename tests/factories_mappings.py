"""Small files in every form that the mappings of the standards declare, written from the mappings themselves."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

import ezdxf
import fiona

from pipeline import crs, readers
from pipeline.mapping.normalise import normalise
from pipeline.standard import load_standards

CRS = "EPSG:4545"
PLANE = crs.parse(CRS)
EAST, NORTH = 500_000.0, 3_270_000.0
SIZE = 100.0
SUFFIX = {"shapefile": ".shp", "geopackage": ".gpkg", "geojson": ".geojson", "dxf": ".dxf"}
DRIVER = {".shp": "ESRI Shapefile", ".gpkg": "GPKG", ".geojson": "GeoJSON"}
FIONA_TYPE = {"text": "str:100", "integer": "int:9", "number": "float:15.3", "date": "date"}
DBF_NAME_BYTES = 10
PARCEL = "500105002006GB00117"
#: CASS codes that fit a pattern of codes
CODES = {"1411[0-9][0-9]": "141121", "2144[0-9][0-9]": "214400", "2154[0-9][0-9]": "215400"}
#: what a layer pattern with a star may be called
NAMES = {"休憩_*": "休憩_景观水体", "XQ_*": "XQ_JGST"}
#: what a layer name says, by its first part
CATEGORIES = {
    "DMLD": "地面绿地",
    "DXSSDMLD": "地下设施顶面绿地",
    "WDLD": "屋顶绿地",
    "TCCLH": "停车场绿化",
    "CZLH": "垂直绿化",
}
#: values that patterns and translations ask for, by layer and field
VALUES = {
    "parcel.parcel_code": PARCEL,
    "parcel.unit_code": f"{PARCEL}W00000000",
    "parcel.parcel_feature": "GB",
    "parcel.right_type": "3",
    "parcel.right_nature": "102",
    "unit.unit_code": f"{PARCEL}F00010002",
    "unit.building_code": f"{PARCEL}F0001",
    "balcony.unit_code": f"{PARCEL}F00010002",
    "checked_side.unit_code": f"{PARCEL}F00010002",
    "building.structure": "4",
    "building.building": "12幢",
    "footprint.building": "12号楼",
    "zone.building": "12#楼",
    "patch.patch_no": "G07",
    "patch.nature": "集中",
    "rest_place.place_no": "X3",
    "rest_place.kind": "景观水体",
    "balcony.kind": "未封闭",
    "civil_defence.zone.kind": "互联互通",
    "building.floors_above": 6,
    "patch.category": "地面绿地",
}
#: how a value is written where the mapping translates it, by layer and field
WORDS = {"parcel.right_type": "国有建设用地使用权", "parcel.right_nature": "出让", "civil_defence.zone.kind": "连通道"}
#: text inside a ring, by layer and field; otherwise the label, a colon and the value
TEXTS = {
    "parcel.parcel_code": "{}",
    "parcel.unit_code": "{}",
    "parcel.parcel_feature": PARCEL,
    "parcel.stated_area_m2": "S={}",
    "parcel.right_holder": "权利人：{}",
    "parcel.east_side": "东至:{}",
    "parcel.south_side": "南至:{}",
    "parcel.west_side": "四至西:{}",
    "parcel.north_side": "北至 {}",
    "footprint.building": "{}",
    "footprint.floors_above": "{}F",
    "footprint.floors_below": "地下{}层",
    "zone.building": "幢号:{}",
    "zone.floor": "层:{}",
    "zone.area_factor": "系数:{}",
    "zone.far_factor": "计容:{}",
    "zone.sloping_clear_height_m": "坡屋顶净高:{}",
    "zone.property_factor": "房产系数:{}",
    "zone.difference_note": "差异:{}",
    "patch.patch_no": "{}",
    "patch.category": "{}",
    "patch.nature": "{}",
    "patch.soil_depth_m": "覆土 {}",
    "patch.roof_height_m": "屋面高度 {}",
    "patch.stated_area_m2": "S={}",
    "rest_place.place_no": "{}",
    "building.building": "{}",
    "building.structure": "混6",
    "building.floors_above": "混6",
    "civil_defence.zone.kind": "{}",
    "civil_defence.zone.level": "连通层:{}",
    "unit.unit_code": "{}",
    "balcony.kind": "{}阳台",
    "unit.building_code": f"{PARCEL}F00010002",
    "balcony.unit_code": "{}",
    "checked_side.unit_code": "{}",
    "balcony.factor": "系数:{}",
    "property.building.floors_above": "地上层数:{}",
    "property.building.structure": "结构:{}",
    "property.building.building_area_m2": "幢建筑面积:{}",
    "basement.level": "所在层:{}",
    "common.stated_area_m2": "面积:{}",
    "works.level": "所在层:{}",
    "unit.balcony_area_m2": "阳台计入面积:{}",
    "common.part_no": "共有编号:{}",
}


@cache
def standards():
    return load_standards().surveys


@cache
def mappings(*, drawn):
    """Of drawings, or of tables of every layer; an exchange text holds parcels alone and has tests of its own."""
    known = ((s, m) for s in standards().values() for m in s.mappings if m.format != ("exchange",))
    return tuple((s, m) for s, m in known if ("dxf" in m.format) == drawn)


@cache
def value(survey, layer, name):
    """A value that no other field of the layer has, in the field's type."""
    fields = standards()[survey].layers[layer].fields
    place, spec = list(fields).index(name), fields[name]
    known = VALUES.get(f"{survey}.{layer}.{name}", VALUES.get(f"{layer}.{name}"))
    plain = {
        "integer": 11 + place,
        "number": 100 + place + 0.25,
        "date": f"2026-07-{place + 1:02}",
        "text": f"甲{place}",
    }
    return plain[spec.type] if known is None else known


def word(table, survey, layer, name, otherwise):
    return table.get(f"{survey}.{layer}.{name}", table.get(f"{layer}.{name}", otherwise))


def depth(mapping):
    """How many sources in turn its longest field has."""
    return max([1, *(len(chain(f)) for how in mapping.layers.values() for f in how.fields.values())])


def chain(source):
    return [source, *(chain(source.otherwise) if source.otherwise else [])]


@dataclass
class Feature:
    """One feature to be written: where its fields stand in the drawing."""

    layer: str
    apps: dict = field(default_factory=dict)
    tags: dict = field(default_factory=dict)
    texts: list = field(default_factory=list)


def read(path, survey, **kwargs):
    """The file as canonical frames of the survey."""
    source = readers.read(path, name=path.name, survey=survey)
    assert not source.entry.fatal, source.notes
    return normalise(standards()[survey], [source], target=PLANE, **kwargs)


# ---------------------------------------------------------------- drawings


def drawing(path, survey, mapping, *, variant=0, level=0):
    """Every layer of the mapping drawn once; variant: which layer name; level: which source of each field."""
    document = ezdxf.new("R2010", setup=False)
    for place, (layer, how) in enumerate(mapping.layers.items()):
        names = _telling(how, level)
        made = Feature(layer_name(names[variant % len(names)]))
        codes = how.select.code
        if codes:
            code = codes[variant % len(codes)]
            made.apps |= {"SOUTH": {0: CODES.get(code, code)}} if code else {}
        for name, source in how.fields.items():
            given = chain(source)
            _place(made, survey, layer, name, given[min(level, len(given) - 1)])
        draw(document, made, place, how, standards()[survey].layers[layer].geometry)
    document.saveas(path)
    return path


def expected(survey, layer, name, frame, source):
    """The value that was written, or what the name of its layer says."""
    first = frame["source_layer"].iloc[0].split("_")[0]
    return CATEGORIES.get(first, first) if name == "category" and source.layer_name else value(survey, layer, name)


def _telling(how, level):
    """The layer names of which the fields that are read from the name at this level can be told."""
    sources = [given[min(level, len(given) - 1)] for given in map(chain, how.fields.values())]
    patterns = [source.pattern for source in sources if source.layer_name and source.pattern]
    return [n for n in how.select.layer if all(re.search(p, layer_name(n)) for p in patterns)] or how.select.layer


def layer_name(pattern):
    return NAMES.get(pattern, pattern.replace("*", "_JZ" if pattern.isascii() else "_集中"))


def _place(made, survey, layer, name, source):
    said = str(
        word(WORDS, survey, layer, name, value(survey, layer, name)) if source.values else value(survey, layer, name)
    )
    if source.xdata and (source.xdata, source.item) != ("SOUTH", 0):
        made.apps.setdefault(source.xdata, {}).setdefault(source.item, said)
    elif source.attribute:
        aliases = (source.attribute,) if isinstance(source.attribute, str) else source.attribute
        made.tags[aliases[-1]] = said
    elif source.text_layers:
        label = standards()[survey].layers[layer].fields[name].label
        text = word(TEXTS, survey, layer, name, f"{label}:{{}}").format(said)
        made.texts.append((source.text_layers[0].replace("*", "成果"), text))


def draw(document, made, place, how, geometry):
    """The feature as the first fitting kind of entity, in a square of its own."""
    space = document.modelspace()
    east, north = EAST + 2 * SIZE * place, NORTH
    options = {"dxfattribs": {"layer": made.layer}}
    if geometry == "point":
        kind = "INSERT" if made.tags or how.select.entity[0] == "INSERT" else how.select.entity[0]
        entity = _symbol(document, kind, (east, north), options, made.tags)
    elif geometry == "line":
        entity = space.add_lwpolyline([(east, north), (east + SIZE, north)], **options)
    else:
        entity = space.add_lwpolyline(square(east, north), close=True, **options)
    for app, items in made.apps.items():
        attach(document, entity, app, [items.get(i, "") for i in range(max(items) + 1)])
    for row, (layer, text) in enumerate(made.texts):  # along a line, inside a ring
        beside = (east + 5 + 3 * row, north + 0.4) if geometry == "line" else (east + 5, north + 3 * row + 2)
        space.add_text(text, dxfattribs={"layer": layer, "insert": beside})
    return entity


def square(east, north, size=SIZE):
    return [(east, north), (east + size, north), (east + size, north + size), (east, north + size)]


def _symbol(document, kind, place, options, tags):
    space = document.modelspace()
    if kind == "CIRCLE":
        return space.add_circle(place, 0.5, **options)
    if "SYMBOL" not in document.blocks:
        document.blocks.new("SYMBOL").add_circle((0, 0), 0.3)
    entity = space.add_blockref("SYMBOL", place, **options)
    for tag, said in tags.items():
        entity.add_attrib(tag, said, place)
    return entity


def attach(document, entity, app, values):
    """XDATA of one app: texts as 1000, reals as 1040, integers as 1071."""
    if app not in document.appids:
        document.appids.add(app)
    groups = {str: 1000, float: 1040, int: 1071}
    entity.set_xdata(app, [(groups[type(v)], v) for v in values])
    return entity


# ---------------------------------------------------------------- tables


def aliases(mapping, layer, *, narrow):
    """By field the column names of its own, of those that a DBF can hold when narrow."""
    known = mapping.layers[layer].fields
    used = Counter(a.lower() for source in known.values() for a in source.attribute)
    found = {}
    for name, source in known.items():
        own = [a for a in source.attribute if used[a.lower()] == 1 and "+" not in a]
        found[name] = [a for a in own if not narrow or len(a.encode("gbk")) <= DBF_NAME_BYTES]
    return found


def widest(mapping, *, narrow):
    """How many variants it takes until every name of every layer and field was used."""
    fields = [a for layer in mapping.layers for a in aliases(mapping, layer, narrow=narrow).values()]
    return max(len(names) for names in [*fields, *(how.select.layer for how in mapping.layers.values())])


def tables(folder, survey, mapping, form, *, variant):
    """Every layer of the mapping as a table, each field under its variant-th name; the files."""
    made = []
    for place, (layer, how) in enumerate(mapping.layers.items()):
        names = aliases(mapping, layer, narrow=form == "shapefile")
        columns = {given[variant % len(given)]: name for name, given in names.items()}
        stem = how.select.layer[variant % len(how.select.layer)]
        path = folder / (survey if form == "geopackage" else stem)
        path = path.with_suffix(SUFFIX[form])
        values, spec = {c: value(survey, layer, name) for c, name in columns.items()}, standards()[survey].layers[layer]
        types = {column: FIONA_TYPE[spec.fields[name].type] for column, name in columns.items()}
        table(path, stem, values, types, geometry=spec.geometry, place=place)
        made.append(path)
    return list(dict.fromkeys(made))


def table(path, stem, values, types, *, geometry="polygon", place=0):
    """One row in a new table."""
    east, north = EAST + 2 * SIZE * place, NORTH
    shapes = {
        "point": {"type": "Point", "coordinates": (east, north)},
        "line": {"type": "LineString", "coordinates": [(east, north), (east + SIZE, north)]},
        "polygon": {"type": "Polygon", "coordinates": [[*square(east, north), (east, north)]]},
    }
    options = {"driver": DRIVER[path.suffix], "crs": CRS}
    options |= {"encoding": "GBK"} if path.suffix == ".shp" else {}
    options |= {"layer": stem} if path.suffix == ".gpkg" else {}
    schema = {"geometry": shapes[geometry]["type"], "properties": types}
    with fiona.open(path, "w", schema=schema, **options) as file:
        file.write({"type": "Feature", "geometry": shapes[geometry], "properties": values})
    return path
