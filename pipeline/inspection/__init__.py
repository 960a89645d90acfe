"""What is in one input file, without any project: `duoce inspect`."""

from pipeline.inspection.facts import inspect_file
from pipeline.inspection.proposal import propose
from pipeline.inspection.text import render

__all__ = ["inspect_file", "propose", "render"]
