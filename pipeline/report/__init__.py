"""The report: one model built from the merged result, several writers that say the same."""
