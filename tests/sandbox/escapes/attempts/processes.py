"""Processes: others may not be touched, and nothing may outlive the guest."""

# == fork: Fork
# seen by: processes
# contained when: ok
# contained by: its process namespace ends with it, and its processes are counted
# quick: yes
if os.fork() == 0:
    time.sleep(600)
# -- control
if os.fork() == 0:
    os.closerange(0, 1024)
    time.sleep(600)

# == fork-bomb: Fork until it is refused
# seen by: resources
# contained when: ok, killed, crashed, timed out, out of memory
# contained by: a limit on its processes
for _ in range(700):
    if os.fork() == 0:
        time.sleep(600)

# == daemon: Leave a daemon behind
# seen by: processes
# contained when: ok
# contained by: its process namespace ends with it
# quick: yes
if os.fork() == 0:
    os.closerange(0, 1024)
    try:
        os.setsid()
    except OSError:
        pass
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)

# == clone: Make a process with clone()
# seen by: processes
# contained when: ok
# contained by: its process namespace ends with it
if syscall("clone", 17, None, None, None, None) == 0:
    os.closerange(0, 1024)
    time.sleep(600)

# == clone-namespaces: Make a process in namespaces of its own
# seen by: processes
if syscall("clone", 17 | 0x10000000, None, None, None, None) == 0:
    os.closerange(0, 1024)
    time.sleep(600)

# == clone-parent: Make a process that is its parent's child
# seen by: processes
# contained when: ok
# contained by: it is the child of the sandbox' first process, is counted, and ends with the guest
if syscall("clone", 17 | 0x8000, None, None, None, None) == 0:
    os.closerange(0, 1024)
    time.sleep(600)
# -- control
if os.fork() == 0:
    os.closerange(0, 1024)
    time.sleep(600)

# == clone-untraced: Make a process without a signal at its end
# seen by: processes
# contained when: ok
# contained by: its process namespace ends with it
if syscall("clone", 0, None, None, None, None) == 0:
    os.closerange(0, 1024)
    time.sleep(600)

# == clone3: Make a process with clone3()
# seen by: processes
if syscall("clone3", (ctypes.c_uint64 * 11)(0, 0, 0, 0, 17), 88) == 0:
    os.closerange(0, 1024)
    time.sleep(600)

# == old-fork: Fork with the call of old
# seen by: processes
# contained when: ok
# contained by: its process namespace ends with it
if syscall("fork") == 0:
    os.closerange(0, 1024)
    time.sleep(600)

# == spawn: Start a program with posix_spawn
# seen by: processes
os.posix_spawn("/bin/sleep", ["sleep", "600"], {})

# == subprocess: Start a program
# seen by: word
subprocess.run(["/bin/true"], check=True)

# == shell: Start a shell
# seen by: files
if os.system(f"echo {mark} > {home}/{mark}") != 0:
    raise PermissionError("no shell")

# == popen: Start a program through the C library
# seen by: word
libc.popen.restype = ctypes.c_void_p
if not libc.popen(b"true", b"r"):
    raise PermissionError("no pipe to a program")

# == multiprocessing: Start a worker process
# seen by: word
# contained when: ok
# contained by: its process namespace ends with it, and its processes are counted
import multiprocessing

worker = multiprocessing.get_context("fork").Process(target=os._exit, args=(0,))
worker.start()
worker.join(1)
if worker.exitcode != 0:
    raise PermissionError("no worker")
# -- control
if os.fork() == 0:
    os._exit(0)

# == exec: Become another Python
# seen by: network
# quick: yes
code = f"import socket; socket.create_connection(('127.0.0.1', {tcp_port}))"
os.execv(sys.executable, [sys.executable, "-c", code])

# == exec-descriptor: Become a program by its descriptor
# seen by: word
# control: none: the caller would be gone
os.execve(os.open(sys.executable, os.O_RDONLY), ["python"], {})

# == exec-at: Become a program with execveat
# seen by: word
# control: none: the caller would be gone
syscall("execveat", -100, sys.executable.encode(), None, None, 0)

# == exec-memory: Become a program that lies in memory alone
# seen by: guest
held = os.memfd_create(mark)
os.write(held, open(sys.executable, "rb").read(1 << 16))

# == exec-scratch: Run a program from its scratch folder
# seen by: word
name = scratch + "/" + mark
open(name, "w").write("#!/bin/sh\ntrue\n")
os.chmod(name, 0o700)
subprocess.run([name], check=True)

# == exec-loader: Run a program through the dynamic linker
# seen by: word
# control: none: the caller would be gone
os.execv("/lib64/ld-linux-x86-64.so.2", ["ld", sys.executable])

