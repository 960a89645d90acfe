"""`duoce init`: a commented project.yaml and a folder per survey, to be filled."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import InputError
from pipeline.projectfile import NAME
from pipeline.standard import SCHEMAS, load_standards

TEMPLATE = SCHEMAS / "report" / "project_template.yaml"


def scaffold(folder: Path) -> list[Path]:
    """Create `folder` with project.yaml and one folder per survey; nothing that exists is overwritten.

    Errors: InputError when there is a project.yaml already.
    """
    target = folder / NAME
    if target.exists():
        raise InputError(f"{target} 已存在，不会覆盖；请换一个文件夹或先移走它")
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(TEMPLATE.read_text("utf-8"), "utf-8")
    surveys = [s for s in load_standards().surveys.values() if s.order > 0]
    folders = [folder / s.survey for s in surveys]
    for path in folders:
        path.mkdir(exist_ok=True)
    return [target, *folders]
