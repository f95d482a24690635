"""Kernel: calls that a cell has no use for."""

# == mount: Mount a file system
# seen by: guest
# control: own namespaces
# quick: yes
call("mount", b"tmpfs", b"/dev", b"tmpfs", 0, None)

# == bind: Mount a folder elsewhere
# seen by: guest
# control: own namespaces
call("mount", b"/usr", b"/dev", None, 4096, None)

# == remount: Make its root writable
# seen by: guest
# control: own namespaces
call("mount", None, b"/", None, 32 | 4096 | 2, None)

# == unmount: Uncover what is mounted over
# seen by: guest
# control: own namespaces
any_of(lambda path: call("umount2", path, 2), [b"/scratch", b"/tmp", b"/proc", b"/"])

# == pivot: Change its root with pivot_root
# seen by: word
# control: own namespaces
syscall("pivot_root", b".", b".")
# -- control
call("mount", None, b"/", None, 0x4000 | 0x40000, None)
call("mount", b"tmpfs", b"/tmp", b"tmpfs", 0, None)
os.chdir("/tmp")
syscall("pivot_root", b".", b".")

# == chroot: Change its root
# seen by: guest
# control: own namespaces
os.chroot("/usr")

# == chroot-out: Leave its root by changing it twice
# seen by: secret
os.mkdir(scratch + "/" + mark)
os.chroot(scratch + "/" + mark)
for _ in range(100):
    os.chdir("..")
os.chroot(".")
print(open(secret_file).read())
# -- control
print(open(secret_file).read())

# == unshare-user: Make a user namespace
# seen by: guest
# control needs: user namespaces for everybody
# quick: yes
call("unshare", 0x10000000)

# == unshare-mounts: Make a mount namespace
# seen by: guest
# control: own namespaces
call("unshare", 0x20000)

# == unshare-files: Stop sharing its own descriptors
# seen by: word
call("unshare", 0x400)

# == enter-namespace: Enter a namespace
# seen by: word
# control: own namespaces
fd = os.open("/proc/self/ns/net", os.O_RDONLY)
try:
    call("setns", fd, 0)
finally:
    os.close(fd)

# == enter-process: Enter the namespaces of another process
# seen by: word
# control: none: takes rights over the whole machine
call("setns", syscall("pidfd_open", victim, 0), 0x20000)

# == new-mount-api: Mount with fsopen
# seen by: guest
# control: own namespaces
held = syscall("fsopen", b"tmpfs", 0)

# == open-tree: Detach a mount
# seen by: guest
# control: own namespaces
held = syscall("open_tree", -100, b"/", 1 | 0x8000)

# == move-mount: Move a mount
# seen by: word
# control: own namespaces
syscall("move_mount", -100, b"/dev", -100, b"/usr", 0)
# -- control
call("mount", None, b"/", None, 0x4000 | 0x40000, None)
call("mount", b"tmpfs", b"/tmp", b"tmpfs", 0, None)
syscall("move_mount", -100, b"/tmp", -100, b"/mnt", 0)

# == mount-flags: Change a mount's flags
# seen by: guest
# control: own namespaces
syscall("mount_setattr", -100, b"/scratch", 0, (ctypes.c_uint64 * 4)(0, 8), 32)
# -- control
syscall("mount_setattr", -100, b"/proc", 0, (ctypes.c_uint64 * 4)(8, 0), 32)

# == pick-mount: Take a mount to configure it
# seen by: guest
# control: own namespaces
held = syscall("fspick", -100, b"/proc", 0)

# == list-mounts: List mounts by number
# seen by: word
# control needs: listmount (Linux 6.8)
syscall("listmount", (ctypes.c_uint64 * 4)(32, 2**64 - 1), (ctypes.c_uint64 * 64)(), 64, 0)

# == io-uring: Hand calls to the kernel in a ring
# seen by: guest
# control needs: io_uring for everybody (kernel.io_uring_disabled)
# quick: yes
held = syscall("io_uring_setup", 8, ctypes.create_string_buffer(120))

# == old-aio: Hand reads and writes to the kernel
# seen by: word
# control needs: aio
syscall("io_setup", 8, ctypes.byref(ctypes.c_ulong()))

