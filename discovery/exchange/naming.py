"""Named functions about names: what kind of party a name speaks of, and the ids made from names.

A name is weak evidence. An organisation may be keyed by its name, because registers keep full names
apart; a person never is: the key of a person is the name together with the company it was read at.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Final

SAFE_ID: Final = re.compile(r"[\w.:@+&-]{1,80}")
SLUG_LENGTH: Final = 48
_LONGEST_HAN_PERSON: Final = 4
_FIT_COLUMN: Final = re.compile(r"(?:[\w.:@+&-]{0,80}\n)*")

# Chinese names end with what they are, so the order of these tests is from the surest ending down.
_HAN_TRAILING_BRACKET: Final = re.compile(r"\([^()]*\)$")
_HAN_BRANCH: Final = re.compile(r"(分公司|分行|支行|分店|分厂|办事处|代表处)$")
_HAN_PARTNERSHIP: Final = re.compile(r"合伙企业|有限合伙|普通合伙")
_HAN_COMPANY: Final = re.compile(r"(公司|集团|集團|厂|廠|有限|商店|商行|经营部|企业|企業)$")
_HAN_UNINCORPORATED: Final = re.compile(r"(个体工商户|工作室|经营部|商行|商店)$")
_HAN_POLICY_BANK: Final = re.compile(r"国家开发银行|进出口银行|农业发展银行|人民银行")
_HAN_FINANCE: Final = re.compile(
    r"证券|證券|保险|保險|信托|信託|期货|基金管理|融资租赁|金融租赁|消费金融|汽车金融"
    r"|资产管理(股份)?有限|财务(有限责任|有限)?公司"
)
_HAN_GOVERNMENT: Final = re.compile(
    r"国资委|國資委|国有资产(监督)?管理|国有资本管理办公室|人民政府|人民法院|人民检察院|财政[部厅局]|管委会"
    r"|^中共|党政办公室|街道办事处|(园区|开发区|新区|保税区)管理(委员会|办公室)"
)
_HAN_ORGAN_ENDING: Final = re.compile(
    r"(?<!村民)(?<!居民)委员会$|[厅局廳]$|(省|市|区|县|州|旗|乡|镇)(政府|委)$"
    r"|(省|市|区|县|国务院)[^公司]{0,8}办公室$|^(中华人民共和国|国家).*[部署]$"
)
# what a name of two to four characters must end with to be no person's name
_HAN_SHORT_ORGANISATION: Final = re.compile(
    r"(公司|集团|集團|[厂廠]|企业|大学|学院|医院|政府|委员会|[国國][资資]委|[省市]委|银行|銀行"
    r"|电视台|研究所|研究院|公安局|财政[部厅局])$"
)
_HAN_INSTITUTION: Final = re.compile(
    r"(大学|学院|学校|中学|小学|医院|研究所|研究院|设计院|科学院|电视台|广播电视总台|出版社|报社"
    r"|博物馆|图书馆|中心)$"
)
_HAN_ORGANISATION: Final = re.compile(r"(村民委员会|居民委员会|基金|计划|社团|兵团|[部院所会社行台站])$")
_HAN: Final = re.compile(r"[㐀-鿿豈-﫿]")

_LATIN_GOVERNMENT: Final = re.compile(
    r"\b(republic of|government of|ministry of|pemerintah|kementerian|negara republik|municipality of)\b",
    re.IGNORECASE,
)
_LATIN_PARTNERSHIP: Final = re.compile(
    r"(\b(lp|llp|l\.\s?p\.?|l\.\s?l\.\s?p\.?|limited partnership))$", re.IGNORECASE
)
_LATIN_BANK: Final = re.compile(r"\b(bank|banca|banco|banque)\b", re.IGNORECASE)
_LATIN_FINANCE: Final = re.compile(r"\b(securities|sekuritas|insurance|asuransi|assurance)\b", re.IGNORECASE)
_LATIN_INSTITUTION: Final = re.compile(r"\b(university|universitas|hospital|rumah sakit)\b", re.IGNORECASE)
_LATIN_COMPANY: Final = re.compile(
    r"^(pt|cv|ud|perum|perusahaan|yayasan|koperasi)\b\.?\s"
    r"|[,\s](pt|tbk|persero)\.?\)?$"
    r"|\b(ltd|limited|llc|inc|incorporated|corp|corporation|plc|gmbh|sdn|bhd|berhad|kgaa|s\.?p\.?a"
    r"|pte|pty|company|holdings?|group|enterprises?|industries|international|partners|ventures|capital"
    r"|investments?|funds?|reksa ?dana|dana pensiun|trust|foundation|association|bank|insurance|asuransi"
    r"|securities)\b"
    r"|\bl\.\s?l\.\s?c\b|[\s,]co\.?$|&\s?co\b|\bs\.\s?a\.|\bn\.\s?v\.|\bb\.\s?v\.|\ba\.\s?g\.|\bk\.\s?k\.",
    re.IGNORECASE,
)
_LATIN_LISTED_FORM: Final = re.compile(r"\b(tbk|ltd|limited|plc|n\.?a|inc|corp|ag|pt|sa)\b", re.IGNORECASE)
# Two-letter forms are also syllables of people's names: they count at the end and in capitals only.
_LATIN_SHORT_FORM: Final = re.compile(r"[\s,](SA|AG|NV|BV|AB|AS|SE|KK|KG|OY|SARL|SAS|ASA)$")


@lru_cache(maxsize=50_000)
def party_kind_of_name(name: str) -> str:
    """The party kind that a name shows by its Chinese, Indonesian or English markers.

    "" is an organisation whose kind the name does not tell; a name without any marker is a
    `natural_person`. State organs (国资委, 人民政府, 财政局, 管委会 ...) are `government`, but a company
    that manages state capital stays a company: the ending of the name decides.
    """
    text = " ".join(unicodedata.normalize("NFKC", name).split())
    if not name_key(text):
        return ""
    bare = _HAN_TRAILING_BRACKET.sub("", text).rstrip() or text
    return _kind_of_han(text, bare) if _HAN.match(bare[-1]) else _kind_of_latin(text)


def organisation_kind_of_name(name: str) -> str:
    """The same for a name that is known to be an organisation's: never a `natural_person`, "" instead."""
    kind = party_kind_of_name(name)
    return "" if kind == "natural_person" else kind


