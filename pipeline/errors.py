"""What can go wrong outside the data: three words, one tree.

Faults *in* the survey data are never exceptions; they are findings (see `model.Finding`).
"""


class PipelineError(Exception):
    """Base of every error this package raises on purpose; its text is Chinese and complete."""


class InputError(PipelineError):
    """The project cannot be run at all: unreadable `project.yaml`, unknown CRS, unsafe package (exit code 2)."""


class StandardError(PipelineError):
    """A standard or profile is wrong; the text names file and key (exit code 2)."""
