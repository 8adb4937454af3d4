"""The policies that come with the package, and how a policy is named on the command line.

A preset's file name is its policy's id and version: `mila-2018-06` is `mila@2018-06`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ledger.errors import Misused
from ledger.instants import to_text, to_us
from ledger.policies.policy import LATER, Policy
from ledger.policies.problems import near, one_line
from ledger.policies.spelling import canonical, in_order_of

DEFAULT = "mila-2018-06"
"""What applies while no policy has been published, and before the first one took effect."""

_FOLDER = Path(__file__).parent / "presets"
_PRESETS = ("mila-2018-06", "wecasa-ch", "eu-2026")


def presets() -> list[str]:
    """The names of the presets, the default first."""
    return list(_PRESETS)


def preset_toml(name: str) -> str:
    """The file of a preset with its comments, as `policy show --preset` prints it. Misused: `unknown_policy`."""
    if name not in _PRESETS:
        raise _unknown(name)
    return (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=len(_PRESETS))
def preset(name: str) -> Policy:
    """A preset as a policy. Misused: `unknown_policy`."""
    if name != DEFAULT:
        return _from_toml(preset_toml(name), origin=f"preset {name}")
    # The tests hold its file to be whole and canonical, so no model need read it: it is in force in every ledger.
    document = tomllib.loads(preset_toml(name))
    document["effective_from"] = to_text(to_us(document["effective_from"]))
    for section, later in LATER.items():
        document[section] = {key: each for key, each in document[section].items() if key not in later}
    return Policy(document)


def recorded(document: Mapping[str, Any], *, origin: str) -> Policy:
    """The policy of a document that was checked before it was recorded. Refuses as `document.from_document` does."""
    whole = preset(DEFAULT).checked
    if canonical(document, whole):
        return Policy(in_order_of(whole, document))
    from ledger.policies.document import from_document  # noqa: PLC0415  pydantic: only where it is needed

    return from_document(document, origin=origin)


def _from_toml(text: str, *, origin: str) -> Policy:
    from ledger.policies.document import from_toml  # noqa: PLC0415

    return from_toml(text, origin=origin)


def load(name: str) -> Policy:
    """The policy that a person named: a path to a `.toml` file, a preset, or a preset's `id@version`.

    Misused (`unknown_policy`, `unreadable_file`) where there is none; Refused (`invalid_policy`, `naive_timestamp`)
    where the file says something a policy cannot. A published version is named through `Register.named`.
    """
    if name in _PRESETS:
        return preset(name)
    if name.lower().endswith(".toml") or _is_file(name):
        return _from_toml(read_file(name), origin=name)
    for each in _PRESETS:
        if preset(each).name == name:
            return preset(each)
    raise _unknown(name)


def read_file(path: str) -> str:
    """The text of a policy file, UTF-8. Misused: `unreadable_file`."""
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        text = f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8"
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        text = f"{path} cannot be read: {reason}"
    raise Misused("unreadable_file", one_line(text))


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # a name too long for the file system, or with a NUL
        return False


def _unknown(name: str) -> Misused:
    known = [*_PRESETS, *(preset(each).name for each in _PRESETS)]
    meant = near(name, known)
    hint = f"did you mean {meant}?" if meant else f"presets are {', '.join(_PRESETS)}; a file's name ends in .toml"
    return Misused("unknown_policy", one_line(f"{name!r} is no policy: {hint}"))
