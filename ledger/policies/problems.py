"""What is wrong with a policy file, one line each: section.key, the value, and what is allowed.

Pydantic finds the faults; its text is written for programmers and spans lines, so the words here are our own. Each
message quotes the `Allowed` sentence that stands beside the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from ledger.policies.values import Allowed

_SHOWN_AT_MOST = 60
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a policy file: `path` as in "cancellation.average", `text` the rest of the sentence."""

    path: str
    text: str
    code: str = "invalid_policy"

    @property
    def message(self) -> str:
        """One line: `cancellation.average = "4 %" is not allowed: write a decimal string …`."""
        return one_line(f"{self.path} {self.text}".strip())


def one_line(text: str) -> str:
    """The text with line breaks and control characters escaped, whatever a file or a library put into it."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def shown(value: object) -> str:
    """A value as a person wrote it, short enough for one line."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, str):
        text = '"' + value + '"'
    elif isinstance(value, int):
        text = str(value) if abs(value) < 10**_SHOWN_AT_MOST else "a number of very many digits"
    elif isinstance(value, date):  # and datetime
        text = value.isoformat()
    elif isinstance(value, Mapping):
        text = "a table"
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(shown(each) for each in value[:9]) + (", …" if len(value) > 9 else "") + "]"
    else:
        text = repr(value)
    return one_line(text if len(text) <= _SHOWN_AT_MOST else text[:_SHOWN_AT_MOST] + "…")


def path_text(path: Sequence[str | int]) -> str:
    """`("city", "st.gallen", "decision")` → `city."st.gallen".decision`, as TOML spells it."""
    return ".".join(
        str(key) if isinstance(key, int) or _BARE_KEY.fullmatch(key) else '"' + one_line(key) + '"' for key in path
    )


def near(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    from difflib import get_close_matches  # noqa: PLC0415  # only needed where something is wrong

    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def unknown_key(path: Sequence[str | int], known: Sequence[str]) -> Problem:
    """A key that no policy has, with what was probably meant."""
    *parents, key = path
    meant = near(str(key), known)
    hint = f"did you mean {path_text([*parents, meant])}?" if meant else "known here: " + ", ".join(known)
    return Problem(path_text(path), f"is unknown; {hint}")


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
