"""What the models find wrong with a policy file, in our words.

Pydantic's text is written for programmers and spans lines. Each message here quotes the `Allowed` sentence that stands
beside the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from ledger.policies.problems import Problem, path_text, shown, unknown_key
from ledger.policies.values import Allowed


def translate(error: ValidationError, model: type[BaseModel], prefix: Sequence[str] = ()) -> list[Problem]:
    """The faults pydantic found in a `model` that stands at `prefix`, in the order of the file's sections."""
    return [_problem(each, model, prefix) for each in error.errors(include_url=False)]


def _problem(error: Any, model: type[BaseModel], prefix: Sequence[str]) -> Problem:
    kind, context = error["type"], error.get("ctx") or {}
    inner: list[str | int] = list(error["loc"])
    path = [*prefix, *inner]
    if kind == "extra_forbidden":
        return unknown_key(path, sorted(_fields_at(model, inner[:-1])))
    allowed = _allowed_at(model, inner)
    if kind == "missing":
        return Problem(path_text(path), f"is missing: write {allowed}")
    value = error["input"]
    if key := context.get("key"):
        path.append(key)
        value = value.get(key) if isinstance(value, Mapping) else getattr(value, key, None)
    given = "" if value is None else f"= {shown(value)} "
    if kind in {"policy_rule", "policy_float"}:
        return Problem(path_text(path), given + context["text"])
    if kind == "naive_timestamp":
        return Problem(path_text(path), f"{given}has no offset: write {allowed}", code="naive_timestamp")
    return Problem(path_text(path), f"{given}is not allowed: write {allowed}")


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, BaseModel):
            return each
    return None


def _fields_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    at: type[BaseModel] | None = model
    for key in path:
        field = at.model_fields.get(str(key)) if at else None
        at = _inner_model(field.annotation) if field else None
    return list(at.model_fields) if at else []


def _allowed_at(model: type[BaseModel], path: Sequence[str | int]) -> str:
    """The `Allowed` sentence of the field at `path`, or of the nearest one around it."""
    at: type[BaseModel] | None = model
    text = "a table"
    for key in path:
        field = at.model_fields.get(str(key)) if at else None
        if field is None:
            break
        at = _inner_model(field.annotation)
        text = next((each.text for each in _said_of(field) if isinstance(each, Allowed)), f"a table [{key}]")
    return text


def _said_of(field: FieldInfo) -> Iterable[Any]:
    """What stands beside a field's type; of one that may be left out (`Kind | None`), what stands beside its kind."""
    return (
        *field.metadata,
        *(said for each in get_args(field.annotation) for said in getattr(each, "__metadata__", ())),
    )
