"""Editions of the standards: a name and a date; what was published stays as it was and stays runnable.

The working `schemas/` are the current edition. Older ones stand beside them as archives, `schemas/editions/‹name›.zip`,
without cases and without what belongs to the program (report forms, JSON Schemas, documents).
"""

from pipeline.editions.archive import FOLDER, current, edition_of, freeze, known, packages, schemas_of
from pipeline.editions.lending import with_rules_for

__all__ = ["FOLDER", "current", "edition_of", "freeze", "known", "packages", "schemas_of", "with_rules_for"]
