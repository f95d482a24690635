"""Files: what a cell may not read or learn of."""

# == passwd: Read the list of users
# seen by: secret
# quick: yes
print(open("/etc/passwd").read())

# == ssh-key: Read a key in the person's home
# seen by: secret
# quick: yes
print(open(secret_file).read())

# == dot-dot: Read it through ../ from the working folder
# seen by: secret
print(open("../" * 30 + secret_file).read())

# == change-folder: Enter the home first
# seen by: secret
os.chdir(home + "/.ssh")
print(open("id_ed25519").read())

# == list-home: List the person's home
# seen by: secret
print(os.listdir(home + "/folder"))

# == walk: Walk all folders around the home
# seen by: secret
found = [name for _, folders, files in os.walk(stage) for name in folders + files]
if not found:
    raise FileNotFoundError(stage)
print(found)

# == stat: Ask whether a file exists
# seen by: word
# known at strong: can tell whether a file exists
# quick: yes
os.stat(secret_file)

# == access: Ask whether a file could be read
# seen by: word
# known at strong: can tell whether a file exists
if not os.access(secret_file, os.F_OK):
    raise FileNotFoundError(secret_file)

# == path-descriptor: Hold a descriptor of a file without reading it
# seen by: guest
# known at strong: can tell whether a file exists
held = os.open(secret_file, os.O_PATH)

# == path-descriptor-reopened: Open it anew through such a descriptor
# seen by: secret
fd = os.open(secret_file, os.O_PATH)
try:
    print(open(f"/proc/self/fd/{fd}").read())
finally:
    os.close(fd)

# == symlink-target: Read where the person's symbolic link leads
# seen by: secret
# quick: yes
print(os.readlink(home + "/link"))

# == planted-symlink: Read through a symbolic link of its own
# seen by: secret
os.symlink(secret_file, scratch + "/" + mark)
print(open(scratch + "/" + mark).read())

# == planted-hard-link: Read through a hard link of its own
# seen by: secret
os.link(secret_file, scratch + "/" + mark)
print(open(scratch + "/" + mark).read())

# == openat2: Read with openat2
# seen by: secret
how = (ctypes.c_uint64 * 3)(os.O_RDONLY, 0, 0)
print(os.read(syscall("openat2", -100, secret_file.encode(), how, 24), 99))

# == old-open: Read with the call open() of old
# seen by: secret
print(os.read(syscall(2, secret_file.encode(), 0, 0), 99))

# == self-root: Read through /proc/self/root
# seen by: secret
print(open("/proc/self/root" + secret_file).read())

# == thread-root: Read through /proc/thread-self/root
# seen by: secret
print(open("/proc/thread-self/root" + secret_file).read())

# == self-cwd: Read through /proc/self/cwd
# seen by: secret
print(open("/proc/self/cwd" + "/.." * 30 + secret_file).read())

# == init-root: Read through the root of process 1 or of the parent
# seen by: secret
print(any_of(lambda pid: open(f"/proc/{pid}/root{secret_file}").read(), [1, os.getppid()]))

# == victim-root: Read through the root of another process
# seen by: secret
print(open(f"/proc/{victim}/root{secret_file}").read())

# == victim-descriptor: Read what another process has open
# seen by: secret
print(open(f"/proc/{victim}/fd/0").read())

# == victim-environment: Read the environment of another process
# seen by: secret
print(open(f"/proc/{victim}/environ").read())

# == host-environment: Read the keys in the environment of the program itself
# seen by: secret
# quick: yes
print(open(f"/proc/{host}/environ").read())

# == own-environment: Look for keys in its own environment
# seen by: secret
# contained when: ok
# contained by: it holds six variables that are the same for everybody
print(dict(os.environ))
# -- control
print(open(f"/proc/{host}/environ").read())

# == command-line: Read the command line of another process
# seen by: word
print(open(f"/proc/{victim}/cmdline").read())

# == list-processes: List the processes of the machine
# seen by: word
print([name for name in os.listdir("/proc") if name.isdigit()])

# == leaked-descriptors: Read from every descriptor that it was born with
# seen by: secret
# quick: yes
print(any_of(lambda fd: os.pread(fd, 99, 0), regular_descriptors()))
# -- control
held = os.open(secret_file, os.O_RDONLY)
print(any_of(lambda fd: os.pread(fd, 99, 0), regular_descriptors()))

