"""The bureau's side: a delivery opened without trust, recomputed from its inputs, and compared with what it claims."""

from pipeline.delivery.check.examining import check_delivery
from pipeline.delivery.check.judging import BureauVerdict, Review

__all__ = ["BureauVerdict", "Review", "check_delivery"]
