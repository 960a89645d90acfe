"""Where the data that come with the program stand."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).parent
#: the schemas folder shipped in the wheel, or the one beside the package in a checkout
SCHEMAS = next((p for p in (_ROOT / "schemas", _ROOT.parent / "schemas") if p.is_dir()), _ROOT / "schemas")
#: rules on deliveries: of the program, not of an edition
EXAMINATION = SCHEMAS / "delivery" / "check"
