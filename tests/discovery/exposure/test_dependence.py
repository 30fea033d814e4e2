"""Sets of economic dependence are shown with the groups whose members stand in them."""

from __future__ import annotations


def test_dependent_sets_are_named(administered):
    """Under measures that draw such sets a group names those of its members; under others it names none."""
    rows = {
        "parties": [{"id": "D", "kind": "enterprise_legal_person", "name": "D", "client_no": "D"}],
        "powers": [{"holder": "D", "company": "B", "kind": "economic_dependence"}],
    }

    (with_sets,) = administered(rows, "basel-lex10")
    (without,) = administered(rows)

    assert 1 == len(with_sets["dependent_sets"])
    assert [] == without["dependent_sets"]
