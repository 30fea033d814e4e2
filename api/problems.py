"""Errors as HTTP answers (RFC 9457): one table from our errors to a status, one shape for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from discovery.errors import GuanlianError
from discovery.service.lookup import shown

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = "2"


class Kind(NamedTuple):
    """A kind of problem: its status, and what it is called in both languages."""

    status: int
    en: str
    zh: str


STATUS: Final[dict[str, Kind]] = {
    "GuanlianError": Kind(500, "Something went wrong inside.", "内部出错"),
    "UsageError": Kind(400, "The question cannot be asked that way.", "提问方式不对"),
    "UnknownPolicy": Kind(404, "No policy has that slug.", "没有这个办法"),
    "PolicyFormsNoGroups": Kind(400, "These measures form no groups.", "该办法不产生集团"),
    "UnknownParty": Kind(404, "The facts hold no such party.", "没有这个主体"),
    "UnknownGroup": Kind(404, "No such group on that day under that policy.", "该日该办法下没有这个集团"),
    "UnknownOutcome": Kind(404, "No question or group has that key.", "没有这个编号的问题或集团"),
    "ReadOnlyFacts": Kind(409, "A folder is served; nothing is written.", "当前提供的是文件夹，只读"),
    "UnknownMember": Kind(404, "The party is no member of that group.", "该主体不是这个集团的成员"),
    "AmbiguousParty": Kind(409, "Several parties answer to that identifier.", "多个主体使用同一标识"),
    "KeptApart": Kind(409, "Somebody decided that these parties are not one.", "已有人判定不是同一主体"),
    "UnknownChange": Kind(
        404, "There is no such change of parties, or it was undone.", "没有这项变更或已撤销"
    ),
    "UnknownQuestion": Kind(404, "The queue has no such question.", "没有这个待判事项"),
    "AlreadyDecided": Kind(409, "The question is no longer open.", "该事项已不在待判"),
    "SecondPerson": Kind(409, "Somebody else must agree.", "须由另一人复核"),
    "BadInput": Kind(422, "A file or value that was given cannot be used.", "给出的文件或取值不能用"),
    "PolicyInvalid": Kind(500, "A policy file of this service is wrong.", "服务端的办法文件有误"),
    "StoreError": Kind(503, "The graph store is missing, stopped, or refused.", "图数据库不可用"),
    "StoreEmpty": Kind(503, "The store holds no facts.", "图数据库中没有数据"),
    "StoreUnavailable": Kind(503, "Nobody answers at the store's address.", "图数据库无应答"),
    "StoreRefused": Kind(503, "The store does not accept this service.", "图数据库拒绝访问"),
    "QuestionTooLong": Kind(503, "The store cut the question at its limit.", "查询超出数据库限制"),
    "QueryMisused": Kind(500, "A query file was misused.", "查询文件使用有误"),
    "LoadFailed": Kind(503, "A load stopped before it was complete.", "装载中断"),
    "QuestionFailed": Kind(503, "The store refused the question.", "图数据库拒绝了查询"),
    "LoadInProgress": Kind(503, "A load is being written.", "正在装载数据"),
    "NotReady": Kind(503, "The facts are being made ready.", "数据正在准备"),
    "Busy": Kind(503, "That answer is still being computed, or too many are.", "正在计算，请稍后再试"),
}
OF_HTTP: Final[dict[int, tuple[str, Kind]]] = {
    403: ("OtherOrigin", Kind(403, "A page of another origin may not write.", "不接受其他网站的写入")),
    404: ("NoSuchRoute", Kind(404, "There is nothing at this address.", "没有这个地址")),
    405: ("MethodNotAllowed", Kind(405, "This address does not take that method.", "不支持该方法")),
    411: ("LengthRequired", Kind(411, "A request says how long its body is.", "须注明请求内容长度")),
    413: ("BodyTooLarge", Kind(413, "More was sent than one request may have.", "请求内容过大")),
    414: ("AddressTooLong", Kind(414, "The address is too long.", "地址过长")),
    415: ("NotJson", Kind(415, "What is written is sent as application/json.", "请以application/json提交")),
    421: ("OtherHost", Kind(421, "This service answers to this machine's own names only.", "只接受本机地址")),
    422: ("InvalidRequest", Kind(422, "A value of the request is not allowed.", "请求中的取值不合要求")),
    500: ("InternalError", Kind(500, "Something went wrong inside.", "内部出错")),
}
KINDS: Final = {**STATUS, **dict(OF_HTTP.values())}


def named(error: type[BaseException]) -> str:
    """The kind of an error: its own name, or that of the nearest class above that the table knows."""
    return next((one.__name__ for one in error.__mro__ if one.__name__ in STATUS), "GuanlianError")


def problem(
    request: Request,
    name: str,
    detail: str,
    *,
    remedy: str = "",
    headers: Mapping[str, str] | None = None,
    facts: Mapping[str, object] | None = None,
) -> Response:
    """The one shape of an error. Whatever looks like an ID number is masked, also in the address."""
    kind = KINDS[name]
    chinese = request.headers.get("accept-language", "").lower().startswith("zh")
    body = {
        **_safe(dict(facts or {})),
        "type": f"/problems/{name}",
        "title": kind.zh if chinese else kind.en,
        "status": kind.status,
        "detail": shown(detail),
        "instance": shown(request.url.path.replace("\ue000", "%2F")),
        "request_id": request.scope.get("request_id"),
    }
    if remedy:
        body["remedy"] = shown(remedy)
    sent = {"Vary": "Accept-Language", "Content-Language": "zh" if chinese else "en", **(headers or {})}
    if kind.status == 503:
        sent["Retry-After"] = RETRY_SECONDS
    return Response(orjson.dumps(body), kind.status, media_type=MEDIA_TYPE, headers=sent)


def _safe(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _safe(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_safe(part) for part in value]
    if isinstance(value, str):
        return shown(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, GuanlianError)  # noqa: S101  registered for these alone
    return problem(request, named(type(error)), error.detail, remedy=error.remedy, facts=error.facts)


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  as above
    name, kind = OF_HTTP.get(error.status_code, OF_HTTP[500])
    headers = {key: value for key, value in (error.headers or {}).items() if key.lower() == "allow"}
    return problem(request, name, kind.en, remedy="/openapi.json lists the addresses.", headers=headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  as above
    wrong = [
        {"field": str(one["loc"][-1]), "in": str(one["loc"][0]), "reason": str(one["msg"])}
        for one in error.errors()
    ]
    detail = "; ".join(f"{one['field']}: {one['reason']}" for one in wrong)
    return problem(
        request, "InvalidRequest", detail, remedy="/docs shows what is allowed.", facts={"errors": wrong}
    )


def answer_problems(app: FastAPI) -> None:
    """Give the app these answers in place of its own."""
    app.add_exception_handler(GuanlianError, _ours)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _invalid)