# == setuid-program: Run a program with root's rights
# seen by: word
# control needs: such a program
os.waitpid(any_of(lambda name: os.posix_spawn(name, [name, "--help"], {}), ["/bin/su", "/bin/mount"]), 0)

# == map-code: Run native code that it brought along
# seen by: word
# contained when: ok
# contained by: native code may make no more system calls than Python may
if machine_code("b82a000000c3") != 42:
    raise PermissionError("not run")

# == kill: Kill another process
# seen by: victim
# quick: yes
os.kill(victim, signal.SIGKILL)

# == stop: Stop another process
# seen by: victim
os.kill(victim, signal.SIGSTOP)

# == signal: Send a signal to another process
# seen by: victim
os.kill(victim, signal.SIGUSR1)

# == kill-host: Kill the program itself
# seen by: host
os.kill(host, signal.SIGKILL)

# == kill-waiter: Signal the process that waits for the guest
# seen by: word
os.kill(os.getppid() or 1, 0)

# == kill-group: Signal its process group
# seen by: word
os.kill(0, 0)

# == kill-group-by-id: Signal another process group
# seen by: victim
os.killpg(os.getpgid(victim), signal.SIGUSR1)

# == kill-all: Kill every process that it may
# seen by: word
# control: own namespaces
os.kill(-1, signal.SIGKILL)
# -- control
if os.fork() == 0:
    time.sleep(600)
os.kill(-1, signal.SIGKILL)

# == kill-scan: Look for processes by signalling every id
# seen by: word
any_of(lambda pid: os.kill(pid, 0), range(2, 3000))
# -- control
any_of(lambda pid: os.kill(pid, 0), [victim, host])

# == tgkill: Signal another process' thread
# seen by: victim
# quick: yes
syscall("tgkill", victim, victim, signal.SIGUSR1)

# == tkill: Signal a thread of old
# seen by: victim
syscall("tkill", victim, signal.SIGUSR1)

# == tgkill-mixed: Signal another process' thread as one of its own
# seen by: word
# control: none: the kernel refuses it to everybody
syscall("tgkill", os.getpid(), victim, signal.SIGUSR1)

# == tgkill-wide: Signal another process by an id with high bits
# seen by: victim
syscall("tgkill", victim | 1 << 32, victim | 1 << 32, signal.SIGUSR1)

# == queue-signal: Queue a signal with data for another process
# seen by: victim
info = (ctypes.c_int * 32)(signal.SIGUSR1, 0, -1)
syscall(129, victim, signal.SIGUSR1, info)

# == queue-thread-signal: Queue a signal with data for another thread
# seen by: victim
info = (ctypes.c_int * 32)(signal.SIGUSR1, 0, -1)
syscall(297, victim, victim, signal.SIGUSR1, info)

# == own-descriptor: Have a pipe signal another process
# seen by: victim
# quick: yes
reading, writing = os.pipe()
fcntl.fcntl(reading, fcntl.F_SETOWN, victim)
fcntl.fcntl(reading, fcntl.F_SETSIG, signal.SIGUSR1)
fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
os.write(writing, b"x")

# == own-descriptor-thread: Have a pipe signal another thread
# seen by: victim
reading, writing = os.pipe()
fcntl.fcntl(reading, 15, struct.pack("ii", 0, victim))
fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
os.write(writing, b"x")

# == timer: Make a timer of the kernel's
# seen by: word
timer = ctypes.c_int()
syscall("timer_create", 1, None, ctypes.byref(timer))

# == queue-notice: Make a message queue that signals
# seen by: word
syscall("mq_open", (mark + "-queue").encode(), os.O_CREAT | os.O_RDWR, 0o600, None)
# -- control
syscall("mq_open", (mark + "-queue").encode(), os.O_CREAT | os.O_RDWR, 0o600, None)
syscall(241, (mark + "-queue").encode())

# == pidfd: Hold another process
# seen by: guest
held = syscall("pidfd_open", victim, 0)

# == pidfd-self: Hold itself
# seen by: guest
held = syscall("pidfd_open", os.getpid(), 0)

# == pidfd-signal: Signal another process by its folder in /proc
# seen by: victim
syscall("pidfd_send_signal", os.open(f"/proc/{victim}", os.O_RDONLY), signal.SIGUSR1, None, 0)

# == pidfd-descriptor: Take a descriptor from another process
# seen by: secret
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
print(os.pread(syscall("pidfd_getfd", syscall("pidfd_open", victim, 0), 0, 0), 99, 0))

# == ptrace: Attach to another process
# seen by: victim
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
# quick: yes
syscall("ptrace", 16, victim, 0, 0)

# == ptrace-seize: Seize another process
# seen by: victim
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
syscall("ptrace", 0x4206, victim, 0, 0)

