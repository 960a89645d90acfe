"""Moved to `pipeline.rounding`."""

from pipeline.rounding import NOTHING, half_up, printed

__all__ = ["NOTHING", "half_up", "printed"]
