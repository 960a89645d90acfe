"""Fixtures: tools beyond Python, the larger public files beside the repository, one run of the sample for all."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests import factories_whole
    from tests.reading_forms import Rows

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
REQUIRED = os.environ.get("DUOCE_REQUIRE_TOOLS") == "1"

# a busy machine is no fault: no example and no generator is judged by its time; in CI the same examples every time
settings.register_profile("duoce", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=REQUIRED)
settings.load_profile("duoce")


def _tool(*names: str) -> str:
    """The path of the first tool that is there; else the test skips, or fails where tools are required (CI)."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    reason = f"this test needs {' or '.join(names)}, which is not installed"
    if REQUIRED:
        pytest.fail(f"{reason} (DUOCE_REQUIRE_TOOLS=1)")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def soffice() -> str:
    return _tool("soffice", "libreoffice")


@pytest.fixture(scope="session")
def pdftotext() -> str:
    return _tool("pdftotext")


@pytest.fixture(scope="session")
def pdffonts() -> str:
    return _tool("pdffonts")


@pytest.fixture(scope="session")
def chromium() -> str:
    return _tool("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of larger public files beside the repository; tests that use it skip without it."""
    if not (SHARED / "data").is_dir() or not (SHARED / "reference").is_dir():
        pytest.skip("the larger public files are not beside this repository")
    return SHARED


@pytest.fixture(scope="session")
def samples() -> Path:
    return ROOT / "samples"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the delivery of the clean sample to tamper with, as a folder."""
    from tests import factories_delivery

    return factories_delivery.tampered(tmp_path)


@pytest.fixture(scope="session")
def made() -> factories_whole.Whole:
    """The report of the clean sample in all its forms, and what it was made from."""
    from tests import factories_whole

    return factories_whole.whole()


@pytest.fixture(scope="session")
def docx_tables() -> list[Rows]:
    from tests import factories_whole

    return factories_whole.docx_tables()


@pytest.fixture(scope="session")
def html_tables() -> list[Rows]:
    from tests import factories_whole

    return factories_whole.html_tables()


@pytest.fixture(scope="session")
def pdf_pages(pdftotext) -> list[str]:
    from tests import factories_whole

    return factories_whole.pdf_pages(pdftotext)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where tools are required, a test marked as needing one may not skip, whatever its own reason."""
    report = yield
    needs = [name for name in ("needs_office", "needs_chromium") if item.get_closest_marker(name)]
    if REQUIRED and needs and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped though {needs[0]} and DUOCE_REQUIRE_TOOLS=1: {call.excinfo and call.excinfo.value}"
    return report


def pytest_terminal_summary(terminalreporter):
    """What tests counted with `record_property` (mutated inputs, breaches of the law), added up over all processes."""
    reports = [r for group in ("passed", "failed") for r in terminalreporter.getreports(group) if r.when == "call"]
    totals = Counter()
    for name, value in (pair for report in reports for pair in report.user_properties):
        totals[name] += value
    if totals:
        terminalreporter.section("damaged inputs")
        for name, total in sorted(totals.items()):
            terminalreporter.write_line(f"{name}: {total}")
