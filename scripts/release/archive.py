"""Archives whose bytes depend on their content alone: sorted names, one time, owner 0."""
import io
import lzma
import os
import tarfile

# The x86 filter makes the program's code a twentieth smaller; every xz reads it.
CODE = {"id": lzma.FILTER_X86}


def add_tree(archive, folder, top, epoch, change):
    """Adds a folder and everything below it as `top`; `change` may change each entry."""
    for path in sorted([folder, *folder.rglob("*")], key=lambda path: str(path.relative_to(folder))):
        below = path.relative_to(folder)
        entry = archive.gettarinfo(str(path), arcname=os.path.normpath(f"{top}/{below}"))
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = epoch
        change(entry)
        # Files with several names are stored whole each time: their number on this disk must not matter.
        if entry.islnk():
            entry.type, entry.size = tarfile.REGTYPE, path.stat().st_size
        if entry.isreg():
            with path.open("rb") as content:
                archive.addfile(entry, content)
        else:
            archive.addfile(entry)


def tar(folder, top, epoch, change=lambda entry: None):
    """A tree as the bytes of a tar file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        add_tree(archive, folder, top, epoch, change)
    return buffer.getvalue()


def write_tar_xz(folder, target, epoch, preset):
    """A tree as .tar.xz, whose one folder has the archive's name."""
    top = target.name.removesuffix(".tar.xz")
    filters = [*([CODE] if preset else []), {"id": lzma.FILTER_LZMA2, "preset": preset}]
    target.write_bytes(lzma.compress(tar(folder, top, epoch), lzma.FORMAT_XZ, lzma.CHECK_CRC64, filters=filters))
    return target
