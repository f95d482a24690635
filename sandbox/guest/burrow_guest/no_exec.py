"""The last step of the sandbox: a system call filter, on top of the launcher's, that forbids execve and readlink.

The launcher needed the one to become Python, and Python the other to find its libraries. Cells need neither, and
without a root of their own they would be told where the person's links lead."""
from burrow_guest import __builtins__

from burrow_guest.system import uname

# execve, readlink where there is one, readlinkat
_REFUSED = {"x86_64": (59, 89, 267), "aarch64": (221, 78), "riscv64": (221, 78)}
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

# Classic BPF (linux/filter.h): code u16, jump if true u8, jump if false u8, operand u32.
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _EPERM = 0x7FFF_0000, 0x0005_0001


def install():
    """Returns whether the filter is in place. It is not outside the sandbox, where no_new_privs is not set."""
    try:
        from burrow_guest.c_memory import Block, Int, Word, WordBlock, function

        steps = [(_LOAD, 0, 0, 0)]  # the number of the call
        for number in _REFUSED[uname().machine]:
            steps += [(_JUMP_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _EPERM)]
        steps.append((_RETURN, 0, 0, _ALLOW))
        program = Block(b"".join([_instruction(*step) for step in steps]))
        header = WordBlock((len(steps), program.address))  # struct sock_fprog
        prctl = function("prctl", Int, Int, Word, Word, Word, Word)
        return prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header.address, 0, 0) == 0
    except Exception:  # no _ctypes, or a machine that is not listed
        return False


def _instruction(code, if_true, if_false, operand):
    return code.to_bytes(2, "little") + bytes((if_true, if_false)) + operand.to_bytes(4, "little")