# == bpf: Load a program into the kernel
# seen by: guest
# control needs: BPF for everybody (kernel.unprivileged_bpf_disabled)
held = syscall("bpf", 0, (ctypes.c_uint32 * 32)(2, 4, 4, 1), 128)

# == perf: Measure processes with the kernel's counters
# seen by: guest
# control needs: counters for everybody (kernel.perf_event_paranoid)
attributes = (ctypes.c_uint32 * 32)(1, 128)
attributes[10] = 0x60
held = syscall("perf_event_open", attributes, 0, -1, -1, 0)

# == userfaultfd: Hold the kernel up at its own memory
# seen by: guest
# control needs: userfaultfd
held = syscall("userfaultfd", 1)

# == add-key: Keep a key in the kernel
# seen by: word
# control needs: keyrings
syscall("add_key", b"user", mark.encode(), b"x", 1, -2)

# == request-key: Ask the kernel for keys
# seen by: word
# control needs: keyrings
syscall("keyctl", 0, -3, 1, 0, 0)

# == key-session: Join a session's keys
# seen by: word
# control needs: keyrings
syscall("keyctl", 1, None, 0, 0, 0)

# == memory-file: Make a file in memory
# seen by: guest
held = os.memfd_create(mark)

# == secret-memory: Make memory that the host cannot look into
# seen by: guest
# control needs: secret memory
held = syscall("memfd_secret", 0)

# == load-module: Load a kernel module
# seen by: word
# control: none: takes rights over the whole machine
syscall("init_module", b"\x7fELF", 4, b"")

# == load-module-file: Load a kernel module from a file
# seen by: word
# control: none: takes rights over the whole machine
syscall("finit_module", os.open(os.__file__, os.O_RDONLY), b"", 0)

# == unload-module: Remove a kernel module
# seen by: word
# control: none: takes rights over the whole machine
syscall("delete_module", mark.encode(), 0)

# == load-kernel: Load another kernel
# seen by: word
# control: none: takes rights over the whole machine
syscall("kexec_load", 0, 0, None, 0)

# == reboot: Restart the machine
# seen by: word
# control: none: would restart the machine
syscall("reboot", 0xFEE1DEAD, 0x28121969, 0, None)

# == host-name: Rename the machine
# seen by: word
# control: own namespaces
socket.sethostname(mark)

# == domain-name: Give the machine another domain
# seen by: word
# control: own namespaces
call("setdomainname", mark.encode(), len(mark))

# == set-clock: Set the clock
# seen by: word
# control: none: would set the machine's clock
time.clock_settime(time.CLOCK_REALTIME, time.time())

# == set-time: Set the clock with the call of old
# seen by: word
# control: none: would set the machine's clock
call("settimeofday", (ctypes.c_long * 2)(int(time.time()), 0), None)

# == read-clock-state: Ask how the clock is disciplined
# seen by: word
syscall("clock_adjtime", 0, ctypes.create_string_buffer(256))

# == accounting: Have the kernel record all processes
# seen by: word
# control: none: takes rights over the whole machine
syscall("acct", None)

# == swap: Add a swap file
# seen by: word
# control: none: takes rights over the whole machine
syscall("swapon", (home + "/notes.txt").encode(), 0)

# == quota: Ask about disk quotas
# seen by: word
# control needs: quotas
syscall("quotactl", 0x800001, None, 0, None)

# == ports: Talk to hardware ports
# seen by: word
# control: none: takes rights over the whole machine
any_of(lambda call: syscall(*call), [("ioperm", 0x80, 1, 1), ("iopl", 3)])

# == segment: Change its table of segments
# seen by: word
# control needs: segments of its own
descriptor = (ctypes.c_uint32 * 4)(0, 0, 0xFFFFF, 0x51)
syscall("modify_ldt", 1, descriptor, 16)

# == personality: Behave like another system
# seen by: guest
syscall("personality", 0x0400000)

# == personality-ask: Ask which system it behaves like
# seen by: word
syscall("personality", 0xFFFFFFFF)

