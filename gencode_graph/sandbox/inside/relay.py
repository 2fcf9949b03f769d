"""Run in a sandbox: connects to a port here what comes over standard input, and answers over standard output.

A frame is a connection's number, a length and that many bytes; a new number is a new connection, no bytes are its end.
"""

import asyncio
import struct
import sys

HEAD = struct.Struct(">II")
CHUNK = 32_768


async def answer(number: int, reader: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Send back what the server says, its end included."""
    try:
        while data := await reader.read(CHUNK):
            sink.write(HEAD.pack(number, len(data)) + data)
            await sink.drain()
    finally:
        sink.write(HEAD.pack(number, 0))
        await sink.drain()


async def carry(number: int, port: int, queue: asyncio.Queue[bytes], sink: asyncio.StreamWriter) -> None:
    """One connection, from its first frame to its last."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        sink.write(HEAD.pack(number, 0))
        return
    answering = asyncio.create_task(answer(number, reader, sink))
    try:
        while data := await queue.get():
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()
    await asyncio.wait([answering])


async def pipes() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Standard input and output as streams."""
    loop = asyncio.get_running_loop()
    source = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(source), sys.stdin)
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, sys.stdout)
    return source, asyncio.StreamWriter(transport, protocol, None, loop)


async def main(port: int) -> None:
    """Carry connections until standard input ends."""
    source, sink = await pipes()
    queues: dict[int, asyncio.Queue[bytes]] = {}
    tasks: set[asyncio.Task[None]] = set()
    while head := await source.read(HEAD.size):
        head += await source.readexactly(HEAD.size - len(head))
        number, length = HEAD.unpack(head)
        data = await source.readexactly(length)
        if data and number not in queues:
            queues[number] = asyncio.Queue()
            tasks.add(task := asyncio.create_task(carry(number, port, queues[number], sink)))
            task.add_done_callback(tasks.discard)
        if number in queues:
            queues[number].put_nowait(data)
        else:
            sink.write(HEAD.pack(number, 0))
        if not data:
            queues.pop(number, None)


asyncio.run(main(int(sys.argv[1])))