# == ptrace-me: Ask to be traced
# seen by: guest
syscall("ptrace", 0, 0, 0, 0)

# == ptrace-child: Trace a child of its own
# seen by: word
child = os.fork()
if child == 0:
    time.sleep(600)
syscall("ptrace", 16, child, 0, 0)

# == read-memory: Read another process' memory
# seen by: secret
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
print(search_memory(victim, read_by_call))

# == read-memory-file: Read another process' memory through /proc
# seen by: secret
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
print(search_memory(victim, read_by_file))

# == write-memory: Write another process' memory
# seen by: word
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
address = next(iter(writable_memory(victim)))[0]
part = (ctypes.c_uint64 * 2)(address, 8)
own = (ctypes.c_uint64 * 2)(ctypes.addressof(part), 8)
syscall("process_vm_writev", victim, own, 1, part, 1, 0)

# == read-own-memory: Read its own memory with the call for others
# seen by: word
place = ctypes.create_string_buffer(8)
own = (ctypes.c_uint64 * 2)(ctypes.addressof(place), 8)
syscall("process_vm_readv", os.getpid(), own, 1, own, 1, 0)

# == own-memory-file: Write its own memory through /proc
# seen by: word
with open("/proc/self/mem", "r+b", 0) as file:
    place = ctypes.create_string_buffer(8)
    file.seek(ctypes.addressof(place))
    file.write(b"x")

# == compare: Compare what two processes have open
# seen by: word
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
syscall("kcmp", os.getpid(), victim, 0, 0, 0)

# == advise-memory: Have another process' memory paged out
# seen by: word
# control: none: takes a right that only root has
syscall("process_madvise", 3, (ctypes.c_uint64 * 2)(id(None) & -4096, 4096), 1, 21, 0)

# == release-memory: Release another process' memory
# seen by: word
# control: none: takes a process that is being killed
syscall("process_mrelease", 3, 0)

# == move-memory: Move another process' memory between nodes
# seen by: word
# control needs: a kernel for machines with several nodes
syscall("migrate_pages", victim, 64, (ctypes.c_ulong * 1)(1), (ctypes.c_ulong * 1)(1))

# == robust-list: Ask for another process' list of locks
# seen by: word
# control needs: rights over its user's processes (kernel.yama.ptrace_scope)
syscall(274, victim, ctypes.byref(ctypes.c_void_p()), ctypes.byref(ctypes.c_size_t()))

# == limits-of-victim: Lower another process' limits
# seen by: victim
import resource

resource.prlimit(victim, resource.RLIMIT_NOFILE, (5, 5))

# == limits-read: Read another process' limits
# seen by: word
import resource

resource.prlimit(victim, resource.RLIMIT_NOFILE)

# == priority-of-victim: Lower another process' priority
# seen by: victim
os.setpriority(os.PRIO_PROCESS, victim, 15)

# == priority-of-all: Lower the priority of all its user's processes
# seen by: victim
os.setpriority(os.PRIO_USER, 0, 15)
# -- control
os.setpriority(os.PRIO_PROCESS, victim, 15)

# == disk-priority-of-victim: Lower another process' priority for the disk
# seen by: victim
syscall("ioprio_set", 1, victim, 3 << 13)

# == asked-affinity: Ask on which processors another process may run
# seen by: word
os.sched_getaffinity(victim)

# == asked-lock: Learn from a lock whether the process exists that should hold it
# seen by: word
lock = (ctypes.c_uint32 * 1)(victim)
try:
    syscall(202, lock, 6, 0, (ctypes.c_int64 * 2)(0, 0), 0, 0)  # until 1970
except OSError as error:
    if error.errno != 110:  # its time was up: somebody holds it
        raise

# == thread-descriptor: Get a descriptor of a process with a new thread
# seen by: word
# control needs: descriptors of threads
# mov eax, 56; mov edi, CLONE_VM | … | CLONE_THREAD | CLONE_PIDFD; xor esi, esi; lea rdx, [rip + 237]; xor r10d, r10d;
# xor r8d, r8d; syscall; test rax, rax; je 1f; mov ecx, 1 << 27; 2: loop 2b; ret; 1: mov eax, 60; xor edi, edi; syscall
made = machine_code(
    "b838000000 bf001f0500 31f6 488d15ed000000 4531d2 4531c0 0f05 4885c0 7408 b900000008 e2fe c3 b83c000000 31ff 0f05"
)
if made < 0:
    raise OSError(-made, os.strerror(-made))

# == affinity-of-victim: Bind another process to one processor
# seen by: victim
# control needs: more than one processor
os.sched_setaffinity(victim, {0})

