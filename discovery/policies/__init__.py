"""Policies as data: the rule vocabulary, the shipped files, the loader."""

from discovery.policies.cited import Groupless
from discovery.policies.loader import load_measures, load_policy, measure_slugs, policy_slugs
from discovery.policies.model import Policy

__all__ = ["Groupless", "Policy", "load_measures", "load_policy", "measure_slugs", "policy_slugs"]
