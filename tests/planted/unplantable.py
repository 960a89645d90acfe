"""Rules whose fault cannot be planted in frames: why, and which tests hold them instead.

Rules of the intake speak of damaged or strange files, before there is any frame. What a reader notices is a note of some
kind, which the rule of that kind reports; the tests named here make such files and expect that note.
"""

from __future__ import annotations

FILES = "输入文件本身的毛病，读入后即无从设置；由读取、测绘坐标和隔离的测试用真实损坏的文件检验"

#: rule → (tests that make such files, reason)
UNPLANTABLE: dict[str, tuple[str, str]] = {
    "PRJ-I05": ("test_readers_shapefile_damage.py", FILES),
    "PRJ-I08": ("test_readers_shapefile.py", FILES),
    "PRJ-I09": ("test_readers_dxf_encodings.py", FILES),
    "PRJ-I10": ("test_readers_dxf_encodings.py", FILES),
    "PRJ-I12": ("test_rings.py", FILES),
    "PRJ-I13": ("test_rings.py", FILES),
    "PRJ-I14": ("test_readers_shapefile.py", FILES),
    "PRJ-I15": ("test_readers_dxf_damage.py", FILES),
    "PRJ-I17": ("test_readers_dxf_oddities.py", FILES),
    "PRJ-I21": ("test_crs_project.py", FILES),
    "PRJ-I22": ("test_crs_inputs.py", FILES),
    "PRJ-I23": ("test_crs_project.py", FILES),
    "PRJ-I25": ("test_crs_project.py", FILES),
    "PRJ-I26": ("test_crs_project.py", FILES),
    "PRJ-I27": ("test_crs_inputs.py", FILES),
    "PRJ-I28": ("test_crs_project.py", FILES),
    "PRJ-I30": ("test_readers_blocks.py", FILES),
    "PRJ-I31": ("test_rings.py", FILES),
    "PRJ-I32": ("test_readers_exchange.py", FILES),
    "PRJ-I33": ("test_readers_exchange.py", FILES),
    "PRJ-I34": ("test_readers_exchange.py", FILES),
    "PRJ-I35": ("test_isolation.py", FILES),
    "PRJ-I36": ("test_isolation.py", FILES),
    "PRJ-I37": ("test_isolation.py", FILES),
    "PRJ-I38": ("test_xml_guard.py", FILES),
}
