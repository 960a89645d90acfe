"""A small world to be scored: three invented standards and rule runs with as many faults as wanted."""

from dataclasses import replace
from functools import cache

from pipeline.model import Finding, RuleRun
from pipeline.quality.score import score
from pipeline.standard import SCHEMAS, RuleSpec, Standard, Standards, load_profile

LABELS = {"one": "甲", "two": "乙"}
SEVERITY = {"G01": "error", "A01": "warning", "T01": "info", "A02": "error", "I01": "error"}
ELEMENT = {"G01": "空间图形", "A01": "属性表", "T01": "空间图形", "A02": "属性表", "I01": "成果完整性"}
PREFIX = {"one": "ON", "two": "TW", "intake": "IN"}


@cache
def weighted(weights):
    return standards(element_weight={"values": dict(weights)})


@cache
def rule(survey, name):
    return RuleSpec(
        id=f"{PREFIX[survey]}-{name}",
        check="x",
        severity=SEVERITY[name],
        element=ELEMENT[name],
        title="",
        clause="试验",
        certainty="proposal",
        message="",
        since="2026-11",
    )


@cache
def national():
    return load_profile("national")


def standards(**changes):
    """Three small standards under the national profile; changes: score number → what it states otherwise."""
    surveys = {
        name: Standard(
            survey=name,
            label=LABELS.get(name, name),
            short=name,
            order=n,
            edition="t",
            folder=SCHEMAS,
            rules=tuple(rule(name, r) for r in (["I01"] if name == "intake" else ["G01", "A01", "T01", "A02"])),
        )
        for n, name in enumerate(PREFIX)
    }
    overrides = [{"key": f"score.{key}", "reason": "试验", **given} for key, given in changes.items()]
    return Standards(
        surveys=surveys, profile=load_profile("national", overrides=overrides) if overrides else national()
    )


def run(name, found=0, *, survey="one", about=None, outcome=None, reason=None, waived=0):
    spec = rule(survey, name)
    fault = Finding(
        spec.id,
        spec.severity,
        about or survey,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        "试验",
    )
    findings = (fault,) * found + (replace(fault, waiver={"who": "王五"}),) * waived
    how = outcome or ("failed" if findings else "passed")
    return RuleRun(spec.id, survey, how, 1, findings, reason)


def scored(*runs, damaged=None, **changes):
    first, second = score(runs, standards(**changes), labels=LABELS, damaged=damaged or {})
    return first, second


def points(result):
    return {e.element: e.score for e in result.elements}
