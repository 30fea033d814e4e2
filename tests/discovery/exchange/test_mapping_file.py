"""Mappings are checked before a row is read; complaints name file, key and what is allowed."""

from __future__ import annotations

import pytest

from discovery.errors import BadInput
from discovery.exchange.mapping_file import load_mapping, shipped_mappings

START = "mapping: 1\nsource: s\n"


@pytest.mark.parametrize("name", shipped_mappings())
def test_every_shipped_mapping_is_sound(name):
    """Whoever uses it meets no complaint about the mapping itself."""
    assert load_mapping(name).files


def test_the_shipped_mappings():
    """The four sources that the project knows how to read."""
    assert ["a-share", "gleif", "idx", "nic"] == shipped_mappings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source: s\n", "mapping"),
        (START + "facts: [{holdings: {}}]\n", "holding, office"),
        (START + "facts: [{holding: {holder: a}}]\n", "needs company"),
        (START + "facts: [{holding: {holder: a, company: b, percent: c}}]\n", "equity_percent"),
        (START + "partis: {}\n", "partis: this key is not known here"),
        (START + "parties: {a: {nam: x, id: y}}\n", "unknown 'nam'"),
        (START + "parties: {a: {name: x}}\n", "by: name"),
        (START + "parties: {a: {by: nme, name: x}}\n", "'id' or 'name'"),
        (START + "values: {a: {from: x, as: percnt}}\n", "'party_kind'"),
        (START + "values: {a: {from: x, match: [{pattern: '(', to: y}]}}\n", "regular expression"),
        (START + "values: {a: {from: x, value: y}}\n", "exactly one of"),
        (START + "values: {a: {from: x, match: [{pattern: '(a)', to: '\\2'}]}}\n", "does not fit"),
        (START + "values: {a: {from: x, replace: [{pattern: '(a)', with: '\\g<b>'}]}}\n", "does not fit"),
        (START + "split: {from: a, by: '(;)', name: b}\n", "may have no group"),
        (START + "where: [{field: x, above: much}]\n", "is no number"),
        (START + "values: {a: {from: x, otherwise: keep}}\n", "beside `map`"),
        (START + "where: [{field: x}]\n", "exactly one test"),
        (START + "where: [{field: $y, empty: true}]\n", "$y is not a name"),
        (START + "facts: [{holding: {holder: $a, company: b}}]\n", "$a is not a name"),
        (START + "parties: {a: {by: name, name: x, of: $b}}\n", "$b is not a name"),
        (START + "format: json\nvalues: {a: 'x['}\n", "no JMESPath"),
        (START + "common: {holder: x}\n", "`common` allows"),
        (START + "values: {a: x}\nparties: {a: {id: y}}\n", "names a value and a party"),
        (START + "source: t\n", "key given twice: source"),
        ("- a\n", "is no mapping"),
        ("a: [\n", "is no YAML"),
        (START + "a: !!python/object/apply:os.system [ls]\n", "m.yaml"),
    ],
)
def test_a_wrong_mapping_is_told_what_is_wrong(write, text, said):
    """The file, the key and the allowed values are in the message, and there is a remedy."""
    with pytest.raises(BadInput) as error:
        load_mapping(write("m.yaml", text))

    assert said in str(error.value) + error.value.remedy
    assert "m.yaml" in str(error.value)
    assert error.value.remedy


def test_an_unknown_mapping_names_those_that_are_shipped(tmp_path):
    """A misspelt name is answered with the names there are."""
    with pytest.raises(BadInput) as error:
        load_mapping("gleiv")

    assert "gleif" in error.value.remedy


def test_every_scalar_is_text(write):
    """007, no and 99991231 stay as written, so no code of a source is lost to YAML."""
    path = write("m.yaml", START + "values: {a: {from: x, map: {007: no, no: off}, open: [99991231]}}\n")

    value = load_mapping(path).files[0].values["a"]

    assert {"007": "no", "no": "off"} == value.map
    assert frozenset({"99991231"}) == value.open
