"""Makes the object file of a group of kernels: `python -m projections.compiled.building GROUP FILE`.

Numba compiles for a program that calls each function right away: it links, optimises and loads every one of them on
its own, with all it calls, so that an inner function is optimised as often as there are functions around it. Here
nothing is called. Each function is only translated; then all of them are put together, whatever is no kernel is made
private, and the whole is optimised once. Measured for the judging of pros: 7 s in place of 20 s, and the code is no
slower, as private functions are inlined or dropped.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm

# Measured: nothing in these loops would be quicker by vectors, and looking for them takes its time.
os.environ["NUMBA_OPT"] = "0"

import numba
from numba.core import codegen, cpu

from projections.compiled import compiling, machine_code

_numba: Any = numba  # it brings no types
_codegen: Any = codegen
_cpu: Any = cpu
_SPEED = 2


class Translated:
    """The modules that numba made so far, one for each function and each type of arguments it is called with."""

    def __init__(self) -> None:
        self.modules: list[Any] = []
        modules = self.modules

        # What numba would do to each function once it is translated: see above.
        def finalize(library: Any) -> None:
            modules.append(library._final_module)
            library._finalized = True

        def executable(context: Any, library: Any, descriptor: Any, environment: Any) -> object:
            library._ensure_finalized()
            return [].append  # stands for the function; any will do that is none of the others

        _codegen.CPUCodeLibrary.finalize = finalize
        _codegen.CPUCodeLibrary._optimize_functions = lambda library, module: None
        _cpu.CPUContext.get_executable = executable

    def linked(self, public: dict[str, str]) -> Any:
        """All of them as one; `public`: the functions that stay visible, and what they are called from now on."""
        whole = llvm.parse_assembly("")
        whole.triple = llvm.get_process_triple()
        for module in self.modules:
            whole.link_in(module)
        for function in whole.functions:
            if function.name in public:
                function.name = public[function.name]
            elif not function.is_declaration:
                function.linkage = "internal"
        for variable in whole.global_variables:
            if not variable.is_declaration:
                variable.linkage = "internal"
        return whole


def njit(function: Any) -> Any:
    """A function that numba translates when it is asked to.

    Nothing makes an array: counting who refers to each took half of the time, as every count is atomic. And nothing
    divides by zero: the ledger sees to that where amounts and rates are read.
    """
    options = {"_nrt": False, "error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return _numba.njit(**options)(function)


def object_file(group: str) -> bytes:
    """The machine code of a group of kernels for this processor."""
    translated = Translated()
    compiling.translate = njit
    for module in machine_code.GROUPS[group]:
        importlib.import_module(module)
    public = {}
    for name, each in compiling.KERNELS.items():
        if name.rpartition(".")[0] in machine_code.GROUPS[group]:
            each.function.compile(tuple(_numba.typeof(example) for example in each.examples()))
            [compiled] = each.function.overloads.values()
            public[compiled.fndesc.llvm_func_name] = name
    whole = translated.linked(public)
    target = llvm.Target.from_triple(llvm.get_process_triple())
    machine = target.create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=_SPEED,
        reloc="default",
        codemodel="jitdefault",
        jit=True,
    )
    tuning = llvm.create_pipeline_tuning_options(speed_level=_SPEED)
    tuning.loop_vectorization = tuning.slp_vectorization = False
    passes = llvm.create_pass_builder(machine, tuning)
    passes.getModulePassManager().run(whole, passes)
    code: bytes = machine.emit_object(whole)
    return code


def main(group: str, file: Path) -> None:
    """Write it, all at once: another process may look for it at any moment."""
    code = object_file(group)
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
        part.write(code)
    Path(part.name).replace(file)


if __name__ == "__main__":
    if "patiently" in sys.argv and hasattr(os, "nice"):
        os.nice(10)
    main(sys.argv[1], Path(sys.argv[2]))
