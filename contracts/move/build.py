#!/usr/bin/env python3
"""Builds the Move packages of this folder. `scripts/build-move` runs it and says how.

usage: build.py COMPILER_LIBRARY [--check | PACKAGE_DIR]

For each package it writes `bytecode/NAME.mv` and `ORDER`, the modules' names in an order in which they can be
published: each after those it calls.
"""

import ctypes
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Folder of the sources, bytecode version, compiler version, language version, folder of the
# bytecode.
PACKAGES = [
    ("std", 6, "2.1", "2.1", "bytecode"),
    ("trivium", 6, "2.1", "2.1", "bytecode"),
    ("examples", 6, "2.1", "2.1", "bytecode"),
    ("equivalence", 6, "2.1", "2.1", "bytecode"),
    # Version 1 writes clean scripts.
    ("scripts", 6, "1", "1", "bytecode"),
    # Version 2 writes into a script an identifier that is none, `<SELF>_0`. So does what users
    # have.
    ("scripts", 6, "2.1", "2.1", "bytecode-compiler-2"),
    ("tests", 6, "2.1", "2.1", "bytecode"),
    ("tests-v7", 7, "2.1", "2.1", "bytecode"),
    ("tests-examples", 6, "2.1", "2.1", "bytecode"),
    ("tests-cross-vm", 6, "2.1", "2.1", "bytecode"),
]
# These keep the compiler's metadata, which a VM must tolerate.
WITH_METADATA = ("tests", "tests-v7")


# The compiler, a shared library

class Owned(ctypes.Structure):
    """Bytes that the library hands over."""

    _fields_ = [
        ("is_none", ctypes.c_bool),
        ("data", ctypes.POINTER(ctypes.c_ubyte)),
        ("length", ctypes.c_size_t),
        ("capacity", ctypes.c_size_t),
    ]

    def read(self):
        return None if self.is_none else bytes(self.data[: self.length])


class View(ctypes.Structure):
    """Bytes that the library looks at."""

    _fields_ = [("is_nil", ctypes.c_bool), ("data", ctypes.c_char_p), ("length", ctypes.c_size_t)]


def bcs_text(text):
    raw = text.encode()
    assert len(raw) < 1 << 14, "ULEB128 of two bytes at most"
    length = bytes([len(raw)]) if len(raw) < 128 else bytes([len(raw) & 127 | 128, len(raw) >> 7])
    return length + raw


def compile_package(library, package, bytecode, compiler, language):
    """Compiles `package` into its folder `build`. Raises `RuntimeError` with what the compiler says."""
    yes, no, some, none = b"\1", b"\0", b"\1", b"\0"
    arguments = b"".join([
        some, bcs_text(str(package)),
        no,  # verbose
        no, no, no, no,  # dev mode, test mode, documentation, ABIs
        some, bcs_text(""),  # install folder
        yes, no, yes,  # force recompilation, only fetch dependencies, do not fetch any
        struct.pack("<I", bytecode), bcs_text(compiler), bcs_text(language),
        none,  # named addresses besides the package's
    ])
    loaded = ctypes.CDLL(str(library))
    loaded.build_move_package.restype = Owned
    error = Owned(True, None, 0, 0)
    view = View(False, arguments, len(arguments))
    loaded.build_move_package(ctypes.byref(error), view)
    if error.read() is not None:
        raise RuntimeError(error.read().decode("utf8", "replace"))


