"""A record of answers to findings in which every entry but the last is wrong, and a reviewer's remarks."""

RECORD = """\
# 对问题的答复（waivers）和检查人员的记录（manual）；除最后一条外都有差错。
waivers:
  - {rule: GRN-T01, feature: G99, reason: 设计如此, who: 沈若兰, date: 2026-09-01}
  - {rule: GRN-A04, feature: G22, reason: 补测中, who: 沈若兰, date: 2026-09-01, until: 2026-09-10}
  - {rule: GRN-A05, feature: G32, reason: 补测中, who: "", date: 2026-09-01}
  - {rule: PRJ-I01, feature: G01, reason: 另行提交, who: 沈若兰, date: 2026-09-01}
  - {rule: GRN-A07, feature: G02, reason: 图层名笔误, who: 罗一鸣, date: 2026-09-01}
  - {rule: GRN-A12, feature: G50, reason: 补测中, who: 沈若兰, date: 2026-10-08}
  - {rule: GRN-A07, feature: G02, reason: 图层名笔误, who: 沈若兰, date: 2026-09-02}
manual:
  - {severity: error, sentence: 现场没有这块绿地, who: 罗一鸣, date: 2026-09-03, feature: G01}
  - {severity: warning, sentence: 现场边界与图形略有出入, who: 罗一鸣, date: 2026-09-03, feature: G22}
  - {severity: info, sentence: 乔木尚未栽植, who: 罗一鸣, date: 2026-09-03, feature: G23}
  - {severity: info, sentence: 树池未绘, who: 罗一鸣, date: 2026-09-03, feature: G77}
"""
