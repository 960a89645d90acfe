"""Why a shapefile is handed over to the library: never a partial result, always a reason."""

from __future__ import annotations


class HandOverError(Exception):
    """The fast way does not understand this shapefile; the words say why, in Chinese, for the ledger."""
