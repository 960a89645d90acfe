"""`waivers.yaml`: recorded answers to findings, and what a reviewer found by hand. A waiver never deletes a finding.

It names the finding by rule and fingerprint or feature, with reason, person, date and, if it ends, the last day. What is
wrong with the record itself (it matches nothing, it has ended, nobody signed it, the rule may not be waived) is a finding.
"""

from pipeline.waivers.entering import KINDS, entered
from pipeline.waivers.records import NAME, ManualFinding, Record, Waiver, ledger_entries, read_record

__all__ = ["KINDS", "NAME", "ManualFinding", "Record", "Waiver", "entered", "ledger_entries", "read_record"]
