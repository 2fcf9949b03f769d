"""One connection of a client: each request is decided on, answered, and broken where a fault says so."""

from __future__ import annotations

import asyncio
import json
import traceback
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gencode_graph.testing.wire.conversation import Conversation
from gencode_graph.testing.wire.dialects import Dialect, catalogue, dialect_of
from gencode_graph.testing.wire.faults import IDLE, Fault
from gencode_graph.testing.wire.http import Request, chunk, head, read_request, reset, whole
from gencode_graph.testing.wire.record import Call, Record
from gencode_graph.testing.wire.rules import Answer, Decision, Rules
from gencode_graph.testing.wire.said import Said, say

PAGE = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>It works</h1></body></html>"
SSE = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache", "Transfer-Encoding": "chunked"}
DRIPS = 20
"""Into which ``drip`` cuts an answer that is no stream."""


class BrokenOffError(Exception):
    """The connection is over, on purpose."""


class LeftError(Exception):
    """The client did not wait."""


@dataclass(kw_only=True)
class Connection:
    """A connection, from its first request to its end."""

    reader: StreamReader
    writer: StreamWriter
    rules: Rules
    record: Record
    models: tuple[str, ...]
    failures: list[BaseException]

    async def serve(self) -> None:
        """Answer one request after the other, until either side ends it."""
        try:
            while (request := await read_request(self.reader)) is not None:
                await self._answer(request)
                await self.writer.drain()
        except (BrokenOffError, LeftError, ConnectionError):
            pass
        except asyncio.CancelledError:
            self.writer.transport.abort()
            raise
        finally:
            self.writer.close()

    async def _answer(self, request: Request) -> None:
        if (listed := catalogue(request, self.models)) is not None:
            return self._send(200, listed)
        if (found := dialect_of(request)) is None:
            message = f"this server knows no {request.method} {request.path}"
            return self._send(404, {"error": {"message": message, "code": 404, "status": "NOT_FOUND"}})
        dialect, path = found
        try:
            conversation = dialect.read(request, path)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"this cannot be read as a call: {error!r}"
            return self._send(400, {"error": {"message": message, "code": 400, "status": "INVALID_ARGUMENT"}})
        try:
            decision = self.rules.decide(conversation)
        except Exception as error:  # a reply is the caller's function: it may raise anything
            self.failures.append(error)
            where = "".join(traceback.format_exception(error))
            return self._send(500, {"error": {"message": where, "code": 500, "status": "INTERNAL"}})
        return await self._fulfil(dialect, conversation, decision)

    async def _fulfil(self, dialect: Dialect, asked: Conversation, decision: Decision) -> None:
        """Keep the call, wait as the rule says, send."""
        fault = decision.fault
        if fault and fault.name == "sse_error" and not asked.stream:
            fault = Fault("500")
        worked = fault is None or fault.name not in {*IDLE, *dialect.failures}
        said = say(asked, len(self.record.calls) + 1, decision.answer if worked else Answer(), fault)
        call = Call(
            number=said.number,
            conversation=asked,
            rule=decision.rule,
            fault=decision.fault.name if decision.fault else None,
            text=said.text,
            tokens_in=said.cost.tokens_in if worked else 0,
            tokens_out=said.cost.tokens_out if worked else 0,
            told=said.told.figures if worked and said.told else None,
        )
        await self.record.begin(call)
        try:
            if decision.delay:
                await self._wait(decision.delay)
            await self._send_said(dialect, said, fault, call)
        except BrokenOffError:
            await self.record.finish(call, "broken")
            raise
        except (LeftError, ConnectionError):
            await self.record.finish(call, "left")
            raise

    async def _send_said(self, dialect: Dialect, said: Said, fault: Fault | None, call: Call) -> None:
        name = fault.name if fault else ""
        if fault and name in dialect.failures:
            status, body = dialect.failure(fault, said.call)
            await self.record.finish(call, "sent")
            return self._send(status, body, _retry_after(fault))
        if name == "html":
            await self.record.finish(call, "sent")
            self.writer.write(whole(200, PAGE, "text/html; charset=utf-8"))
            return None
        if name == "hang":
            await self._hang(fault)
        if name == "reset":
            self._break(abrupt=True)
        if said.call.stream:
            return await self._stream(dialect, said, fault, call)
        return await self._plain(json.dumps(dialect.whole(said)).encode(), fault, call)

    async def _plain(self, body: bytes, fault: Fault | None, call: Call) -> None:
        name = fault.name if fault else ""
        if name in ("bad_json", "bad_sse"):
            body = body[: len(body) // 2] if name == "bad_json" else b"{not json" + body
        answer = whole(200, body)
        start = len(answer) - len(body)
        if fault and name in ("cut", "stall"):
            share = fault.at if name == "cut" else 0.5
            self.writer.write(answer[: start + int(len(body) * share)])
            await self._flush()
            if name == "cut":
                self._break()
            await self._hang(fault)
        if fault and name == "drip":
            size = max(1, -(-len(answer) // DRIPS))
            pieces = [answer[at : at + size] for at in range(0, len(answer), size)]
            for piece in pieces[:-1]:
                self.writer.write(piece)
                await self._wait(_seconds(fault) / len(pieces))
            answer = pieces[-1]
        await self.record.finish(call, "sent")
        self.writer.write(answer)
        await self._flush()

    async def _stream(self, dialect: Dialect, said: Said, fault: Fault | None, call: Call) -> None:
        name = fault.name if fault else ""
        events = list(dialect.events(said))
        if fault and name in ("cut", "stall", "bad_sse", "sse_error", "bad_json"):
            share = fault.at if name == "cut" else 0.5
            events = events[: max(1, min(int(len(events) * share), len(events) - 1))] if len(events) > 1 else []
            events += list(_broken(dialect, name))
        self.writer.write(head(200, SSE))
        for place, event in enumerate(events, 1):
            if fault and name == "drip":
                await self._wait(_seconds(fault) / len(events))
            last = place == len(events) and name not in ("cut", "stall")
            if last:  # a client may take this event for the end, and ask at once how the call ended
                await self.record.finish(call, "sent")
            self.writer.write(chunk(event) + (chunk(b"") if last else b""))
            await self._flush()
        if name == "cut":
            self._break()
        if name == "stall":
            await self._hang(fault)

    def _send(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        self.writer.write(whole(status, json.dumps(body).encode(), headers=headers))

    async def _flush(self) -> None:
        try:
            await self.writer.drain()
        except ConnectionError:
            raise LeftError from None

    async def _wait(self, seconds: float | None) -> None:
        """Let time pass; raises ``LeftError`` when the client leaves meanwhile."""
        try:
            more = await asyncio.wait_for(self.reader.read(1), seconds)
        except TimeoutError:
            return
        raise LeftError if not more else BrokenOffError

    async def _hang(self, fault: Fault | None) -> None:
        await self._wait(fault.seconds if fault else None)
        self._break()

    def _break(self, *, abrupt: bool = False) -> None:
        if abrupt:
            reset(self.writer)
        raise BrokenOffError


def _seconds(fault: Fault) -> float:
    """What ``drip`` shares out."""
    return 2.0 if fault.seconds is None else fault.seconds


def _retry_after(fault: Fault) -> Mapping[str, str]:
    """The header that says when to come back."""
    if fault.name == "429" or (fault.name == "503" and fault.seconds is not None):
        return {"Retry-After": f"{1.0 if fault.seconds is None else fault.seconds:g}"}
    return {}


def _broken(dialect: Dialect, fault: str) -> Iterator[bytes]:
    """What comes in a stream where it breaks."""
    if fault == "bad_sse":
        yield dialect.garbled
    if fault == "bad_json":
        yield dialect.garbled[:-4] + b"\n\n"
    if fault == "sse_error":
        yield dialect.error_event()