def _kind_of_han(text: str, bare: str) -> str:
    if _HAN_PARTNERSHIP.search(text):
        return "partnership"
    if _HAN_GOVERNMENT.search(bare) and not _HAN_COMPANY.search(bare):
        return "government"
    if len(bare) <= _LONGEST_HAN_PERSON and not _HAN_SHORT_ORGANISATION.search(bare):
        return "natural_person"
    tests = (
        (_HAN_BRANCH, "unincorporated"),
        (_HAN_UNINCORPORATED, "unincorporated"),
        (_HAN_COMPANY, "enterprise_legal_person"),
        (_HAN_ORGAN_ENDING, "government"),
        (_HAN_INSTITUTION, "institution_legal_person"),
        (_HAN_ORGANISATION, ""),
    )
    kind = next((found for pattern, found in tests if pattern.search(bare)), None)
    if kind == "enterprise_legal_person":
        return _kind_of_han_company(bare)
    if kind is not None:
        return kind
    # a longer name without any marker is a person's where a middle dot parts it (阿依古丽·买买提)
    return "natural_person" if "·" in bare else ""


def _kind_of_han_company(text: str) -> str:
    if _HAN_POLICY_BANK.search(text):
        return ""
    if re.search(r"(银行|銀行)(股份)?(有限)?(责任|責任)?公司$", text):
        return "commercial_bank"
    return "non_bank_fi" if _HAN_FINANCE.search(text) else "enterprise_legal_person"


def _kind_of_latin(text: str) -> str:
    if _LATIN_GOVERNMENT.search(text):
        return "government"
    if _LATIN_PARTNERSHIP.search(text):
        return "partnership"
    if _LATIN_COMPANY.search(text) or _LATIN_SHORT_FORM.search(text):
        if _LATIN_BANK.search(text) and _LATIN_LISTED_FORM.search(text):
            return "commercial_bank"
        return "non_bank_fi" if _LATIN_FINANCE.search(text) else "enterprise_legal_person"
    return "institution_legal_person" if _LATIN_INSTITUTION.search(text) else "natural_person"


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """The name without what writers vary: width and compatibility forms (NFKC), case, spaces, punctuation.

    Letters and digits stay, `&` and `+` too, and a mark between two digits becomes `-` (`1.1` is not
    `11`). Legal forms stay: `PT Astra` and `Astra Ltd` are two names.
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    text = re.sub(r"(?<=\d)[^\w\s&+]+(?=\d)", "-", text)
    return re.sub(r"[^\w&+-]|_|(?<!\d)-|-(?!\d)", "", text)


def organisation_id(name: str) -> str:
    """The id of an organisation keyed by its name: `org-` and the name's key."""
    return safe_id(f"org-{name_key(name)}")


def person_id(name: str, company: str) -> str:
    """The id of a person known by name at one company; elsewhere the same name is another id."""
    return safe_id(f"person-{name_key(name)}@{company}")


def all_safe(ids: list[str]) -> bool:
    """True if `safe_id` would change none of them."""
    return _FIT_COLUMN.fullmatch("\n".join(ids) + "\n") is not None


@lru_cache(maxsize=50_000)
def safe_id(text: str) -> str:
    """The text itself where it is a fit id, else a readable slug and a hash that keeps it apart.

    Fit are letters and digits of any script and `. : @ + & - _`, up to 80 characters.
    """
    if not text or SAFE_ID.fullmatch(text):
        return text
    slug = re.sub(r"[^\w.:@+&-]+", "-", text).strip("-")[:SLUG_LENGTH].strip("-")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{slug}-{digest}" if slug else digest
