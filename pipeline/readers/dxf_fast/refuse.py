"""Why a drawing is handed over to the reference reader: never a partial result, always a reason."""

from __future__ import annotations


class HandOverError(Exception):
    """The fast way does not understand this drawing; the words say why, in Chinese, for the ledger."""
