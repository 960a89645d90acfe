"""Rules whose fault cannot be planted in any sample project: why, and which tests hold them instead."""

from __future__ import annotations

#: rule → (tests that make such a fault, reason)
UNPLANTABLE: dict[str, tuple[str, str]] = {
    "PRJ-I37": (
        "test_isolation.py",
        "读取程序中断只出自所用程序库的缺陷，没有已知的文件能使它中断；由隔离的测试用有意中断的读取程序检验",
    )
}
