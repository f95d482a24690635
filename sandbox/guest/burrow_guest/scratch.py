"""The content of the scratch folder, to be kept with a checkpoint. Below level Full there is none."""
from burrow_guest import __builtins__

from posix import O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY
from posix import chdir, chmod, close, fstat, getcwd, mkdir, open, read as read_some, rmdir, scandir, unlink
from posix import write as write_some

_SCRATCH = "/scratch"


def read():
    """Returns (working folder, [(path, mode, bytes, or None for a folder)]), a folder before what is in it."""
    return getcwd(), [_entry(path, is_folder) for path, is_folder in _walk(_SCRATCH)]


def write(content):
    """Makes the scratch folder what it was."""
    folder, entries = content
    chdir(_SCRATCH)
    present = list(_walk(_SCRATCH, open_up=True))
    for path, is_folder in reversed(present):
        (rmdir if is_folder else unlink)(path)
    for path, mode, data in entries:
        if data is None:
            mkdir(path, 0o700)
        else:
            _write_file(path, data)
    for path, mode, _ in reversed(entries):
        chmod(path, mode)
    chdir(folder)


def _walk(folder, open_up=False):
    if open_up:
        chmod(folder, 0o700)
    try:
        with scandir(folder) as entries:
            found = sorted((entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except FileNotFoundError:
        return
    for path, is_folder in found:
        yield path, is_folder
        if is_folder:
            yield from _walk(path, open_up)


def _entry(path, is_folder):
    file = open(path, O_RDONLY | O_NOFOLLOW)
    try:
        status = fstat(file)
        data = None
        if not is_folder:
            # Nothing else runs, so the file holds what it says. One read may be cut short after 2 GiB.
            data = b"".join(iter(lambda: read_some(file, status.st_size), b""))
        return path, status.st_mode & 0o7777, data
    finally:
        close(file)


def _write_file(path, data):
    file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[write_some(file, view) :]
    finally:
        close(file)
