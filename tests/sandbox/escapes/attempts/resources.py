"""Resources: memory, processor, disk and descriptors are bounded."""

# == memory-at-once: Take 1 GB at once
# seen by: resources
# blocked with: MemoryError
# contained when: out of memory
# contained by: a limit on its memory
# quick: yes
held = bytearray(b"x") * (1 << 30)

# == memory-in-steps: Take 1 GB in steps
# seen by: resources
# blocked with: MemoryError
# contained when: out of memory
# contained by: a limit on its memory
held = []
for _ in range(1024):
    held.append(bytearray(b"x") * (1 << 20))

# == memory-shared: Take 1 GB of memory that is shared
# seen by: resources
# contained when: out of memory
# contained by: a limit on its memory
held = mmap.mmap(-1, 1 << 30)
for at in range(0, 1 << 30, 4096):
    held[at] = 1

# == memory-unmapped: Take 1 GB that is shared, and map next to nothing of it
# seen by: resources
held = []
for _ in range(4):
    held.append(mmap.mmap(-1, 256 << 20))
    for at in range(0, 256 << 20, 4096):
        held[-1][at] = 1
    start = ctypes.addressof(ctypes.c_char.from_buffer(held[-1]))
    libc.munmap(ctypes.c_void_p(start + 4096), ctypes.c_size_t((256 << 20) - 4096))
time.sleep(1)
# -- control
held = bytearray(b"x") * (1 << 30)

# == memory-orphans: Take 1 GB in processes whose first threads have ended
# seen by: resources
# contained when: out of memory
# contained by: a limit on the memory of it and its processes together


def take():
    time.sleep(0.5)
    global held
    held = bytearray(b"x") * (128 << 20)
    time.sleep(600)


for _ in range(8):
    if os.fork() == 0:
        threading.Thread(target=take).start()
        libc.syscall({"x86_64": 60}.get(os.uname().machine, 93), 0)
time.sleep(10)
# -- control
held = bytearray(b"x") * (1 << 30)

# == memory-reserved: Reserve a terabyte
# seen by: word
libc.mmap.restype = ctypes.c_long
checked(libc.mmap(None, ctypes.c_size_t(1 << 40), 0, 0x4022, -1, ctypes.c_long(0)))

# == memory-threads: Take 1 GB in many threads
# seen by: resources
# blocked with: MemoryError
# contained when: out of memory
# contained by: a limit on its memory
held = [None] * 16
errors = []


def take(index):
    try:
        held[index] = bytearray(b"x") * (64 << 20)
    except MemoryError as error:
        errors.append(error)


