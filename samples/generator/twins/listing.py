"""Every further faulty project."""

from __future__ import annotations

from generator.twins import areas, elsewhere, green, incomplete, unreadable
from generator.twins.twin import Twin


def twins() -> list[Twin]:
    """The projects, faults planted, not yet written."""
    return [areas.twin(), green.twin(), incomplete.twin(), elsewhere.twin(), *unreadable.twins()]
