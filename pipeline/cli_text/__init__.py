"""What the command line says, in Chinese and English. Reports and findings are always Chinese."""

from __future__ import annotations

from pipeline.cli_text.en import EN
from pipeline.cli_text.zh import ZH

Texts = dict[str, str]

TEXTS: dict[str, Texts] = {"zh": ZH, "en": EN}

#: what argparse says in English → the text it is replaced by
HEADINGS = (
    ("usage: ", "usage"),
    ("positional arguments:", "arguments"),
    ("options:", "options"),
    ("show this help message and exit", "help"),
)
USAGE_FAULTS = (
    ("the following arguments are required: ", "required"),
    ("invalid choice: ", "choice"),
    ("choose from ", "choose"),
    ("unrecognized arguments: ", "unrecognized"),
    ("expected one argument", "expected"),
    ("not allowed with argument ", "not_together"),
    ("argument ", "argument"),
)

__all__ = ["EN", "HEADINGS", "TEXTS", "USAGE_FAULTS", "ZH", "Texts"]
