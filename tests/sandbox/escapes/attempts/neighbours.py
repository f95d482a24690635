"""Neighbours: a guest may not reach another one of the same program, whose user may be its own."""

# == neighbour-kill: Kill another guest
# needs: a neighbour
# seen by: victim
# quick: yes
os.kill(neighbour, signal.SIGKILL)

# == neighbour-tgkill: Kill a thread of another guest
# needs: a neighbour
# seen by: victim
syscall("tgkill", neighbour, neighbour, signal.SIGKILL)

# == neighbour-ptrace: Attach to another guest
# needs: a neighbour
# seen by: word
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
syscall("ptrace", 16, neighbour, 0, 0)
# -- control
syscall("ptrace", 0x4206, neighbour, 0, 0)

# == neighbour-memory: Read another guest's memory
# needs: a neighbour
# seen by: secret
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
# quick: yes
print(search_memory(neighbour, read_by_call))

# == neighbour-memory-file: Read another guest's memory through /proc
# needs: a neighbour
# seen by: secret
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
print(search_memory(neighbour, read_by_file))

# == neighbour-descriptor: Take another guest's pipe to the host
# needs: a neighbour
# seen by: word
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
held = syscall("pidfd_getfd", syscall("pidfd_open", neighbour, 0), 4, 0)

# == neighbour-frames: Speak to the host in another guest's name
# needs: a neighbour
# seen by: victim
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
with open(f"/proc/{neighbour}/fd/4", "wb", 0) as pipe:
    pipe.write(b"\xff" * 64)

# == neighbour-files: See another guest's scratch files
# needs: a neighbour
# seen by: word
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
os.listdir(f"/proc/{neighbour}/cwd")

# == neighbour-limits: Lower another guest's limits
# needs: a neighbour
# seen by: word
import resource

resource.prlimit(neighbour, resource.RLIMIT_NOFILE, (100, 100))

# == neighbour-priority: Slow another guest down
# needs: a neighbour
# seen by: word
os.setpriority(os.PRIO_PROCESS, neighbour, 10)

# == neighbour-affinity: Bind another guest to a processor
# needs: a neighbour
# seen by: word
os.sched_setaffinity(neighbour, {0})

# == neighbour-namespace: Enter another guest's namespaces
# needs: a neighbour
# seen by: guest
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
held = os.open(f"/proc/{neighbour}/ns/net", os.O_RDONLY)

# == neighbour-shared-memory: Share memory with another guest
# needs: a neighbour
# seen by: machine
syscall("shmget", ipc_key, 4096, 0o1666)

# == neighbour-abstract: Wait for another guest at an abstract socket
# needs: a neighbour
# seen by: machine
held = socket.socket(socket.AF_UNIX)
held.bind("\0" + mark + "-bound")

# == neighbour-scan: Look for other guests by their ids
# needs: a neighbour
# seen by: word
any_of(os.getpgid, [neighbour, victim, host])
