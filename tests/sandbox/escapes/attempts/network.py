"""Network: nobody may be talked to."""

# == tcp: Connect to a server
# seen by: network
# quick: yes
socket.create_connection(("127.0.0.1", tcp_port))

# == tcp6: Connect to a server by IPv6
# seen by: network
# control needs: IPv6
socket.create_connection(("::1", tcp6_port))

# == udp: Send a datagram
# seen by: network
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"hello", ("127.0.0.1", udp_port))

# == unix: Connect to a socket in the home
# seen by: network
socket.socket(socket.AF_UNIX).connect(unix_socket)

# == abstract: Connect to an abstract socket
# seen by: network
# quick: yes
socket.socket(socket.AF_UNIX).connect(abstract_socket)

# == abstract-datagram: Send a datagram from an abstract socket
# seen by: word
sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sender.bind("\0" + mark + "-bound")

# == fast-open: Connect while sending
# seen by: network
socket.socket().sendto(b"hello", 0x20000000, ("127.0.0.1", tcp_port))

# == multipath: Connect by multipath TCP
# seen by: network
# control needs: multipath TCP
socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262).connect(("127.0.0.1", tcp_port))

# == http: Fetch a page
# seen by: network
# blocked with: urllib.error.URLError
import urllib.request

urllib.request.urlopen(f"http://127.0.0.1:{tcp_port}/{mark}", timeout=0.5)

# == asyncio: Connect from a coroutine
# seen by: network
import asyncio

await asyncio.open_connection("127.0.0.1", tcp_port)

# == exec-client: Start a program that connects
# seen by: network
import subprocess

code = f"import socket; socket.create_connection(('127.0.0.1', {tcp_port}))"
subprocess.run([sys.executable, "-c", code], check=True)

# == resolve: Ask for an address by name
# seen by: word
socket.getaddrinfo("localhost", 80)

# == listen: Wait for connections
# seen by: guest
held = socket.create_server(("127.0.0.1", 0))

# == listen-unix: Wait for connections at a socket in the home
# seen by: files
held = socket.socket(socket.AF_UNIX)
held.bind(home + "/" + mark)
held.listen()

# == pair: Make a pair of sockets, to pass descriptors with
# seen by: guest
held = socket.socketpair()

# == received-sockets: Use every descriptor that it was born with as a socket
# seen by: word
any_of(lambda fd: socket.socket(fileno=fd), range(1024))
# -- control
held = socket.socketpair()
any_of(lambda fd: socket.socket(fileno=fd), [held[0].fileno()])

# == message: Send a descriptor over a descriptor
# seen by: word
any_of(lambda fd: call("sendmsg", fd, ctypes.create_string_buffer(56), 0), range(1024))
# -- control
held = socket.socketpair()
call("sendmsg", held[0].fileno(), ctypes.create_string_buffer(56), 0)

# == raw: Make packets by hand
# seen by: guest
# control: own namespaces
held = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)

# == packet: Listen to all packets
# seen by: guest
# control: own namespaces
held = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)

# == ping: Ping
# seen by: guest
# control needs: sockets for pings for everybody (net.ipv4.ping_group_range)
held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)

# == netlink: Ask the kernel about its networks
# seen by: guest
# quick: yes
held = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)

# == netlink-events: Listen to devices as they come
# seen by: guest
held = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 15)

# == vsock: Talk to the machine below
# seen by: guest
# control needs: sockets to a hypervisor
held = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)

# == algorithms: Use the kernel's algorithms
# seen by: guest
# control needs: AF_ALG
held = socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)

# == bluetooth: Use Bluetooth, CAN, TIPC, SMC or X.25
# seen by: word
# control needs: one of these families
any_of(lambda family: socket.socket(family, socket.SOCK_RAW, 0), [31, 29, 30, 43, 9, 41, 44])

# == every-family: Make a socket of any family and type
# seen by: word
for kind in (1, 2, 3, 5):
    any_of(lambda family: socket.socket(family, kind, 0), range(46))

# == foreign-socket: Make a socket through the 32-bit interface
# seen by: word
# control needs: 32-bit programs
number = machine_code("53b867010000bb01000000b90100000031d2cd805bc3")
if number < 0 or number > 1 << 31:
    raise PermissionError(number)