# == policy-of-victim: Change how another process is scheduled
# seen by: victim
os.sched_setscheduler(victim, os.SCHED_IDLE, os.sched_param(0))

# == policy-attributes: Change how another process is scheduled, with attributes
# seen by: victim
syscall("sched_setattr", victim, (ctypes.c_uint32 * 12)(48, 5), 0)

# == raise-limits: Raise its own limits
# seen by: guest
# blocked with: ValueError
# quick: yes
import resource

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard // 2 + 1, hard))

# == raise-own-limits: Raise its own limits with prlimit
# seen by: guest
import resource

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.prlimit(0, resource.RLIMIT_NOFILE, (hard // 2 + 1, hard))

# == raise-memory: Raise its own limit on memory
# seen by: word
# control: none: takes a right that only root has
# blocked with: ValueError
import resource

resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

# == raise-priority: Raise its own priority
# seen by: word
# control: none: takes a right that only root has
os.setpriority(os.PRIO_PROCESS, 0, -10)

# == own-priority: Change its own priority
# seen by: guest
os.nice(3)

# == own-policy: Run in real time
# seen by: word
# control: none: takes a right that only root has
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))

# == own-affinity: Choose its own processors
# seen by: guest
# control needs: more than one processor
os.sched_setaffinity(0, {0})

# == session: Leave its session
# seen by: guest
os.setsid()

# == group: Leave its process group
# seen by: guest
os.setpgid(0, 0)

# == become-root: Become root
# seen by: guest
# control: none: takes a right that only root has
os.setresuid(0, 0, 0)

# == become-another: Become another user
# seen by: word
# control: none: takes a right that only root has
any_of(lambda user: os.setresuid(user, user, user), [0, 1, 1000, 65534, os.getuid() + 1])

# == change-group: Become another group
# seen by: word
# control: none: takes a right that only root has
any_of(lambda group: os.setresgid(group, group, group), [0, 5, 27, os.getgid() + 1])

# == add-groups: Join more groups
# seen by: word
# control: none: takes a right that only root has
os.setgroups([0, 27])

# == same-user: Change to the user that it is
# seen by: word
os.setresuid(-1, -1, -1)

# == gain-capability: Take capabilities
# seen by: guest
# control: own namespaces
call("capset", (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(1 << 21, 1 << 21, 1 << 21))

# == ambient-capability: Hand capabilities to programs
# seen by: word
# control: none: takes a right that only root has
call("prctl", 47, 2, 21, 0, 0)

# == keep-capabilities: Keep capabilities through a change of user
# seen by: word
call("prctl", 8, 1, 0, 0, 0)

# == not-dumpable: Hide itself from the host
# seen by: word
call("prctl", 4, 0, 0, 0, 0)

# == tracer: Name a process that may trace it
# seen by: word
# control needs: Yama
call("prctl", 0x59616D61, victim, 0, 0, 0)

# == subreaper: Adopt the orphans of its processes
# seen by: word
call("prctl", 36, 1, 0, 0, 0)

# == no-death-signal: Outlive the program by clearing the signal of its death
# needs: a killed host
# seen by: processes
# contained when: killed
# contained by: the kernel ends it with the program
# quick: yes
try:
    call("prctl", 1, 0, 0, 0, 0)
except OSError:
    pass
while True:
    time.sleep(1)

# == ignore-all-signals: Outlive the program by ignoring signals
# needs: a killed host
# seen by: processes
# contained when: killed
# contained by: the kernel ends it with the program
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass

# == closed-pipes: Outlive the program by closing its pipes
# needs: a killed host
# seen by: processes
# contained when: killed
# contained by: the kernel ends it with the program
os.closerange(0, 1024)
while True:
    time.sleep(1)

# == outliving-child: Outlive the program in a child
# needs: a killed host
# seen by: processes
# contained when: killed
# contained by: the kernel ends it with the program
try:
    if os.fork() == 0:
        os.closerange(0, 1024)
        os.setsid()
except OSError:
    pass
while True:
    time.sleep(1)

# == outliving-thread: Outlive the program in a thread
# needs: a killed host
# seen by: processes
# contained when: killed
# contained by: the kernel ends it with the program
threading.Thread(target=time.sleep, args=(600,)).start()
while True:
    time.sleep(1)

# == alarm: Leave an alarm running for the next cell
# seen by: host
# control: none: the next cell always runs, or is told of its process' end
# contained when: ok, crashed
# contained by: alarms are cleared after each cell, or end its process alone
signal.setitimer(signal.ITIMER_REAL, 0.01)
signal.setitimer(signal.ITIMER_VIRTUAL, 0.01)
signal.setitimer(signal.ITIMER_PROF, 0.01)
