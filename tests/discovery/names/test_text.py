"""The one form names are compared in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.names import regions
from discovery.names.text import fold


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("　ＡＢＣ（上海）　有限公司", "abc(上海)有限公司"),
        ("重慶三峽", "重庆三峡"),
        ("Société  Générale", "societe generale"),
        ("王\u200b伟\u0007", "王伟"),
        ("王😀伟", "王伟"),
        ("O’Brien", "o'brien"),
        ("【华恒】", "(华恒)"),
        ("\x00", ""),
        ("——", ""),
    ],
)
def test_width_script_case_and_marks_fold_away(name, folded):
    """Brackets of all kinds are one, invisible marks and pictures are nothing."""
    assert folded == fold(name)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text):
    """The folded form is its own folded form."""
    assert fold(text) == fold(fold(text))


@settings(deadline=None)
@given(st.text(max_size=40))
def test_composed_and_decomposed_text_fold_alike(text):
    """NFC and NFD are the same name."""
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


def test_places_nest_by_their_codes():
    """深圳 lies in 广东 and not in 广西; a place not known excludes nothing."""
    code = {name: regions.leading_place(name)[1] for name in ("深圳市", "广东", "广西", "内蒙古")}

    assert regions.compatible(code["深圳市"], code["广东"])
    assert not regions.compatible(code["深圳市"], code["广西"])
    assert regions.compatible("", code["内蒙古"])
