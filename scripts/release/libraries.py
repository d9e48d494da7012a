"""The libraries that a package carries.

Every library that a minimal Debian 12 or 13 or Ubuntu 24.04 lacks is carried, beside the program, where its $ORIGIN leads;
scripts/test_package asks the loader of such roots. What all three have stays the system's, so that the system updates it.
libcrypto is carried although Debian 13 and Ubuntu have it: a minimal Debian 12 does not.

OpenBLAS is linked anew from Debian's own static archive with the functions that Sources/COpenBLAS loads: 26 MB instead of 37, and
1.5 MB compressed, because LAPACK, Fortran's runtime and the double precision interfaces go. The kernels are the same objects, for
every processor family, so results and speed are those of Debian's library.
"""
import pathlib
import re
import shutil
import subprocess

# In every supported system without any package beside the base. dpkg itself needs zlib, and apt libstdc++.
SYSTEM = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "libz.so.1", "ld-linux-x86-64.so.2", "linux-vdso.so.1"}
OPENBLAS = "libopenblas.so.0"
OPENBLAS_ARCHIVE = pathlib.Path("/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.a")
OPENBLAS_FUNCTIONS = ("cblas_sgemm", "cblas_sgemv", "cblas_sdot", "openblas_set_num_threads", "openblas_get_corename",
                      "openblas_get_config")
BESIDE = "$ORIGIN"
FOLDER = pathlib.Path("lib/triage")


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def needed(program):
    """Every library that a program loads, of all depths, as {name: path}."""
    text = run("ldd", program)
    if missing := re.findall(r"(\S+) => not found", text):
        raise SystemExit(f"{program} needs {', '.join(missing)}, which this machine lacks; install its package first")
    return {name: pathlib.Path(path) for name, path in re.findall(r"^\s*(\S+) => (/\S+)", text, re.MULTILINE)}


def strip(file):
    run("strip", "--strip-unneeded", file)


def carry(program, tree):
    """Puts a program and its libraries into a tree; returns {library below the tree: the file it was made from}."""
    target, folder = tree / "bin" / "triage", tree / FOLDER
    for part in (target.parent, folder):
        part.mkdir(parents=True)
    shutil.copyfile(program, target)
    strip(target)
    find_beside(target)
    origins = {}
    for name, source in sorted(needed(program).items()):
        if name in SYSTEM:
            continue
        shutil.copyfile(source, folder / name)
        strip(folder / name)
        run("patchelf", "--set-rpath", BESIDE, folder / name)
        origins[folder / name] = source.resolve()
    origins[link_openblas(folder)] = OPENBLAS_ARCHIVE.resolve()
    return origins


def find_beside(program):
    """Has the program look for libraries in the package. A release build is linked so; in another, patchelf moves tables and makes
    the file some megabytes larger."""
    wanted = f"{BESIDE}/../{FOLDER}"
    if run("patchelf", "--print-rpath", program).strip() != wanted:
        run("patchelf", "--set-rpath", wanted, program)


def link_openblas(folder):
    """OpenBLAS with the functions that the program loads."""
    if not OPENBLAS_ARCHIVE.exists():
        raise SystemExit(f"{OPENBLAS_ARCHIVE} is missing; install libopenblas-pthread-dev")
    wanted = [f"-Wl,-u,{name}" for name in OPENBLAS_FUNCTIONS]
    run("gcc", "-shared", "-o", folder / OPENBLAS, f"-Wl,-soname,{OPENBLAS}", "-Wl,--gc-sections", "-Wl,-s",
        "-Wl,-z,now", *wanted, OPENBLAS_ARCHIVE, "-lpthread", "-lm")
    return folder / OPENBLAS


def glibc_needed(files):
    """The newest version of glibc whose functions these files use, as a dotted text."""
    versions = {tuple(map(int, version.split(".")))
                for file in files for version in re.findall(r"GLIBC_([0-9.]+)\b", run("readelf", "-VW", file))}
    return ".".join(map(str, max(versions)))