threads = [threading.Thread(target=take, args=(index,)) for index in range(16)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
if errors:
    raise errors[0]

# == memory-children: Take 1 GB in children
# seen by: word
# contained when: ok, out of memory, killed
# contained by: a limit on the memory of it and its processes together
children = []
for _ in range(8):
    child = os.fork()
    if child == 0:
        held = bytearray(b"x") * (128 << 20)
        time.sleep(600)
    children.append(child)
time.sleep(1)
# -- control
os.fork() or os._exit(0)

# == mappings-children: Let the kernel keep two million mappings
# seen by: word
# contained when: out of memory
# contained by: what the kernel keeps of them counts as memory
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
for number in range(30_000):
    libc.mmap(None, 4096, 1 + number % 2 * 2, 0x22, -1, 0)  # of two kinds, or they would be one
for _ in range(70):
    if os.fork() == 0:
        time.sleep(600)
time.sleep(10)
# -- control
os.fork() or os._exit(0)

# == huge-pages: Take huge pages
# seen by: word
# control needs: huge pages that are set aside
libc.mmap.restype = ctypes.c_long
checked(libc.mmap(None, ctypes.c_size_t(2 << 20), 3, 0x40022, -1, ctypes.c_long(0)))

# == huge-pages-later: Turn memory into huge pages
# seen by: word
# control needs: huge pages
libc.mmap.restype = ctypes.c_void_p
start = libc.mmap(None, ctypes.c_size_t(8 << 20), 3, 0x22, -1, ctypes.c_long(0))
start = (start + (2 << 20) - 1) & -(2 << 20)
ctypes.memset(start, 1, 4 << 20)
call("madvise", ctypes.c_void_p(start), ctypes.c_size_t(4 << 20), 25)

# == one-big-file: Write 64 MB into scratch
# seen by: files
# quick: yes
with open(scratch + "/" + mark, "wb") as file:
    for _ in range(64):
        file.write(b"x" * (1 << 20))

# == sparse-file: Make a file of a terabyte
# seen by: files
os.truncate(os.open(scratch + "/" + mark, os.O_CREAT | os.O_RDWR), 1 << 40)

# == allocated-file: Set a gigabyte of disk aside
# seen by: files
# control needs: that much room
os.posix_fallocate(os.open(scratch + "/" + mark, os.O_CREAT | os.O_RDWR), 0, 1 << 30)

# == many-files: Make 30,000 files
# seen by: files
for number in range(30_000):
    os.close(os.open(f"{scratch}/{mark}-{number}", os.O_CREAT))

# == deep-folders: Make folders in one another for ever
# seen by: files
# contained when: timed out
# contained by: limits on scratch and time
os.chdir(scratch)
for _ in range(30_000):
    os.mkdir("d")
    os.chdir("d")
# -- control
os.mkdir(scratch + "/" + mark)

# == deleted-files: Keep deleted files open
# seen by: word
held = []
for number in range(64):
    fd = os.open(scratch + "/" + mark, os.O_CREAT | os.O_RDWR)
    os.unlink(scratch + "/" + mark)
    os.write(fd, b"x" * (1 << 20))
    held.append(fd)

# == descriptors: Open 600 files at once
# seen by: word
held = [open("/dev/null") for _ in range(600)]

# == pipes: Make 300 pipes and fill them
# seen by: word
held = []
for _ in range(300):
    held.append(os.pipe())
    os.write(held[-1][1], b"x" * 65536)

# == pipes-children: Fill as many pipes in each of 40 children
# seen by: word
# control: none: the kernel bounds them for everybody
# contained by: past 64 MiB the kernel gives a user small pipes alone
made, telling = os.pipe()
for _ in range(40):
    if os.fork() == 0:
        held = []
        try:
            while True:
                held.append(os.pipe())
        except OSError:
            pass
        os.write(telling, struct.pack("q", sum(fcntl.fcntl(end, 1032) for end, _ in held)))
        time.sleep(600)
if sum(struct.unpack("q", os.read(made, 8))[0] for _ in range(40)) < 128 << 20:
    raise BlockingIOError("the pipes became small")

# == epoll: Use up what all of the person's programs together may watch with epoll
# seen by: word
import select

held = [select.epoll() for _ in range(10)]

# == threads: Start 10,000 threads
# seen by: resources
# blocked with: RuntimeError
# quick: yes
import _thread

stop = threading.Event()
try:
    for _ in range(10_000):
        # Thread.start() would wait for ever for one that has too little memory to begin.
        _thread.start_new_thread(stop.wait, ())
finally:
    time.sleep(0.2)

# == endless-loop: Compute for ever
# seen by: resources
# contained when: timed out
# contained by: a limit on its time
while True:
    pass

# == endless-call: Compute for ever in one call
# seen by: resources
# contained when: timed out
# contained by: a limit on its time
sum(range(10**12))

# == huge-power: Compute a huge power
# seen by: resources
# blocked with: MemoryError
# contained when: timed out
# contained by: a limit on its time
9**9**9 % 7

# == bad-pattern: Match a pattern that takes for ever
# seen by: resources
# contained when: timed out
# contained by: a limit on its time
import re

re.match(r"(a+)+$", "a" * 100 + "b")

# == ignored-interrupt: Ignore being interrupted
# seen by: resources
# contained when: timed out
# contained by: it is ended when it does not react
# quick: yes
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    pass

# == caught-interrupt: Catch every exception
# seen by: resources
# contained when: timed out
# contained by: it is ended when it does not react
while True:
    try:
        while True:
            time.sleep(0.01)
    except BaseException:
        pass

# == blocked-signals: Block every signal
# seen by: resources
# contained when: timed out
# contained by: it is ended when it does not react
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
while True:
    time.sleep(0.01)

# == endless-sleep: Sleep for ever
# seen by: resources
# contained when: timed out
# contained by: a limit on its time
time.sleep(10**6)

# == deadlock: Wait for itself
# seen by: resources
# contained when: timed out
# contained by: a limit on its time
lock = threading.Lock()
lock.acquire()
lock.acquire()

# == busy-threads: Compute in threads that outlive the cell
# seen by: host
# control: none: the next cell always runs, or is told of its process' end
# contained when: ok
# contained by: the next cell gets its time, or the process is ended
def busy():
    while True:
        pass


for _ in range(4):
    threading.Thread(target=busy, daemon=True).start()

# == alarm-storm: Interrupt itself a million times a second
# seen by: host
# control: none: the next cell always runs, or is told of its process' end
# contained when: ok, timed out
# contained by: alarms are cleared after each cell
signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)