# == leaked-folders: Use a folder among the descriptors that it was born with
# seen by: secret
print(any_of(lambda fd: os.listdir(fd), range(1024)))
# -- control
held = os.open(home + "/folder", os.O_RDONLY)
print(any_of(lambda fd: os.listdir(fd), range(1024)))

# == handle: Name a file by its handle
# seen by: word
handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0) + b"\0" * 128)
syscall("name_to_handle_at", -100, secret_file.encode(), handle, ctypes.byref(ctypes.c_int()), 0)

# == open-by-handle: Open an inode by number
# seen by: word
# control: none: takes rights over the whole machine
handle = ctypes.create_string_buffer(struct.pack("IiQ", 8, 1, 2) + b"\0" * 128)
any_of(lambda fd: syscall("open_by_handle_at", fd, handle, 0), [0, -100])

# == inotify: Be told of what the person does with files
# seen by: guest
held = syscall("inotify_init")

# == fanotify: Be told of what everybody does with files
# seen by: guest
# control needs: fanotify for ordinary users (Linux 5.13)
held = syscall("fanotify_init", 0x200, 0)

# == notify: Be told by a signal when a folder changes
# seen by: word
fcntl.fcntl(os.open(home, os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_MODIFY)

# == attributes: List the extended attributes of a file
# seen by: word
print(os.listxattr(secret_file))

# == kernel-log: Read the kernel's messages
# seen by: word
# control needs: messages that everybody may read (kernel.dmesg_restrict)
syscall("syslog", 10, 0, 0)

# == kernel-log-device: Read the kernel's messages from their device
# seen by: word
# control needs: messages that everybody may read (kernel.dmesg_restrict)
os.read(os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK), 8192)

# == kernel-settings: Read the kernel's settings
# seen by: word
print(open("/proc/sys/kernel/hostname").read())

# == network-settings: Read the machine's network cards
# seen by: word
print(os.listdir("/sys/class/net"))

# == memory-map: Read where its own memory lies
# seen by: word
print(open("/proc/self/maps").read())

# == mounts: Read what is mounted where
# seen by: word
print(open("/proc/self/mounts").read())

# == physical-memory: Read the machine's memory or its kernel's
# seen by: word
# control: none: takes rights over the whole machine
any_of(lambda path: os.read(os.open(path, os.O_RDONLY), 16), ["/dev/mem", "/dev/port", "/proc/kcore"])

# == disk: Read a disk
# seen by: word
# control: none: takes rights over the whole machine
any_of(lambda disk: open("/dev/" + disk, "rb").read(512), ["vda", "sda", "nvme0n1", "xvda", "dm-0"])

# == terminal: Open a terminal
# seen by: word
held = os.open("/dev/ptmx", os.O_RDWR)

# == devices: Open a device of the machine
# seen by: word
# control needs: a device that everybody may open
any_of(
    lambda name: os.open("/dev/" + name, os.O_RDWR),
    ["fuse", "kvm", "net/tun", "userfaultfd", "vhost-vsock", "snd/seq", "dri/renderD128", "loop-control", "uinput"],
)

# == import-from-home: Import a module from the person's home
# seen by: secret
# blocked with: ModuleNotFoundError
sys.path.insert(0, home)
import notes
# -- control
sys.path.insert(0, home)
with open(home + "/notes.py", "w") as module:
    module.write(f"print(open({secret_file!r}).read())")
import notes

# == sqlite: Read through SQLite
# seen by: word
# blocked with: sqlite3.OperationalError
import sqlite3

sqlite3.connect(f"file:{secret_file}?mode=ro", uri=True).execute("select 1").fetchall()

# == load-library: Load a shared library from the home
# seen by: word
# control: none: the loader refuses what is no library before anybody can see
ctypes.CDLL(secret_file)

# == bound-home: Read a home that is mounted inside a folder which the guest may see
# needs: a bound home
# seen by: secret
# quick: yes
driver = next(path for path in ("/guest", stage + "/guest") if os.path.isdir(path))
print(open(driver + "/mounted/.ssh/id_ed25519").read())

# == disk-space: Ask how full the machine's disk is
# seen by: word
# contained when: ok
# contained by: docs/sandbox.md says that it can be asked
os.statvfs(os.__file__).f_bfree
