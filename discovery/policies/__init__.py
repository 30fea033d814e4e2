"""Policies as data: the rule vocabulary, the shipped files, the loader."""

from discovery.policies.loader import load_policy, policy_slugs
from discovery.policies.model import Policy

__all__ = ["Policy", "load_policy", "policy_slugs"]