def compile_apart(library, package, *versions):
    """As `compile_package`, in a process of its own: the library keeps state and writes to our output."""
    command = [sys.executable, __file__, "--compile", library, package, *map(str, versions)]
    # Its lock file belongs into no home folder.
    environment = {**os.environ, "MOVE_HOME": str(Path(package).resolve() / "build")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    said = done.stdout + done.stderr
    if done.returncode or "warning" in said or "error" in said:
        sys.stderr.write(said)
    if done.returncode:
        sys.exit(f"error: {package} does not compile")


# The binary format, as far as it is needed here

MODULE_HANDLES, IDENTIFIERS, ADDRESSES, METADATA = 0x1, 0x7, 0x8, 0x10


def uleb128(code, at):
    """The number at `at` and where it ends."""
    value = shift = 0
    while True:
        byte = code[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def as_uleb128(value):
    out = b""
    while value >= 128:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def tables_of(code):
    """The tables, a map from kind to content in their order, and what follows them."""
    count, at = uleb128(code, 8)
    places = {}
    for _ in range(count):
        kind = code[at]
        offset, at = uleb128(code, at + 1)
        size, at = uleb128(code, at)
        places[kind] = (offset, size)
    tables = {kind: code[at + offset : at + offset + size] for kind, (offset, size) in places.items()}
    return tables, code[at + sum(map(len, tables.values())) :]


def without_metadata(code):
    """The same code without what compilers note for themselves and for other chains."""
    tables, rest = tables_of(code)
    tables.pop(METADATA, None)
    header, content = as_uleb128(len(tables)), b""
    for kind, table in tables.items():
        header += bytes([kind]) + as_uleb128(len(content)) + as_uleb128(len(table))
        content += table
    return code[:8] + header + content + rest


def dependencies(code):
    """`(address, name)` of the module itself, and of the modules it refers to."""
    tables, rest = tables_of(code)
    handles, identifiers, addresses = (tables[kind] for kind in (MODULE_HANDLES, IDENTIFIERS, ADDRESSES))
    names = []
    position = 0
    while position < len(identifiers):
        length, position = uleb128(identifiers, position)
        names.append(identifiers[position : position + length].decode())
        position += length
    modules = []
    position = 0
    while position < len(handles):
        address, position = uleb128(handles, position)
        name, position = uleb128(handles, position)
        modules.append((addresses[32 * address : 32 * address + 32], names[name]))
    own, _ = uleb128(rest, 0)
    return modules[own], [module for i, module in enumerate(modules) if i != own]


def publish_order(modules):
    """The names of `modules`, a map from name to bytecode, each after those it depends on."""
    needs = {}
    for name, code in modules.items():
        (address, _), others = dependencies(code)
        needs[name] = {other for place, other in others if place == address and other in modules}
    order = []
    while needs:
        ready = sorted(name for name, left in needs.items() if not left - set(order))
        if not ready:
            sys.exit(f"error: these modules depend on each other: {sorted(needs)}")
        order += ready
        needs = {name: left for name, left in needs.items() if name not in ready}
    return order


# The natives that a host must give

def check_natives(package):
    """Compares the `native` functions of the sources with those that NATIVES.md lists."""
    declared = set()
    for source in (package / "sources").glob("*.move"):
        for name in re.findall(r"\bnative (?:public )?fun (\w+)", source.read_text()):
            declared.add((source.stem, name))
    listed = set()
    for module, cell in re.findall(r"^\| `(\w+)` \| ([^|]+) \|", (package / "NATIVES.md").read_text(), re.M):
        for name in re.findall(r"`(\w+)`", cell):
            listed.add((module, name))
    if declared != listed:
        sys.exit(f"error: NATIVES.md and the sources differ in {sorted(declared ^ listed)}")


# The packages

def built_files(package, target):
    """What a build gives: a map from path in the package to bytes."""
    keep = package.name in WITH_METADATA
    files = {}
    for kind in "modules", "scripts":
        for path in (package / "build").glob(f"*/bytecode_{kind}/*.mv"):
            # Some versions of the compiler number scripts.
            name = path.stem if kind == "modules" else re.sub(r"_\d+$", "", path.stem)
            code = path.read_bytes()
            files[f"{target}/{name}.mv"] = code if keep else without_metadata(code)
        if kind == "modules" and files:
            order = publish_order({Path(path).stem: code for path, code in files.items()})
            files["ORDER"] = "".join(name + "\n" for name in order).encode()
    return files


def committed_files(package, target):
    paths = [*(package / target).glob("*.mv"), *package.glob("ORDER")]
    return {str(path.relative_to(package)): path.read_bytes() for path in paths}


def build_all(library, check):
    check_natives(HERE / "std")
    stale = []
    with tempfile.TemporaryDirectory() as temporary:
        # A copy, for the compiler writes into the package's folder.
        work = Path(temporary)
        for folder in {folder for folder, *_ in PACKAGES}:
            (work / folder).mkdir()
            shutil.copy(HERE / folder / "Move.toml", work / folder)
            shutil.copytree(HERE / folder / "sources", work / folder / "sources")
        for folder, *versions, target in PACKAGES:
            package = HERE / folder
            shutil.rmtree(work / folder / "build", ignore_errors=True)
            compile_apart(library, work / folder, *versions)
            files, old = built_files(work / folder, target), committed_files(package, target)
            stale += [f"{folder}/{path}" for path in {**files, **old} if files.get(path) != old.get(path)]
            if check:
                continue
            (package / target).mkdir(exist_ok=True)
            for path in old.keys() - files.keys():
                (package / path).unlink()
            for path, content in files.items():
                (package / path).write_bytes(content)
            size = sum(len(code) for path, code in files.items() if path.endswith(".mv"))
            print(f"  {folder + '/' + target:30} {len(files) - ('ORDER' in files):3} files {size:7} bytes")
    if check and stale:
        sys.exit("error: not what the sources give; run scripts/build-move:\n  " + "\n  ".join(sorted(stale)))


def build_one(library, package):
    compile_apart(library, package, os.environ.get("TRIVIUM_MOVE_BYTECODE", "6"), "2.1", "2.1")
    for path in sorted((package / "build").glob("*/bytecode_*/*.mv")):
        print(f"{path} {path.stat().st_size}")


def main(arguments):
    if arguments[:1] == ["--compile"]:
        library, package, bytecode, compiler, language = arguments[1:]
        try:
            compile_package(library, package, int(bytecode), compiler, language)
        except RuntimeError as error:
            sys.exit(str(error))
    elif len(arguments) == 1:
        build_all(arguments[0], check=False)
    elif len(arguments) == 2 and arguments[1] == "--check":
        build_all(arguments[0], check=True)
    elif len(arguments) == 2 and not arguments[1].startswith("-"):
        build_one(arguments[0], Path(arguments[1]).resolve())
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