# == recursion: Call itself without end
# seen by: host
# control: none: how the cell ends shows that its process is the only one that suffers
# blocked with: RecursionError, MemoryError
# contained when: crashed, out of memory
# contained by: its process alone dies
sys.setrecursionlimit(10**9)


def again(value):
    return [again(value)]


again(1)

# == deep-structure: Build what cannot be taken apart
# seen by: host
# control: none: how the cell ends shows that its process is the only one that suffers
# contained when: ok, crashed
# contained by: its process alone dies
held = []
for _ in range(10**6):
    held = [held]

# == core: Crash and leave a dump of its memory
# seen by: files
# control: none: where a dump goes is the system's choice
# contained when: crashed
# contained by: its process alone dies, and no dump is written
os.chdir(scratch)
os.abort()

# == much-output: Print 1 GB
# seen by: host
# control: none: the host is the same with and without a sandbox
# contained when: ok, timed out
# contained by: the host keeps the beginning and the end
for _ in range(1 << 14):
    print("x" * (1 << 16))

# == many-lines: Print ten million lines
# seen by: host
# control: none: the host is the same with and without a sandbox
# contained when: ok, timed out
# contained by: the host keeps the beginning and the end
for _ in range(10_000_000):
    print()

# == much-bare-output: Write 1 GB to the bare standard error
# seen by: host
# control: none: the host is the same with and without a sandbox
# contained when: ok, timed out
# contained by: the host keeps 4 KB
for _ in range(1 << 14):
    os.write(2, b"x" * (1 << 16))

# == huge-value: End a cell with a value of 100 MB
# seen by: host
# control: none: the host is the same with and without a sandbox
# blocked with: MemoryError
# contained when: ok, timed out, out of memory
# contained by: the host keeps the beginning and the end
"x" * (100 << 20)

# == huge-error: Raise with a message of 50 MB
# seen by: host
# control: none: the host is the same with and without a sandbox
# blocked with: RuntimeError, MemoryError
# contained when: raised, timed out, out of memory
# contained by: the host keeps the beginning and the end
raise RuntimeError("x" * (50 << 20))

# == many-variables: Make 300,000 variables
# seen by: host
# control: none: the host is the same with and without a sandbox
# contained when: ok, crashed, timed out, out of memory
# contained by: the host bounds what it is told of them
globals().update((f"variable_{number}", number) for number in range(300_000))

# == many-filters: Fill the kernel with filters
# seen by: word
# control: none: the kernel bounds them for everybody
rules = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000) * 4000)
program = (ctypes.c_uint64 * 2)(4000, ctypes.addressof(rules))
for _ in range(1000):
    call("prctl", 22, 2, program, 0, 0)
