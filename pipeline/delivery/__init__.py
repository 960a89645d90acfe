"""The delivery package: what a firm hands in, and the bureau's independent check of one."""

from pipeline.delivery.writing import write_delivery

__all__ = ["write_delivery"]
