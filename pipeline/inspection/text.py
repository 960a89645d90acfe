"""An inspection told to people, in Chinese; long lists are cut and the rest is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

LISTED = 12  # entries of a long list shown; the rest is counted


def render(report: Mapping[str, Any]) -> str:
    """The report as Chinese text."""
    return "\n".join(_lines(report))


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    yield str(report["path"])
    yield f"  格式　　{report['format']}" + (f" {report['version']}" if report["version"] else "")
    yield f"  SHA-256 {report['sha256'] or '（无法计算）'}"
    if report["encoding"]:
        yield f"  编码　　{report['encoding']}（{report['encoding_evidence']}）"
    yield f"  坐标系　{report['crs'] or '文件未声明'}"
    if report["extent"]:
        west, south, east, north = report["extent"]
        yield f"  范围　　东 {west:.3f} – {east:.3f}，北 {south:.3f} – {north:.3f}"
    yield f"  要素　　{report['features']}" + (
        f"：{_told(report['geometry_types'])}" if report["geometry_types"] else ""
    )
    if report["closed_polylines"] is not None:
        yield f"  闭合多段线 {report['closed_polylines']}（按闭合标志或首尾重合）"
    for label, key in (("实体", "entities"), ("CASS 编码", "cass_codes"), ("扩展数据", "xdata_apps")):
        if report[key] and not (key == "entities" and report["closed_polylines"] is None):
            yield f"  {label}　{_told(report[key])}"
    yield from _layer_lines(report)
    yield from _outline_lines(report)
    yield from _field_lines(report)
    yield from _finding_lines(report)


def _told(counts: Mapping[str, int]) -> str:
    """The largest counts, and how many kinds more there are."""
    largest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = "、".join(f"{name} {count}" for name, count in largest[:LISTED])
    return shown + (f"，另有 {len(largest) - LISTED} 种" if len(largest) > LISTED else "")


def _layer_lines(report: Mapping[str, Any]) -> Iterator[str]:
    if report["layers"]:
        yield f"  图层 {len(report['layers'])} 个"
    for layer, kinds in report["layers"].items():
        yield f"    {layer}：{_told(kinds)}"


def _outline_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Outlines by layer: what stands out is told, what is as it should be is not."""
    for layer, found in report["outlines"].items():
        counted = (("图形无效", found["invalid"]), ("重复", found["duplicates"]), ("重叠", found["overlaps"]))
        faults = "".join(f"，{word} {count} {'对' if word == '重叠' else '个'}" for word, count in counted if count)
        faults += "，相邻图形过多未统计重叠" if found["overlaps"] is None else ""
        yield f"    {layer} 的面：{found['count']} 个，共 {found['area_m2']:.3f} m²{faults}"
        for texts, held in found["labels"].items():
            yield (
                f"      图层 {texts} 的文字：面内没有的 {held['none']} 个，正好一个的 {held['one']} 个，"
                f"多个的 {held['several']} 个"
            )


def _field_lines(report: Mapping[str, Any]) -> Iterator[str]:
    if report["fields"]:
        yield f"  字段 {len(report['fields'])} 个"
    for field in report["fields"]:
        size = (
            ""
            if field["width"] is None
            else f"({field['width']}{',' + str(field['decimals']) if field['decimals'] else ''})"
        )
        yield f"    {field['name']}：{field['type']}{size}"


def _finding_lines(report: Mapping[str, Any]) -> Iterator[str]:
    findings = report["findings"]
    yield f"  发现 {len(findings)} 项" if findings else "  没有发现问题"
    for finding in findings[: 5 * LISTED]:
        where = "，".join(
            f"{word} {finding[key]}" for word, key in (("图层", "layer"), ("句柄", "handle")) if finding[key]
        )
        yield f"    - {finding['message']}" + (f"（{where}）" if where else "")
    if len(findings) > 5 * LISTED:
        yield f"    …… 另有 {len(findings) - 5 * LISTED} 项，见 --json"
