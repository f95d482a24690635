"""What every attempt finds, beside the names that its stage has put in front: see README.md."""
import ctypes
import fcntl
import mmap
import os
import signal
import struct
import sys
import time


class Later:
    """A module that is imported when it is needed: most attempts do without."""

    def __init__(self, name):
        self.name = name

    def __getattr__(self, attribute):
        return getattr(__import__(self.name), attribute)


socket, subprocess, threading = Later("socket"), Later("subprocess"), Later("threading")
libc = ctypes.CDLL(None, use_errno=True)
scratch = "/scratch" if os.path.isdir("/scratch") else home + "/folder"

# System calls that the C library has no function for, as x86-64 counts them.
NUMBERS = {
    "mmap": 9, "shmget": 29, "shmat": 30, "setitimer": 38, "clone": 56, "fork": 57, "vfork": 58, "execve": 59,
    "semget": 64, "msgget": 68, "ptrace": 101, "syslog": 103, "uselib": 134, "personality": 135, "modify_ldt": 154,
    "pivot_root": 155, "acct": 163, "swapon": 167, "reboot": 169, "iopl": 172, "ioperm": 173, "init_module": 175,
    "delete_module": 176, "quotactl": 179, "tkill": 200, "io_setup": 206, "lookup_dcookie": 212, "timer_create": 222,
    "tgkill": 234, "mq_open": 240, "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250,
    "ioprio_set": 251, "inotify_init": 253, "migrate_pages": 256, "unshare": 272, "splice": 275, "tee": 276,
    "vmsplice": 278, "move_pages": 279, "signalfd4": 289, "perf_event_open": 298, "fanotify_init": 300,
    "prlimit64": 302, "name_to_handle_at": 303, "open_by_handle_at": 304, "clock_adjtime": 305, "setns": 308,
    "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "sched_setattr": 314,
    "seccomp": 317, "memfd_create": 319, "kexec_file_load": 320, "bpf": 321, "execveat": 322, "userfaultfd": 323,
    "pidfd_send_signal": 424, "io_uring_setup": 425, "open_tree": 428, "move_mount": 429, "fsopen": 430,
    "fsmount": 432, "fspick": 433, "pidfd_open": 434, "clone3": 435, "openat2": 437, "pidfd_getfd": 438,
    "process_madvise": 440, "mount_setattr": 442, "quotactl_fd": 443, "landlock_create_ruleset": 444,
    "memfd_secret": 447, "process_mrelease": 448, "cachestat": 451, "fchmodat2": 452, "statmount": 457,
    "listmount": 458, "lsm_set_self_attr": 460, "setxattrat": 463, "open_tree_attr": 467, "file_setattr": 469,
}


def checked(result):
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def native(argument):
    return ctypes.c_long(argument) if isinstance(argument, int) else argument


def call(name, *arguments):
    """A function of the C library. Raises OSError where it returns -1."""
    function = getattr(libc, name)
    function.restype = ctypes.c_long
    return checked(ctypes.c_int(function(*map(native, arguments))).value)


def syscall(name, *arguments):
    """A system call, by name or number. Raises OSError where it fails."""
    libc.syscall.restype = ctypes.c_long
    return checked(libc.syscall(ctypes.c_long(NUMBERS.get(name, name)), *map(native, arguments)))


def any_of(attempt, values):
    """Calls `attempt` with each value until it works. Raises the last error where it never does."""
    error = OSError("nothing to try")
    for value in values:
        try:
            return attempt(value)
        except OSError as refusal:
            error = refusal
    raise error


def regular_descriptors():
    """The open descriptors of files, as the person's document would be one."""
    found = []
    for fd in range(1024):
        try:
            if os.fstat(fd).st_mode & 0o170000 == 0o100000:
                found.append(fd)
        except OSError:
            pass
    return found


def writable_memory(pid):
    """(address, size) of each part of a process' memory that it can write to. Where that is kept secret, a guess:
    guests of one program lie at the same addresses."""
    try:
        lines = open(f"/proc/{pid}/maps").read().splitlines()
    except OSError:
        yield id(None), 8
        return
    for line in lines:
        first, last = (int(address, 16) for address in line.split()[0].split("-"))
        if "rw" in line and last - first < 64 << 20:
            yield first, last - first


def read_by_call(pid, address, size):
    place = ctypes.create_string_buffer(size)
    own = (ctypes.c_uint64 * 2)(ctypes.addressof(place), size)
    other = (ctypes.c_uint64 * 2)(address, size)
    syscall("process_vm_readv", pid, own, 1, other, 1, 0)
    return place.raw


def read_by_file(pid, address, size):
    return os.pread(os.open(f"/proc/{pid}/mem", os.O_RDONLY), size, address)


def search_memory(pid, read):
    """What looks like the secret in a process' memory."""
    return any_of(lambda part: secrets_in(read(pid, *part)), writable_memory(pid))


def secrets_in(data):
    import re

    found = re.findall(rb"secret-[0-9a-f]{16}", data)
    if not found:
        raise OSError("no secret here")
    return found


def machine_code(text):
    """Runs bytes, written as hexadecimal digits, as a function without arguments; returns its int."""
    memory = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(bytes.fromhex(text))
    return ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()


# Frames as sandbox/host/protocol.h defines them.


def raw(data):
    while data:
        data = data[os.write(4, data) :]


def frame(header, *parts):
    import json

    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    lengths = struct.pack(f"<{len(parts)}Q", *map(len, parts))
    return struct.pack("<II", len(head), len(parts)) + head + lengths + b"".join(parts)


def frame_head(parts):
    """The beginning of output that announces so many parts, up to their lengths."""
    head = b'{"op":"out","stream":"out"}'
    return struct.pack("<II", len(head), parts) + head


def send(header, *parts):
    raw(frame(header, *parts))


def send_done(cell, **more):
    header = {"op": "done", "id": cell, "status": "ok", "answer": False, "draft": False, "variables": [],
              "dropped_out": 0, "dropped_err": 0, "dropped_value": 0}
    send({**header, **more}, b"", b"", b"", b"", b"forged", b"")
