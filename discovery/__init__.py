"""Guanlian: which clients of a bank belong together, under the bank's own measures, with proof."""
