"""Names: normalise, compare, find candidates, and say which records are one party."""
