"""What every chapter needs: the merged result, the template, and the words that belong to both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.model import Finding, ProjectReport, SurveyResult
from pipeline.report.cells import coded, finding_numbers, text
from pipeline.report.model import Heading, Paragraph
from pipeline.report.template import Template
from pipeline.scalars import missing
from pipeline.standard import RuleSpec, Standard

Row = dict[str, str]


@dataclass(frozen=True)
class Context:
    """result: what is reported; template: how. Read only."""

    result: ProjectReport
    template: Template

    # ------------------------------------------------------------ words

    def text(self, value: Any, decimals: int | None = None) -> str:
        return text(value, missing=self.template.missing, decimals=decimals)

    def coded(self, value: Any, codes: dict[str, str] | None) -> str:
        return coded(value, codes, missing=self.template.missing)

    def word(self, kind: str, value: object) -> str:
        return self.template.word(kind, value)

    def heading(self, key: str, *, level: int = 2) -> Heading:
        return Heading(self.template.say(key), level)

    def say(self, key: str, style: str = "body", **slots: object) -> Paragraph:
        return Paragraph(self.template.say(key, **slots), style)

    def date(self, value: Any) -> str:
        """The "2026年9月18日"; words that are no date as they are."""
        if all(hasattr(value, part) for part in ("year", "month", "day")):
            return self.template.say("date", year=value.year, month=value.month, day=value.day)
        return self.text(value)

    def building(self, name: str | None) -> str:
        """The "1幢" for a plain building number, other names as they are, 全项目 for None."""
        if name is None:
            return self.template.whole
        return self.template.say("building", name=name) if name.isascii() else name

    # ------------------------------------------------------------ standards

    @cached_property
    def surveys(self) -> tuple[SurveyResult, ...]:
        """Commissioned surveys in chapter order."""
        return tuple(sorted(self.result.surveys, key=lambda s: (self.order(s.survey), s.survey)))

    def standard(self, survey: str | None) -> Standard | None:
        found = self.result.standards.surveys.get(survey)
        return found if isinstance(found, Standard) else None

    def order(self, survey: str) -> int:
        standard = self.standard(survey)
        return standard.order if standard else 0

    def label(self, survey: str | None) -> str:
        standard = self.standard(survey)
        return standard.label if standard else self.text(survey)

    def layer(self, survey: str | None, layer: str | None) -> str:
        """The Chinese name of a canonical layer; a source layer's name as it is."""
        standard = self.standard(survey)
        name = (layer or "").rpartition(".")[2]
        return standard.layers[name].label if standard and name in standard.layers else self.text(layer)

    @cached_property
    def rules(self) -> dict[str, RuleSpec]:
        return {rule.id: rule for standard in self.result.standards.surveys.values() for rule in standard.rules}

    # ------------------------------------------------------------ facts

    @cached_property
    def slots(self) -> Row:
        """The words a template may use in {…}."""
        file, result = self.result.project, self.result
        project, firm, permit = file.project, file.firm, file.permit
        labels = [self.label(s.survey) for s in self.surveys]
        lines = [firm.certificate, firm.certificate_grade]
        return {
            "title": self.template.title,
            "name": self.text(project.name),
            "code": self.text(project.code),
            "address": self.text(project.address),
            "county_code": self.text(project.county_code),
            "client": self.text(project.client),
            "purpose": self.text(project.purpose),
            "date": self.date(project.date),
            "year": self.text(getattr(project.date, "year", "")),
            "permit_number": self.text(permit.number),
            "permit_date": self.date(permit.date),
            "permit_by": self.text(permit.approved_by),
            "firm": self.text(firm.name),
            "certificate": self.text(firm.certificate),
            "grade": self.text(firm.certificate_grade),
            "certificate_line": "　".join(str(part) for part in lines if not missing(part)),
            "surveys": "、".join(labels),
            "survey_count": str(len(labels)),
            "profile": result.standards.profile.label,
            "edition": result.standards.profile.edition,
        }

    def object_of(self, finding: Finding) -> str:
        """What a finding is about: business ids or, without one, the features; both of a pair."""
        ids = [finding.business_id or finding.feature, finding.other_feature]
        return "、".join(str(i) for i in ids if not missing(i))

    def finding_numbers(self, finding: Finding) -> Row:
        """What was measured and required, and the tolerance, with the decimals of their unit."""
        shown = finding_numbers(finding, missing=self.template.missing)
        return dict(zip(("measured", "required", "tolerance"), shown, strict=True))