# == use-library: Load a library with the call of old
# seen by: word
# control: none: no kernel of today has it
syscall("uselib", b"/usr/lib/libc.so.6")

# == foreign-call: Call the kernel through the 32-bit interface
# seen by: word
# control needs: 32-bit programs
# quick: yes
if machine_code("53b814000000cd805bc3") <= 0:
    raise PermissionError("not answered")

# == foreign-fork: Fork through the 32-bit interface
# seen by: processes
# control: none: what it starts goes on in the middle of this code
machine_code("53b802000000cd805bc3")

# == x32: Call the kernel through the x32 interface
# seen by: word
# control needs: the x32 interface
syscall(0x40000000 + 39)

# == high-bits: Call the kernel with high bits in the number
# seen by: word
# control needs: a kernel that ignores them
syscall(0x100000000 + 41, 1, 1, 0)

# == unknown-calls: Call numbers that nobody knows
# seen by: word
# control: none: no kernel of today has them
any_of(lambda number: syscall(number, 0, 0, 0, 0, 0, 0), [*range(337, 424), *range(470, 1200), 1 << 20, -1 & 0x3FFFFFFF])

# == probe-calls: Call what the kernel keeps for its probes, and no filter sees
# seen by: word
# control: none: the kernel ends whoever calls them
# contained when: crashed
# contained by: the kernel ends whoever calls them
any_of(syscall, [335, 336])

# == forgotten-calls: Call what kernels have forgotten
# seen by: word
# control: none: no kernel of today has them
any_of(lambda number: syscall(number, 0, 0, 0, 0, 0, 0), [136, 156, 174, 177, 178, 180, 181, 182, 183, 184, 185, 205, 211, 214, 215, 236])

# == shared-memory-v: Make shared memory of System V
# seen by: machine
# quick: yes
syscall("shmget", ipc_key, 4096, 0o1666)

# == semaphores-v: Make semaphores of System V
# seen by: machine
syscall("semget", ipc_key, 1, 0o1666)

# == messages-v: Make a message queue of System V
# seen by: machine
syscall("msgget", ipc_key, 0o1666)

# == splice: Move bytes between pipes without copying
# seen by: word
reading, writing = os.pipe()
os.write(writing, b"x" * 8)
call("splice", reading, None, os.pipe()[1], None, 8, 0)

# == tee: Duplicate a pipe's bytes
# seen by: word
reading, writing = os.pipe()
os.write(writing, b"x" * 8)
call("tee", reading, os.pipe()[1], 8, 0)

# == vmsplice: Lend pages to a pipe
# seen by: word
place = ctypes.create_string_buffer(4096)
syscall("vmsplice", os.pipe()[1], (ctypes.c_uint64 * 2)(ctypes.addressof(place), 4096), 1, 0)

# == pipe-size: Make a pipe that holds much of the kernel's memory
# seen by: word
fcntl.fcntl(os.pipe()[0], 1031, 1 << 20)

# == signal-descriptor: Read signals from a descriptor
# seen by: guest
held = syscall("signalfd4", -1, (ctypes.c_uint64 * 1)(1 << 9), 8, 0)

# == timer-descriptor: Make a timer with a descriptor
# seen by: guest
held = call("timerfd_create", 1, 0)

# == landlock: Make a ruleset for Landlock
# seen by: guest
# control needs: Landlock
held = syscall("landlock_create_ruleset", (ctypes.c_uint64 * 1)(1), 8, 0)

# == filter-listener: Answer system calls itself
# seen by: guest
# control needs: listeners for filters
# quick: yes
rules = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(rules))
held = syscall("seccomp", 1, 8, program)
# -- control
libc.prctl(38, 1, 0, 0, 0)
rules = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(rules))
held = syscall("seccomp", 1, 8, program)

# == filter-over: Add a filter that allows everything, then connect
# seen by: network
rules = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(rules))
libc.prctl(22, 2, program, 0, 0)
socket.create_connection(("127.0.0.1", tcp_port))

