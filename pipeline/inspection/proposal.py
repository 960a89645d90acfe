"""A mapping proposed from what is in a file: YAML to be pasted under `mappings:` of a survey's mappings.yaml.

Features that a mapping of the shipped standards knows get its layer and field names; the rest stands as comments with
layers, codes, counts and examples, for a person to name. Nothing here is sure: the head says so.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from pipeline import readers
from pipeline.inspection.examples import Found, attributes, texts_inside, xdata
from pipeline.mapping.selection import claimed, selected
from pipeline.readers.dxf_blocks import OUTLINES
from pipeline.standard import Delivery, LayerMapping, Standard, load_standards

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.sources import Source

TEXTS = ("TEXT", "MTEXT")
SYMBOL_M = 1.0  # circles up to this size mark points (our own choice; CASS draws boundary points with a radius of 0.5)
PARTS = ("*-[0-9]*",)  # CASS codes of decorations


@dataclass(slots=True)
class _Group:
    """Features of one layer and code, and the layer of a standard that they are, if one is known."""

    rows: gpd.GeoDataFrame
    key: str | None = None
    how: LayerMapping | None = None


def propose(path: Path) -> str:
    """The proposal for one file as YAML text; a file that cannot be read gives comments only."""
    return proposal(readers.read(path, name=path.name, in_blocks=True), path, path.name)


def proposal(source: Source, path: Path, name: str) -> str:
    """The same of a file that has been read with what stands inside its blocks."""
    del name
    features = source.features[source.features["inside"].isna()]
    if source.entry.fatal or features.empty:
        return f"# {path.name}：文件不能完整读取或没有要素，无从建议；请先看 duoce inspect 的发现\n"
    found = _known(source, features)
    return "\n".join(_lines(path, source, features, found)) + "\n"


def _known(source: Source, features: gpd.GeoDataFrame) -> tuple[Standard, Delivery, int] | None:
    """The shipped mapping whose layers select most features, and how many it accounts for."""
    best: tuple[int, Standard, Delivery] | None = None
    for standard in load_standards().surveys.values():
        for mapping in standard.mappings:
            if source.entry.format in mapping.format:
                count = int(np.any([selected(how.select, features) for how in mapping.layers.values()], axis=0).sum())
                best = (count, standard, mapping) if count and (best is None or count > best[0]) else best
    return None if best is None else (best[1], best[2], int(claimed(best[2], features).sum()))


def _lines(
    path: Path, source: Source, features: gpd.GeoDataFrame, known: tuple[Standard, Delivery, int] | None
) -> Iterator[str]:
    yield f"# 由 duoce inspect 按 {path.name} 拟定，须人工核对。"
    yield "# 以 # 开头的图层和字段没有现成的名称：去掉 #，把键改为该项测绘标准（standard.yaml）中的图层名、字段名。"
    if known:
        standard, mapping, count = known
        yield f"# 现有映射 {mapping.name}（{standard.label}）能解释 {len(features)} 个要素中的 {count} 个；够用时不必另建。"
    yield f"- name: {_quoted(path.stem)}"
    yield f"  label: {_quoted(f'按 {path.name} 拟定')}"
    yield f"  format: [{source.entry.format}]"
    groups = _groups(features, known[1] if known else None)
    named = [group for group in groups if group.key]
    yield "  layers:" if named else "  layers: {}  # 去掉下面的 # 时，把 {} 删去"
    for key in dict.fromkeys(group.key for group in named):
        yield from _layer([group for group in named if group.key == key], source)
    for group in groups:
        if not group.key:
            yield from (f"    # {line}" for line in _unknown(group, source))
    yield from _ignored(features)
    yield from _in_blocks(source.features)


def _groups(features: gpd.GeoDataFrame, mapping: Delivery | None) -> list[_Group]:
    """Features other than texts and decorations by layer and code, with the layer that most of them belong to."""
    codes = features["code"].fillna("").astype(str)
    kept = features[~features["entity"].isin(TEXTS) & ~codes.str.contains("-")]
    groups = []
    for _, rows in kept.groupby([kept["layer"], codes[kept.index]], sort=True):
        group = _Group(rows)
        for key, how in mapping.layers.items() if mapping else ():
            if selected(how.select, rows).mean() > 0.5:
                group.key, group.how = key, how
                break
        groups.append(group)
    return groups


def _layer(groups: Sequence[_Group], source: Source) -> Iterator[str]:
    """A layer of the standard with the fields of its mapping that the file has."""
    how = groups[0].how
    assert how is not None
    rows = source.features.loc[[label for group in groups for label in group.rows.index]]
    yield f"    # {_told(rows)}"
    yield f"    {groups[0].key}:"
    yield f"      select: {_select(rows)}"
    yield f"      geometry: {_geometry(rows)}"
    there = _found(rows, source)
    fields = {name: where for name, where in how.fields.items() if _given(where, there)}
    used = {key for where in fields.values() for key in _keys(where)}
    left = [one for one in there if one.key not in used]
    if fields or left:
        yield "      fields:" if fields else "      # fields:"
    for name, where in fields.items():
        yield f"        {name}: {json.dumps(where.model_dump(exclude_unset=True), ensure_ascii=False)}"
    for one in left:
        yield f"        # {_quoted(one.name)}: {one.yaml}  # 例：{one.examples}"


def _unknown(group: _Group, source: Source) -> Iterator[str]:
    rows = group.rows
    code = rows["code"].iloc[0]
    yield f"# {_told(rows)}"
    yield f"{_quoted(str(rows['layer'].iloc[0]) + (f'_{code}' if code else ''))}:"
    yield f"  select: {_select(rows)}"
    yield f"  geometry: {_geometry(rows)}"
    there = _found(rows, source)
    yield "  fields:" if there else "  fields: {}"
    for one in there:
        yield f"    {_quoted(one.name)}: {one.yaml}  # 例：{one.examples}"


def _ignored(features: gpd.GeoDataFrame) -> Iterator[str]:
    """Layers that hold nothing but texts, and codes of decorations."""
    words = features["entity"].isin(TEXTS)
    layers = sorted(set(features["layer"]) - set(features["layer"][~words]))
    decorated = features["code"].fillna("").astype(str).str.contains("-").any()
    parts = [f"layer: [{', '.join(map(_quoted, layers))}]"] if layers else []
    parts += [f"code: [{', '.join(map(_quoted, PARTS))}]"] if decorated else []
    if parts:
        yield f"  ignore: {{{', '.join(parts)}}}"


def _in_blocks(features: gpd.GeoDataFrame) -> Iterator[str]:
    """Blocks that hold more than a symbol."""
    pieces = features[features["inside"].notna() & features["entity"].isin(OUTLINES)]
    for block, rows in pieces.groupby("inside"):
        kinds = "、".join(f"{kind} {count} 个" for kind, count in sorted(Counter(rows["entity"]).items()))
        yield f"  # 图块 {block} 内共有 {kinds}；作为要素时在 select 中写 in_blocks: true"


# ---------------------------------------------------------------- words


def _select(rows: gpd.GeoDataFrame) -> str:
    keys = {"layer": _patterns(rows["layer"]), "code": _patterns(rows["code"].dropna())}
    if not rows["geometry"].isna().all() and rows["linetype"].notna().any():  # a drawing, not a table
        keys |= {"entity": _patterns(rows["entity"])}
        if rows["entity"].eq("INSERT").all():  # every key must hold, and only an INSERT has a block
            keys |= {"block": _patterns(rows["block"].dropna())}
    return "{" + ", ".join(f"{key}: [{', '.join(map(_quoted, words))}]" for key, words in keys.items() if words) + "}"


def _patterns(words: Any) -> list[str]:
    """Words as fnmatch patterns that mean themselves."""
    return sorted({str(word).replace("[", "[[]").replace("*", "[*]").replace("?", "[?]") for word in words})


def _geometry(rows: gpd.GeoDataFrame) -> str:
    shapes = rows["geometry"].to_numpy()
    circles = rows["entity"].eq("CIRCLE").to_numpy()
    size = shapely.bounds(shapes)[:, 2] - shapely.bounds(shapes)[:, 0]
    symbols = circles & (size <= 2 * SYMBOL_M)
    kinds = np.where(symbols, 0, shapely.get_type_id(shapes) % 4)  # points, lines, rings, polygons; multi alike
    counts = Counter({"point": int((kinds == 0).sum()), "line": int(np.isin(kinds, (1, 2)).sum())})
    counts["polygon"] = int(np.isin(shapely.get_type_id(shapes), (3, 6)).sum() - symbols.sum())
    return max(("polygon", "line", "point"), key=lambda kind: counts[kind]) if counts.total() else "as_is"


def _told(rows: gpd.GeoDataFrame) -> str:
    """Entities, codes and counts in words."""
    kinds = "、".join(f"{kind} {count} 个" for kind, count in sorted(Counter(rows["entity"]).items()))
    codes = "、".join(f"{code} {count} 个" for code, count in sorted(Counter(rows["code"].dropna()).items()))
    return f"图层 {'、'.join(sorted(set(rows['layer'])))}：{kinds}" + (f"；编码 {codes}" if codes else "")


def _found(rows: gpd.GeoDataFrame, source: Source) -> list[Found]:
    """Where the file holds values for these features, with examples."""
    own = attributes(rows, source) + xdata(rows)
    return [*own, *texts_inside(rows, source.features)]


def _given(where: Any, there: Sequence[Found]) -> bool:
    """Whether a field source, or the one it falls back on, finds something; what comes with the geometry always does."""
    keys = _keys(where)
    return not keys or bool(keys & {one.key for one in there})


def _keys(where: Any) -> set[tuple[str, str]]:
    """What a chain of sources reads: (kind, name)."""
    keys: set[tuple[str, str]] = set()
    while where is not None:
        if where.xdata is not None:
            keys.add(("xdata", f"{where.xdata}/{where.item}"))
        if where.attribute is not None:
            names = (where.attribute,) if isinstance(where.attribute, str) else where.attribute
            keys |= {("attribute", part.lower()) for name in names for part in name.split("+")}
        if where.text_inside:
            keys.add(("text_inside", ""))
        where = where.otherwise
    return keys


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)
