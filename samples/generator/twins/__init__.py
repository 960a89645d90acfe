"""Small further faulty projects, for faults that no other project could bear beside its own."""