# == filter-trace: Add a filter that asks a tracer, then connect
# seen by: network
rules = ctypes.create_string_buffer(struct.pack("HBBIHBBIHBBIHBBI", 0x20, 0, 0, 0, 0x15, 0, 1, 42, 6, 0, 0, 0x7FF00000, 6, 0, 0, 0x7FFF0000))
program = (ctypes.c_uint64 * 2)(4, ctypes.addressof(rules))
libc.prctl(22, 2, program, 0, 0)
socket.create_connection(("127.0.0.1", tcp_port))
# -- control
socket.create_connection(("127.0.0.1", tcp_port))

# == filter-own: Load code of its own into the kernel, as a filter
# seen by: word
rules = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(rules))
call("prctl", 22, 2, program, 0, 0)
# -- control
libc.prctl(38, 1, 0, 0, 0)
rules = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(rules))
call("prctl", 22, 2, program, 0, 0)

# == filter-wide: Load such code by number, with bits set that nobody looks at
# seen by: word
rules = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(rules))
any_of(lambda high: syscall(157, high << 32 | 22, 2, program, 0, 0), [1, 0xFFFFFFFF])
# -- control
libc.prctl(38, 1, 0, 0, 0)
rules = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(rules))
syscall(157, 1 << 32 | 22, 2, program, 0, 0)

# == filter-threads: Load such code into all of its threads
# seen by: word
rules = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(rules))
any_of(lambda flags: syscall("seccomp", 1, flags, program), [0, 1])
# -- control
libc.prctl(38, 1, 0, 0, 0)
rules = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(rules))
syscall("seccomp", 1, 0, program)

# == merged-memory: Have its memory merged with that of other programs
# seen by: word
# control needs: a kernel that merges memory
libc.mmap.restype = ctypes.c_void_p
memory = libc.mmap(None, ctypes.c_size_t(4096), 3, 0x22, -1, ctypes.c_long(0))
call("madvise", ctypes.c_void_p(memory), ctypes.c_size_t(4096), 12)

# == merged-process: Have all of its memory merged
# seen by: word
# control needs: a kernel that merges memory
call("prctl", 67, 1, 0, 0, 0)

# == paged-out: Put files that others use out of memory
# seen by: word
libc.mmap.restype = ctypes.c_void_p
size = os.path.getsize(os.__file__)
memory = libc.mmap(None, ctypes.c_size_t(size), 1, 2, os.open(os.__file__, os.O_RDONLY), ctypes.c_long(0))
call("madvise", ctypes.c_void_p(memory), ctypes.c_size_t(size), 21)

# == poisoned-memory: Declare memory broken
# seen by: word
# control: none: takes rights over the whole machine
libc.mmap.restype = ctypes.c_void_p
memory = libc.mmap(None, ctypes.c_size_t(4096), 3, 0x22, -1, ctypes.c_long(0))
any_of(lambda advice: call("madvise", ctypes.c_void_p(memory), ctypes.c_size_t(4096), advice), [100, 101])

# == old-entry: Map the kernel's entry for calls of 32 bits
# seen by: word
# control needs: programs of 32 bits
syscall(158, 0x2003, 0x10000000)

# == processor-identity: Have the processor hide what it is
# seen by: word
# control needs: a processor that can
syscall(158, 0x1012, 1)

# == strict-mode: Lock itself into strict mode
# seen by: word
# control: none: the kernel ends whoever goes on
call("prctl", 22, 1, 0, 0, 0)

# == dispatch: Divert its own system calls
# seen by: word
# control needs: the diversion of calls (Linux 5.11)
call("prctl", 59, 1, 1, 1 << 46, ctypes.byref(ctypes.c_char()))
# -- control
call("prctl", 59, 0, 0, 0, 0)

# == map-fields: Lie about where its memory lies
# seen by: word
# control needs: a kernel that can restore processes
call("prctl", 35, 15, ctypes.byref(ctypes.c_uint()), 0, 0)

# == speculation: Switch off the processor's guards
# seen by: word
# control needs: guards that can be switched
call("prctl", 53, 0, 2, 0, 0)

# == thread-name: Rename itself
# seen by: word
# contained when: ok
# contained by: it is its own name
call("prctl", 15, mark.encode(), 0, 0, 0)

