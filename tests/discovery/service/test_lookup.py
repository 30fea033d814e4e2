"""A party found in memory is the one that the command line finds."""

from __future__ import annotations

from datetime import date

import pytest

from discovery.errors import UnknownParty
from discovery.facts.graph import fact_graph
from discovery.facts.package import facts_from_rows
from discovery.service.lookup import party_card, party_number
from discovery.service.parties import AmbiguousParty, resolve_party

FACTS = facts_from_rows(
    {
        "parties": [
            {"id": "A", "name": "甲", "client_no": "B", "uscc": "91310000MA1K0HYA1Q", "source": "core"},
            {"id": "B", "name": "乙", "client_no": "7", "lei": "5299000J2N45DDNE4Y28", "source": "registry"},
            {"id": "x/y", "name": "丙", "client_no": "7"},
            {"id": "Li", "kind": "natural_person", "name": "李", "id_number": "330106197001011038"},
        ]
    },
    source="given",
)
GRAPH = fact_graph(FACTS, date(2026, 6, 30))


@pytest.mark.parametrize(
    "text",
    ["A", "B", "x/y", "core/A", "registry/B", "given/x/y", "91310000ma1k0hya1q", " 5299000J2N45DDNE4Y28 "],
)
def test_both_ways_of_looking_agree(text: str):
    """Id before record key before client number, USCC and LEI; letters of codes in any case."""
    assert resolve_party(FACTS, text) == GRAPH.parties.ids[party_number(GRAPH, text)]


def test_both_ways_refuse_alike():
    """One client number of two parties is no answer, nor is what nobody has."""
    for text, error in (("7", AmbiguousParty), ("nobody", UnknownParty), ("", UnknownParty)):
        with pytest.raises(error):
            party_number(GRAPH, text)
        with pytest.raises(error):
            resolve_party(FACTS, text)


def test_a_card_has_no_clear_number_and_no_contact_data():
    """Of a person's number the ends are shown; phone, address and birth date are not there at all."""
    card = party_card(GRAPH, party_number(GRAPH, "Li"))

    assert "330*************38" == card["id_number_masked"]
    assert card.keys().isdisjoint({"id_number", "phone", "email", "address", "birth_date"})
