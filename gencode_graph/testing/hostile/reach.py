"""Programs that reach out: to the network, to secrets, to files, to privileges and to the kernel."""

from __future__ import annotations

import platform

from gencode_graph.testing.hostile import judges
from gencode_graph.testing.hostile.attack import Attack

NETWORK = {
    "this machine's server": "each(lambda at: socket.create_connection((at, HOST['tcp']), 1))",
    "this machine by UDP": "each(datagram)",
    "the internet": "socket.create_connection(('1.1.1.1', 443), 2)",
    "the internet by IPv6": "socket.create_connection(('2606:4700:4700::1111', 443), 2)",
    "the cloud's metadata": "socket.create_connection(('169.254.169.254', 80), 2)",
    "a name server": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('8.8.8.8', 53))",
    "a name": "socket.getaddrinfo('example.com', 443)",
    "an abstract socket": "socket.socket(socket.AF_UNIX).connect('\\0' + HOST['abstract'])",
    "the Docker daemon": "socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')",
}
REACHES = """
def each(reach):
    for at in HOST["addresses"]:
        try:
            reach(at)
        except OSError as error:
            last = error
        else:
            return
    raise last
def datagram(at):
    talk = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    talk.connect((at, HOST["udp"]))
    talk.send(b"x")
    if at.startswith("127."):
        talk.send(b"x")
"""
SOCKETS = {
    "a raw socket": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "a packet socket": "socket.socket(17, socket.SOCK_RAW, 0)",
    "the kernel's ciphers": "socket.socket(38, socket.SOCK_SEQPACKET)",
    "the virtual machine's host": "socket.socket(40, socket.SOCK_STREAM)",
    "an XDP socket": "socket.socket(44, socket.SOCK_RAW, 0)",
}
SECRETS = {
    "a file of this machine": "open(HOST['file'])",
    "our environment": "open(f'/proc/{HOST[\"pid\"]}/environ')",
    "us": "os.kill(HOST['pid'], 0)",
    "the passwords": "open('/etc/shadow')",
    "root's folder": "os.listdir('/root')",
    "the kernel's memory": "open('/proc/kcore')",
    "the container's own secrets": "os.listdir('/run/secrets')",
    "init's root": "os.listdir('/proc/1/root/root')",
    "an inherited file": "inherited()",
    "an inherited secret": "leaked()",
}
INHERITED = """
def inherited():
    extra = [int(name) for name in os.listdir("/proc/self/fd") if int(name) > 2]
    open_ones = []
    for number in extra:
        try:
            open_ones.append(os.readlink(f"/proc/self/fd/{number}"))
        except OSError:
            pass
    if not [place for place in open_ones if not place.startswith(f"/proc/{os.getpid()}")]:
        raise OSError(errno.ENOENT, "none")
def leaked():
    names = [name for name in os.environ if "TOKEN" in name or "SECRET" in name or "KEY" in name]
    if not names:
        raise OSError(errno.ENOENT, "none")
"""
WRITES = {
    f"to write in {place}": f"os.open({place!r}, os.O_TMPFILE | os.O_WRONLY)"
    for place in ("/", "/etc", "/usr/bin", "/usr/lib", "/var", "/root", "/opt")
} | {f"to write {place}": f"os.open({place!r}, os.O_WRONLY)" for place in ("/etc/passwd", "/usr/bin/env")}
KERNEL = {
    f"to write {place}": f"os.open({place!r}, os.O_WRONLY)"
    for place in (
        "/proc/sys/kernel/core_pattern",
        "/proc/sys/kernel/modprobe",
        "/proc/sys/vm/overcommit_memory",
        "/proc/sys/vm/drop_caches",
        "/proc/sysrq-trigger",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/pids/pids.max",
        "/sys/fs/cgroup/cgroup.procs",
        "/dev/mem",
        "/dev/kmsg",
    )
}
PRIVILEGES = {
    "to be root": "os.setuid(0)",
    "another root folder": "os.chroot('/tmp')",
    "a device": "os.mknod('/tmp/device', 0o060600, os.makedev(8, 0))",
    "the clock": "time.clock_settime(time.CLOCK_REALTIME, time.time())",
    "more priority": "os.nice(-5)",
    "a program that runs as root": "became_root()",
}
BECOME = """
def became_root():
    for place in ("/bin/su", "/usr/bin/passwd", "/usr/bin/mount"):
        if os.path.exists(place) and os.stat(place).st_mode & 0o4000:
            said = subprocess.run(
                ["unshare", "--mount", "true"], capture_output=True, stdin=subprocess.DEVNULL
            ).returncode
            if said == 0:
                return
    raise OSError(errno.EPERM, "none")
time.sleep(0.5)
"""
CALLS = {
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "userfaultfd": (323, 282), "keyctl": (250, 219),
    "add_key": (248, 217), "request_key": (249, 218), "bpf": (321, 280), "perf_event_open": (298, 241),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "move_mount": (429, 429), "open_tree": (428, 428), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442), "swapon": (167, 224),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    "quotactl": (179, 60), "acct": (163, 89), "syslog": (103, 116), "chroot": (161, 51), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "sethostname": (170, 161), "setdomainname": (171, 162), "fanotify_init": (300, 262),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "move_pages": (279, 239),
    "migrate_pages": (256, 238), "lookup_dcookie": (212, 18), "clone3": (435, 435),
}  # fmt: skip
"""System call -> its number on x86-64 and on 64-bit ARM."""
ARM = platform.machine() in ("aarch64", "arm64")
CALL = """
LIBC = ctypes.CDLL(None, use_errno=True)
def call(number):
    wrong = ctypes.c_long(-1)
    LIBC.syscall(ctypes.c_long(number), wrong, wrong, wrong, wrong, wrong, wrong)
    if ctypes.get_errno() in (errno.EPERM, errno.ENOSYS):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
"""
"""All arguments are wrong: a filter refuses the call all the same, the kernel finds fault with its arguments."""
SYSCALLS = {name: f"call({numbers[ARM]})" for name, numbers in CALLS.items()}

REACH = (
    Attack(
        name="the network",
        case=46,
        needs=("network",),
        judge=judges.denied(*NETWORK),
        tries=NETWORK,
        program=REACHES,
        harmless=True,
    ),
    Attack(
        name="sockets below the network",
        case=47,
        needs=("network", "privileges"),
        judge=judges.denied(*SOCKETS),
        tries=SOCKETS,
        harmless=True,
    ),
    Attack(
        name="secrets",
        case=48,
        needs=("files",),
        judge=judges.denied(*SECRETS),
        tries=SECRETS,
        program=INHERITED,
        harmless=True,
    ),
    Attack(
        name="files that are not its own",
        case=49,
        needs=("files",),
        judge=judges.denied(*WRITES),
        tries=WRITES,
        harmless=True,
    ),
    Attack(
        name="privileges",
        case=50,
        needs=("privileges",),
        judge=judges.powerless,
        tries=PRIVILEGES,
        program=BECOME,
    ),
    Attack(
        name="dangerous calls to the kernel",
        case=50,
        needs=("syscalls",),
        judge=judges.denied(*SYSCALLS),
        tries=SYSCALLS,
        program=CALL,
        harmless=True,
    ),
    Attack(
        name="the kernel's settings",
        case=51,
        needs=("files", "privileges"),
        judge=judges.denied(*KERNEL),
        tries=KERNEL,
        harmless=True,
    ),
)
