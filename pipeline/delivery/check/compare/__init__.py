"""What differs between a delivered file and the recomputed one: named by place, with both values."""
