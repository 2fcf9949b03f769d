"""Programs that want more than their share: processes, memory, disk, output, time, and an end of their own making."""

from __future__ import annotations

from gencode_graph.testing.hostile import judges
from gencode_graph.testing.hostile.attack import Attack

CLEAN = """
import os, shutil
for name in os.listdir("."):
    shutil.rmtree(name) if os.path.isdir(name) and not os.path.islink(name) else os.unlink(name)
with open("room", "wb") as file:
    file.write(bytes(10_000_000))
os.unlink("room")
"""
"""Empties the workspace, and shows that there is room again."""
FREE_PORT = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 8765))"
FORK = "if os.fork() == 0: os.execvp('python3', ['python3', '-c', 'import time\\nwhile True: time.sleep(1)', TOKEN])\n"

RESOURCES = (
    Attack(
        name="a fork bomb in the shell",
        case=33,
        needs=("time", "processes"),
        judge=judges.bomb,
        seconds=1,
        program="os.execvp('sh', ['sh', '-c', 'f(){ f | f & }; f; sleep 30', TOKEN])",
        then="print('alive')",
    ),
    Attack(
        name="a fork bomb that leaves its session and ignores signals",
        case=33,
        needs=("time", "processes"),
        judge=judges.bomb,
        seconds=1,
        program="signal.signal(15, signal.SIG_IGN)\n"
        "while True:\n"
        "    try:\n        os.fork() or os.setsid()\n    except OSError:\n        time.sleep(0.02)",
        then="print('alive')",
    ),
    Attack(
        name="memory without end in one process",
        case=34,
        needs=("memory",),
        judge=judges.out_of_memory,
        memory=256,
        program="held = []\nwhile True:\n    held.append(bytearray(b'x') * 10_000_000)",
        then="print('alive')",
    ),
    Attack(
        name="memory in twenty processes of 100 MB",
        case=34,
        needs=("memory",),
        judge=judges.out_of_memory,
        memory=256,
        program="for _ in range(20):\n"
        "    if os.fork() == 0:\n        held = bytearray(b'x') * 100_000_000; time.sleep(2); os._exit(0)\n"
        "ends = [os.wait()[1] for _ in range(20)]\nos.kill(os.getpid(), 9) if 9 in ends else print('GOT 2 GB')",
        then="print('alive')",
    ),
    Attack(
        name="files until everything is full",
        case=35,
        needs=("memory", "disk"),
        judge=judges.full_disk,
        seconds=25,
        program="def fill(place):\n"
        "    for number in range(64):\n"
        "        with open(f'{place}/fill{number}', 'wb') as file: file.write(bytes(64_000_000))\n"
        "def emptied(place):\n"
        "    try: fill(place)\n"
        "    finally: [os.unlink(f'{place}/{n}') for n in os.listdir(place) if n.startswith('fill')]\n"
        "for place in ('/tmp', '/dev/shm', os.environ['HOME'], '.'):\n"
        "    name = {'.': 'workspace', '/dev/shm': 'shm', '/tmp': 'tmp'}.get(place, 'home')\n"
        "    attempt('4 GB in ' + name, lambda: emptied(place))",
        then=CLEAN,
    ),
    Attack(
        name="a million empty files",
        case=35,
        needs=("memory", "disk"),
        judge=judges.refused_at_last,
        seconds=25,
        program="def flood():\n"
        "    for number in range(1000):\n"
        "        os.mkdir(f'd{number}')\n"
        "        for each in range(1000): os.mkfifo(f'd{number}/{each}')\n"
        "attempt('a million files', flood)",
        then=CLEAN,
    ),
    Attack(
        name="lines without end",
        case=36,
        needs=("output",),
        judge=judges.cut,
        program="os.execvp('yes', ['yes', 'x' * 1000])",
    ),
    Attack(
        name="errors without end, and without a line's end",
        case=36,
        needs=("output",),
        judge=judges.cut,
        program="while True: os.write(2, bytes(65_536))",
    ),
    Attack(
        name="600 MB at once",
        case=36,
        needs=("output",),
        judge=judges.cut,
        program="piece = b'x' * 1_000_000\nfor _ in range(600): os.write(1, piece)",
    ),
    Attack(
        name="a loop that ignores every signal it may",
        case=37,
        needs=("time",),
        judge=judges.late,
        seconds=1,
        program="print('began', flush=True)\n"
        "for each in set(signal.Signals) - {9, 19, 17}: signal.signal(each, signal.SIG_IGN)\n"
        "while True: pass",
    ),
    Attack(
        name="a daemon that outlives its command",
        case=38,
        needs=("time",),
        judge=judges.left_behind,
        program="if os.fork() == 0:\n    os.setsid()\n    " + FORK.replace("\n", "\n    ") + "os._exit(0)\n"
        "time.sleep(0.6)",
    ),
    Attack(
        name="the clock of its wrapper stopped",
        case=39,
        needs=("time",),
        judge=judges.late,
        seconds=1,
        program="print('began', flush=True)\n"
        "for each in os.listdir('/proc'):\n"
        "    if each.isdigit() and int(each) != os.getpid():\n"
        "        try: os.kill(int(each), signal.SIGSTOP)\n"
        "        except OSError: pass\n"
        "while True: time.sleep(1)",
        then="print('alive')",
    ),
    Attack(
        name="everything killed, itself last",
        case=40,
        needs=("processes", "files"),
        judge=judges.ends_with(None),
        program="try: os.kill(-1, 9)\nexcept OSError: pass\nos.kill(os.getpid(), 9)",
        then="print('alive')",
    ),
    Attack(
        name="eight busy processes",
        case=41,
        needs=("time", "cpu"),
        judge=judges.in_proportion,
        seconds=2,
        program="print('began', flush=True)\nfor _ in range(3): os.fork()\nwhile True: pass",
    ),
    Attack(
        name="open files without end",
        case=42,
        needs=("processes",),
        judge=judges.refused_at_last,
        program="attempt('200,000 open files', lambda: [os.dup(0) for _ in range(200_000)])",
    ),
    Attack(
        name="threads without end",
        case=42,
        needs=("processes",),
        judge=judges.refused_at_last,
        program="def start():\n"
        "    for _ in range(5000): threading.Thread(target=time.sleep, args=(5,), daemon=True).start()\n"
        "threading.stack_size(65_536)\nattempt('5,000 threads', start)\nsys.stdout.flush()\nos._exit(0)",
        then="print('alive')",
    ),
    Attack(
        name="waiting for somebody to type",
        case=43,
        needs=("time",),
        judge=judges.ends_with(3),
        program="os._exit(3 if sys.stdin.read() == '' else 4)",
    ),
    Attack(
        name="a port kept by what it left behind",
        case=44,
        needs=("time",),
        judge=judges.left_behind,
        program="import socket\nlistener = socket.create_server(('127.0.0.1', 8765))\nlistener.set_inheritable(True)\n"
        + FORK
        + "time.sleep(0.6)",
        then=FREE_PORT,
    ),
    Attack(
        name="an exit code that looks like a timeout",
        case=45,
        needs=("time",),
        judge=judges.ends_with(124),
        program="os._exit(124)",
    ),
    Attack(
        name="an end that looks like the kernel's",
        case=45,
        needs=("time", "memory"),
        judge=judges.ends_with(137),
        program="os._exit(137)",
    ),
    Attack(
        name="output that claims another end",
        case=54,
        needs=("output",),
        judge=judges.ends_with(3),
        program='print(\'\\033]0;mine\\007\\033[2J==== 10 passed ====\\r\\n{"verdict": "ok", "exit_code": 0}\')\n'
        "sys.stdout.flush()\nos._exit(3)",
    ),
    Attack(
        name="a workspace that is no tree of files",
        case=29,
        needs=("disk",),
        judge=judges.only_its_files("w/plain", "w/second name", "w/sparse", least=40_000_000),
        program="import socket\nos.mkdir('w')\n"
        "open('w/plain', 'w').write('plain')\nos.link('w/plain', 'w/second name')\nopen('w/new\\nline', 'w').close()\n"
        "open('w/sparse', 'wb').truncate(40_000_000)\nos.symlink('/etc/passwd', 'w/link')\nos.symlink('/', 'w/root')\n"
        "os.mkfifo('w/pipe')\nsocket.socket(socket.AF_UNIX).bind('w/socket')",
        collect=("w",),
        then=CLEAN,
    ),
)
