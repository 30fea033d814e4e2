"""The tables of the rule reference as tests: facts, policies and outcomes in the tables' own notation.

`given` writes the facts of a table as a package, `engine` asks for the groups, `cells` compares the
answer with a cell. A policy joins by being added to `cells.AVAILABLE`: its cells are mostly there.
"""
