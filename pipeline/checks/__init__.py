"""The vocabulary of checks: what a rule's `check:` may name."""

# NOTE (lead): temporary collector while modules are being written; becomes an explicit table at integration.
# Every public function of these modules that returns CheckResult is a check.
from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable

from pipeline.model import CheckResult

CHECKS: dict[str, Callable[..., CheckResult]] = {}
for _name in ("attributes", "boundary", "crosswise", "distances", "geometry", "intake", "links", "permit", "sums", "topology"):
    try:
        _module = importlib.import_module(f"pipeline.checks.{_name}")
    except ModuleNotFoundError as err:
        if err.name != f"pipeline.checks.{_name}":
            raise
        continue
    for _key, _function in inspect.getmembers(_module, inspect.isfunction):
        if not _key.startswith("_") and _function.__module__ == _module.__name__ and "CheckResult" in str(
            inspect.signature(_function).return_annotation
        ):
            CHECKS[_key] = _function
