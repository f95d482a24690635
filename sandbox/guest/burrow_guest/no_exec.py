"""The last step of the sandbox: a system call filter, on top of the launcher's, that forbids execve, readlink and any
further filter.

The launcher needed the first to become Python, Python the second to find its libraries, and this module the third.
Cells need none of them. Without a root of its own they would be told where the person's links lead; and what filters
take of the kernel's memory for code counts for the whole machine."""
from burrow_guest import __builtins__

from burrow_guest.system import uname

# prctl, seccomp; execve, readlink where there is one, readlinkat
_CALLS = {"x86_64": (157, 317, 59, 89, 267), "aarch64": (167, 277, 221, 78), "riscv64": (167, 277, 221, 78)}
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

# Classic BPF (linux/filter.h): code u16, jump if true u8, jump if false u8, operand u32.
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER, _ARGUMENT = 0, 16  # where seccomp_data has them
_ALLOW, _EPERM = 0x7FFF_0000, 0x0005_0001


def install():
    """Returns whether the filter is in place. It is not outside the sandbox, where no_new_privs is not set."""
    try:
        from burrow_guest.c_memory import Block, Int, Word, WordBlock, function

        prctl_number, *refused = _CALLS[uname().machine]
        steps = [(_LOAD, 0, 0, _NUMBER)]
        for number in refused:
            steps += [(_JUMP_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _EPERM)]
        steps += [(_JUMP_IF_EQUAL, 0, 3, prctl_number), (_LOAD, 0, 0, _ARGUMENT)]
        steps += [(_JUMP_IF_EQUAL, 0, 1, _PR_SET_SECCOMP), (_RETURN, 0, 0, _EPERM), (_RETURN, 0, 0, _ALLOW)]
        program = Block(b"".join([_instruction(*step) for step in steps]))
        header = WordBlock((len(steps), program.address))  # struct sock_fprog
        prctl = function("prctl", Int, Int, Word, Word, Word, Word)
        return prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header.address, 0, 0) == 0
    except Exception:  # no _ctypes, or a machine that is not listed
        return False


def _instruction(code, if_true, if_false, operand):
    return code.to_bytes(2, "little") + bytes((if_true, if_false)) + operand.to_bytes(4, "little")
