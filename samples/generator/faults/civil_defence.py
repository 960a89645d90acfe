"""Faults planted in the civil-defence survey and in its figures of the permit."""

from __future__ import annotations

import math

from generator.faults.planting import Fault, Finds, change, draw, drop, permit, redraw
from generator.shape import rect

FAULTS = [
    Fault(
        "D01",
        "防护单元 RF-1 净高 1.95 m",
        (change("civil_defence.unit RF-1", net_height_m="1.95"),),
        (Finds("CDF-A22", "civil_defence.unit RF-1", 1.95, 2.0),),
    ),
    Fault(
        "D02",
        "防护单元 RF-2 漏测次要出入口",
        (drop("civil_defence.entrance RF-2-E2"),),
        (Finds("CDF-S03", "civil_defence.unit RF-2", 1, 2),),
    ),
    Fault(
        "D03",
        "人防车位 C020 的防护单元号写成不存在的 RF-9",
        (change("civil_defence.parking C020", unit_no="RF-9"),),
        (Finds("CDF-A21", "civil_defence.parking C020", "RF-9"),),
    ),
    Fault(
        "D04",
        "防护单元 RF-3 的抗力级别与批准不符",
        (change("civil_defence.unit RF-3", grade="核5常5"),),
        (Finds("CDF-S06", "civil_defence.unit RF-3", "核5常5", "核6常6"),),
    ),
    Fault(
        "D05",
        "防护单元 RF-1 的战时功能与批准不符，面积也超过这种功能的上限",
        (change("civil_defence.unit RF-1", wartime_use="医疗救护"),),
        (
            Finds("CDF-S05", "civil_defence.unit RF-1", "医疗救护", "二等人员掩蔽"),
            Finds("CDF-S04", "civil_defence.unit RF-1", 1224.0, 1000.0),  # 34 × 36
        ),
    ),
    Fault(
        "D06",
        "人防车位 C003 的防护单元号写成 RF-2，实在 RF-1 内",
        (change("civil_defence.parking C003", unit_no="RF-2"),),
        (
            Finds("CDF-T06", "civil_defence.parking C003", math.hypot(21, 10), 0),  # (27, 44) to the corner (48, 54)
        ),
    ),
    Fault(
        "D07",
        "功能区 RF-1-3 向东多绘 0.5 m，与掩蔽区重叠，合计随之大于单元",
        (draw("civil_defence.zone RF-1-3", rect(14, 48, 18.5, 64)),),
        (
            Finds("CDF-T03", "civil_defence.zone RF-1-1", 8.0, 0, "civil_defence.zone RF-1-3"),  # 0.5 × 16
            Finds("CDF-S01", "civil_defence.unit RF-1", 1232.0, 1224.0),
        ),
    ),
    Fault(
        "D08",
        "功能区 RF-2-4 少绘 0.5 m，单元内留空，合计随之小于单元",
        (draw("civil_defence.zone RF-2-4", rect(78, 68, 82, 73.5)),),
        (
            Finds("CDF-T05", "civil_defence.unit RF-2", 2.0, 0),  # 4 × 0.5
            Finds("CDF-S01", "civil_defence.unit RF-2", 678.0, 680.0),
        ),
    ),
    Fault(
        "D09",
        "功能区 RF-2-5 的类别写成“外通道”",
        (change("civil_defence.zone RF-2-5", kind="外通道"),),
        (Finds("CDF-A13", "civil_defence.zone RF-2-5", "外通道", severity="warning"),),
    ),
    Fault(
        "D10",
        "功能区 RF-2-5 的防护单元号写成不存在的 RF-4",
        (change("civil_defence.zone RF-2-5", unit_no="RF-4"),),
        (Finds("CDF-A19", "civil_defence.zone RF-2-5", "RF-4"),),
    ),
    Fault("D11", "批准人防车位 60 个，实有 56 个", (permit("人防车位", "60"),), (Finds("CDF-M04", None, 56, 60),)),
    Fault(
        "D12",
        "人防工程轮廓在 RF-1 北侧少绘 0.4 m",
        (redraw("civil_defence.works RF-2026-017", {(14, 74): [(14, 73.6), (48, 73.6), (48, 74)]}),),
        (
            Finds("CDF-T02", "civil_defence.unit RF-1", 13.6, 0, "civil_defence.works RF-2026-017"),  # 34 × 0.4
        ),
    ),
]
