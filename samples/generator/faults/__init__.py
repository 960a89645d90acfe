"""Planted faults as data: one table a subject, and what plants them."""
