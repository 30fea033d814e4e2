"""How well and how fast names are compared, linked and searched; `python -m benchmarks.names --help`."""
