"""Run in a sandbox: connects to a port here what comes over standard input, and answers over standard output.

A frame is a connection's number, a length and that many bytes; a new number is a new connection, no bytes are its end.
"""

import asyncio
import struct
import sys

HEAD = struct.Struct(">II")
CHUNK = 32_768


async def main(port: int) -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    source = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(source), sys.stdin)
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, sys.stdout)
    sink = asyncio.StreamWriter(transport, protocol, None, loop)
    waiting: dict[int, asyncio.Queue[bytes]] = {}
    tasks: set[asyncio.Task[None]] = set()

    async def answer(number: int, reader: asyncio.StreamReader) -> None:
        """Send back what the server says, its end included."""
        try:
            while data := await reader.read(CHUNK):
                sink.write(HEAD.pack(number, len(data)) + data)
                await sink.drain()
        finally:
            sink.write(HEAD.pack(number, 0))
            await sink.drain()

    async def connect(number: int, queue: asyncio.Queue[bytes]) -> None:
        """One connection, from its first frame to its last."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            sink.write(HEAD.pack(number, 0))
            return
        answering = asyncio.create_task(answer(number, reader))
        try:
            while data := await queue.get():
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()
        await asyncio.wait([answering])

    while head := await source.read(HEAD.size):
        head += await source.readexactly(HEAD.size - len(head))
        number, length = HEAD.unpack(head)
        if number not in waiting and length:
            waiting[number] = asyncio.Queue()
            tasks.add(task := asyncio.create_task(connect(number, waiting[number])))
            task.add_done_callback(tasks.discard)
        data = await source.readexactly(length)
        if number not in waiting:
            sink.write(HEAD.pack(number, 0))
        else:
            waiting[number].put_nowait(data)
            if not data:
                del waiting[number]


asyncio.run(main(int(sys.argv[1])))
