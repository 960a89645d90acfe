"""The project.yaml of the sample, with the comments a surveyor would leave."""

from __future__ import annotations

from generator import green, site
from generator.frame import PROJECT_CRS
from generator.write_project import PERMIT_DATE, PERMIT_NUMBER

TEMPLATE = """\
# 滨江雅苑 竣工“多测合一”任务书（示例项目，单位、人员、证号、坐标均为虚构）
# 运行：duoce run 本文件夹 -o 输出文件夹

project:
  code: {code}
  name: {name}
  address: {address}
  county_code: "500105"             # 江北区
  client: {client}
  purpose: 竣工验收多测合一
  date: 2026-09-18

firm:
  name: 重庆两江经纬测绘有限公司
  certificate: 甲测资字50999999
  certificate_grade: 甲级

people:
  - {{role: 项目负责, name: 程远舟, certificate: 注册测绘师 265009999}}
  - {{role: 检查, name: 罗一鸣}}
  - {{role: 审核, name: 沈若兰, certificate: 注册测绘师 265009998}}

instruments:
  - {{name: GNSS接收机, model: RTK-8, serial: G2308117, use: 控制测量, valid_until: 2027-03-14}}
  - {{name: 全站仪, model: TS-2, serial: T2100542, use: 界址点、建筑角点、房角点, valid_until: 2027-01-22}}
  - {{name: 电子水准仪, model: DL-07, serial: L1907733, use: 高程, valid_until: 2027-01-22}}
  - {{name: 手持测距仪, model: D-510, serial: D2244108, use: 房产边长、净高, valid_until: 2026-12-05}}

# 106.5°E 是 3 度带 35、36 带的分界，本区到两带中央子午线约 145 km，每公里变形约 25 cm，
# 因此用中央子午线 106.5° 的工程独立坐标系；房产成果按登记系统要求以 EPSG:4545 提交，读入时转换。
crs:
  definition: "{crs}"
  name: 滨江雅苑工程独立坐标系（中央子午线106.5°）
height_datum: 1985国家高程基准

profile: chongqing

# 重庆未公布的数值，由本项目的批准文件给定；报告逐条列出。
overrides:
  - key: green.soil_factor          # 下限（含）、上限（不含）、系数
    bins: {soil}
    source: 滨江雅苑绿地方案批复附表一（虚构）
    certainty: practice
    reason: 覆土厚度系数由本项目绿地方案批复给定
  - key: green.roof_factor
    bins: {roof}
    source: 滨江雅苑绿地方案批复附表二（虚构）
    certainty: practice
    reason: 屋面高度系数由本项目绿地方案批复给定
  - key: green.category_factor
    values: {category}
    source: 滨江雅苑绿地方案批复附表三（虚构）
    certainty: practice
    reason: 垂直绿化、停车场绿化的系数由本项目绿地方案批复给定
  - key: green.land_use
    choice: 居住                     # 居住、拆除重建更新、公共管理与公共服务、其他：适用的法定绿地率下限
    source: 建设工程规划许可证附图（虚构）
    certainty: practice
    reason: 许可的用地性质为居住用地
  - key: civil_defence.connecting_area
    choice: not_counted               # counted 计入，not_counted 不计入
    source: 滨江雅苑防空地下室审查批复（虚构）
    certainty: practice
    reason: 批复写明互联互通面积单列，不计入人防建筑面积
  - key: planning.corner_limit_m
    value: 0.10
    source: 滨江雅苑测绘技术设计书（虚构）
    certainty: practice
    reason: 重庆未公布，技术设计书参照浙江省竣工测量通行限差约定
  - key: planning.setback_limit_m
    value: 0.10
    source: 滨江雅苑测绘技术设计书（虚构）
    certainty: practice
    reason: 重庆未公布，技术设计书参照浙江省竣工测量通行限差约定
  - key: planning.zero_level_limit_m
    value: 0.09
    source: 滨江雅苑测绘技术设计书（虚构）
    certainty: practice
    reason: 重庆未公布，技术设计书参照浙江省竣工测量通行限差约定
  - key: planning.height_limit_m
    value: 0.10
    source: 滨江雅苑测绘技术设计书（虚构）
    certainty: practice
    reason: 重庆未公布，技术设计书参照浙江省竣工测量通行限差约定

permit:
  file: permit.xlsx
  number: {permit_number}
  date: {permit_date}                  # 早于 2023-03-01，规划建筑面积按 GB/T 50353-2013
  approved_by: 重庆市江北区规划和自然资源局

control_points: control.csv         # 点号,X（北）,Y（东）,H,等级

surveys:
  planning:
    files: [planning/规划核实.dxf]
    surveyed: 2026-08-20
  green:
    files: [green/绿地核实.dxf]
    surveyed: 2026-08-25
  civil_defence:
    files: [civil_defence/人防工程.dxf]
    surveyed: 2026-08-22
  cadastral:
    files: [cadastral/地籍.dxf]
    surveyed: 2026-08-12
  property:                         # 自然幢、层、户、共有部位（含半外墙）、阳台、检查边
    files: [property/ZRZ.shp, property/C.shp, property/H.shp, property/GYBW.shp, property/YT.shp,
            property/JCB.shp]
    surveyed: 2026-08-28
    crs: "EPSG:4545"
"""


def project_yaml() -> str:
    """The whole file."""
    return TEMPLATE.format(
        code=site.PROJECT_CODE,
        name=site.PROJECT_NAME,
        address=site.ADDRESS,
        client=site.DEVELOPER,
        crs=PROJECT_CRS,
        soil=_bins(green.SOIL_BINS),
        roof=_bins(green.ROOF_BINS),
        category="{" + ", ".join(f"{key}: {value}" for key, value in green.CATEGORY.items()) + "}",
        permit_number=PERMIT_NUMBER,
        permit_date=PERMIT_DATE,
    )


def _bins(bins: tuple[tuple[float, float | None, str], ...]) -> str:
    rows = (f"[{low}, {'null' if high is None else high}, {factor}]" for low, high, factor in bins)
    return "[" + ", ".join(rows) + "]"