# == terminal-input: Type into the terminal
# seen by: word
# control: none: the kernel of today refuses it
any_of(lambda fd: fcntl.ioctl(fd, 0x5412, b"x"), range(16))

# == terminal-console: Use the console's commands
# seen by: word
# control: none: needs a console
any_of(lambda fd: fcntl.ioctl(fd, 0x541C, b"\x02"), range(16))

# == terminal-own: Take a terminal as its own
# seen by: word
# control: none: needs a terminal
any_of(lambda fd: fcntl.ioctl(fd, 0x540E, 0), range(16))

# == control-high-bits: Hide a device's command behind high bits
# seen by: word
# control: none: the kernel of today refuses it
any_of(lambda fd: call("ioctl", fd, 0x5412 | 1 << 32, b"x"), range(16))

# == file-flags: Read a file's flags
# seen by: word
# control needs: a file system with flags
fcntl.ioctl(os.open(os.__file__, os.O_RDONLY), 0x80086601, b"\0" * 8)

# == file-map: Ask where on the disk a file lies
# seen by: word
# control needs: a file system that tells
fcntl.ioctl(os.open(os.__file__, os.O_RDONLY), 0xC020660B, b"\xff" * 32)
# -- control
fcntl.ioctl(os.open(os.__file__, os.O_RDONLY), 0xC020660B, struct.pack("QQIIII", 0, 2**63 - 1, 0, 0, 0, 0))

# == file-freeze: Freeze the file system
# seen by: word
# control: none: takes rights over the whole machine
fcntl.ioctl(0, 0xC0045877, 0)

# == asynchronous-read: Have reads signalled
# seen by: word
fcntl.fcntl(os.pipe()[0], fcntl.F_SETSIG, signal.SIGUSR1)

# == seals: Seal a file
# seen by: word
fcntl.fcntl(os.pipe()[0], 1033, 0)
# -- control
fcntl.fcntl(os.memfd_create(mark, os.MFD_ALLOW_SEALING), 1033, 1)

# == write-hint: Advise the disk
# seen by: word
fcntl.fcntl(os.open(os.__file__, os.O_RDONLY), 1036, struct.pack("Q", 2))
# -- control
fcntl.fcntl(os.open(document, os.O_RDWR), 1036, struct.pack("Q", 2))

# == cookie: Ask for a file's cookie
# seen by: word
# control: none: no kernel of today has it
syscall("lookup_dcookie", 1, ctypes.create_string_buffer(99), 99)

# == page-cache: Ask what of a file is in memory
# seen by: word
# control needs: cachestat (Linux 6.5)
syscall("cachestat", os.open(os.__file__, os.O_RDONLY), (ctypes.c_uint64 * 2)(), (ctypes.c_uint64 * 5)(), 0)

# == pages-in-memory: Ask which pages of the document others have read
# seen by: word
place = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
call("mincore", ctypes.byref(ctypes.c_char.from_buffer(place)), 4096, ctypes.create_string_buffer(1))

# == lock-memory: Keep memory from being paged out
# seen by: word
place = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
call("mlock", ctypes.byref(ctypes.c_char.from_buffer(place)), 4096)

# == lock-all-memory: Keep all its memory from being paged out
# seen by: word
# control needs: a limit above what Python takes
call("mlockall", 4)

# == security-module: Set the security module's attributes
# seen by: word
# control: none: needs another security module
syscall("lsm_set_self_attr", 100, ctypes.create_string_buffer(64), 64, 0)

# == shadow-stack: Map a stack of the processor's
# seen by: word
# control needs: a processor with shadow stacks
syscall(453, 0, 4096, 1)

# == protection-key: Take a protection key
# seen by: word
# control needs: a processor with protection keys
syscall(330, 0, 0)

# == remap-pages: Rearrange the pages of a file
# seen by: word
place = mmap.mmap(-1, 8192)
syscall(216, ctypes.byref(ctypes.c_char.from_buffer(place)), 4096, 0, 0, 0)

# == memory-policy: Choose where its memory lies
# seen by: word
# control needs: a kernel for machines with several nodes
syscall(238, 0, None, 0)
