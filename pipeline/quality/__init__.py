"""The quality of a result as GB/T 24356-2023 reckons it: scores, grades, sampling for acceptance."""
