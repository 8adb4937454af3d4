"""Where the machine code of the kernels is kept, and how it is made and loaded.

It is an object file for each group of kernels, in a folder named after the digest of everything that goes into it: a
changed rule, another numba or another processor is another folder. What is not there is made by processes of their
own, as many at once as there are groups, while this one goes on with something else; loading it takes a few
hundredths of a second, where importing numba alone takes several tenths.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

import platformdirs

import ledger

GROUPS = {
    "judging": ("projections.compiled.pros", "projections.compiled.continuing"),
    "telling": (
        "projections.compiled.telling",
        "projections.compiled.bills",
        "projections.compiled.stored_rows",
        "projections.compiled.placing",
    ),
}
"""The modules whose kernels are in one object file. Judging takes as long to compile as everything else together."""

_LEDGER = Path(ledger.__file__).parent
_HERE = Path(__file__).parent
_SOURCES = tuple(sorted(each for place in (_LEDGER, _HERE, _HERE.parent / "columns") for each in place.rglob("*.py")))
"""Rules, and everything that machine code holds a constant of."""

_loading = Lock()
_building: dict[str, subprocess.Popen[bytes]] = {}


def ready(group: str) -> bool:
    """Whether a group's machine code is there."""
    return _file(group).exists()


def prepare(*groups: str, patiently: bool = False) -> None:
    """Begin to make whatever machine code is missing, of some groups or all, and wait for none of it.

    `patiently`: whoever has more to do on this machine goes first.
    """
    for group in groups or GROUPS:
        if group not in _building and not _file(group).exists():
            command = [sys.executable, "-P", "-m", "projections.compiled.building", group, str(_file(group))]
            _building[group] = subprocess.Popen(
                [*command, "patiently"] if patiently else command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )


def make(*groups: str) -> None:
    """Make whatever machine code of these groups is missing, and wait for it. RuntimeError where it cannot be made."""
    prepare(*groups)
    for group in groups:
        _made(group)


def address(kernel: str) -> int:
    """Where in memory the machine code of a kernel is."""
    module = kernel.rpartition(".")[0]
    group = next(name for name, modules in GROUPS.items() if module in modules)
    with _loading:  # threads that judge begin at once, and a second engine would be thrown away while it is in use
        found: int = _loaded(group).get_function_address(kernel)
    assert found, kernel
    return found


@cache
def _loaded(group: str) -> Any:
    """The engine that holds a group's machine code; it stays as long as the process."""
    import llvmlite.binding as llvm  # noqa: PLC0415  it loads LLVM

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    code = llvm.ObjectFileRef.from_data(_made(group))
    machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(code)
    engine.finalize_object()
    return engine


def _made(group: str) -> bytes:
    """A group's object file, made now if need be."""
    if not _file(group).exists():
        prepare()
    building = _building.pop(group, None)
    if building is not None:
        _, said = building.communicate()
        if building.returncode:
            reason = said.decode(errors="replace")
            raise RuntimeError(f"the rules could not be compiled; --speed plain does without: {reason}")
    return _file(group).read_bytes()


def _file(group: str) -> Path:
    return _folder() / f"{group}.o"


@cache
def _folder() -> Path:
    """Where machine code is kept; without a place that lasts, one that lasts as long as this process."""
    folder = Path(platformdirs.user_cache_dir("mission-ledger", appauthor=False)) / "compiled" / _digest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(_temporary().name)
    return folder


@cache
def _temporary() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="mission-ledger-")


def _digest() -> str:
    seen = sha256(f"{version('numba')} {version('llvmlite')} {version('numpy')} {sys.version} {_processor()}".encode())
    for source in _SOURCES:
        seen.update(source.read_bytes())
    return seen.hexdigest()[:16]


def _processor() -> str:
    """What machine code is made for: a folder may be shared by machines."""
    import llvmlite.binding as llvm  # noqa: PLC0415

    return f"{llvm.get_process_triple()} {llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"
