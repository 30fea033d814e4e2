"""Relations of kinship and the scopes that rules draw around a person (policies.md B2, B3)."""

from __future__ import annotations

from typing import Final, NamedTuple


class Relation(NamedTuple):
    """One relation, seen from the anchor: `relative` is the anchor's `name`."""

    name: str
    zh: str
    en: str


RELATIONS: Final = (
    Relation("spouse", "配偶", "spouse"),
    Relation("parent", "父母", "parent"),
    Relation("child", "子女", "child"),
    Relation("step_parent", "有抚养关系的继父母", "step-parent who brought the person up"),
    Relation("step_child", "有抚养关系的继子女", "step-child brought up by the person"),
    Relation("grandparent", "祖父母/外祖父母", "grandparent"),
    Relation("grandchild", "孙子女/外孙子女", "grandchild"),
    Relation("sibling", "兄弟姐妹", "brother or sister"),
    Relation("great_grandparent", "曾祖父母", "great-grandparent"),
    Relation("great_grandchild", "曾孙子女", "great-grandchild"),
    Relation("parent_sibling", "伯叔姑舅姨", "uncle or aunt"),
    Relation("sibling_child", "侄/甥", "nephew or niece"),
    Relation("cousin", "堂/表兄弟姐妹", "first cousin"),
    Relation("spouse_parent", "岳父母/公婆", "spouse's parent"),
    Relation("child_spouse", "儿媳/女婿", "child's spouse"),
    Relation("spouse_grandparent", "配偶的祖父母/外祖父母", "spouse's grandparent"),
    Relation("grandchild_spouse", "孙子女的配偶", "grandchild's spouse"),
    Relation("sibling_spouse", "兄弟姐妹的配偶", "sibling's spouse"),
    Relation("spouse_sibling", "配偶的兄弟姐妹", "spouse's sibling"),
    Relation("spouse_sibling_spouse", "连襟/妯娌", "spouse's sibling's spouse"),
    Relation("child_spouse_parent", "亲家", "child's spouse's parent"),
)

RELATION_NAMES: Final = tuple(relation.name for relation in RELATIONS)
CODE: Final = {name: code for code, name in enumerate(RELATION_NAMES)}

_LINEAL3 = ("parent", "child", "step_parent", "step_child", "grandparent", "grandchild")
_COLLATERAL_IN_LAWS = ("sibling_spouse", "spouse_sibling")
_LINEAL_IN_LAWS = ("spouse_parent", "child_spouse", "spouse_grandparent", "grandchild_spouse")
_STATUTORY = ("spouse", *_LINEAL3, "sibling")

SCOPES: Final[dict[str, tuple[str, ...]]] = {
    "none": (),
    "core": ("spouse", "parent", "child", "step_parent", "step_child", "sibling"),
    "statutory": _STATUTORY,
    "affinity": (*_STATUTORY, *_LINEAL_IN_LAWS, *_COLLATERAL_IN_LAWS),
    "collateral_affinity": (*_STATUTORY, *_COLLATERAL_IN_LAWS),
    "family_member": ("spouse", "parent", "child", "step_parent", "step_child"),
    "all": RELATION_NAMES,
}
