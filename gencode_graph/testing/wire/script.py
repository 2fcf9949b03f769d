"""Scripts: rules in a YAML or JSON file, for a server that another process runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from gencode_graph.errors import SettingError
from gencode_graph.testing.wire.faults import FAULTS, Chance, Fault
from gencode_graph.testing.wire.rules import OTHERWISE, Answer, Rule


@dataclass(frozen=True, kw_only=True)
class Script:
    """What a file says; ``Wire(**vars(script))`` serves it."""

    rules: tuple[Rule, ...]
    otherwise: str = OTHERWISE
    chance: Chance | None = None


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _known(name: Any) -> Any:
    """YAML reads ``429`` as a number."""
    if str(name) not in FAULTS:
        raise ValueError(f"no fault is named {name!r}; known: {', '.join(FAULTS)}")
    return str(name)


FaultName = Annotated[str, BeforeValidator(_known)]


class _Fault(_Part):
    name: FaultName
    seconds: Annotated[float, Field(ge=0)] | None = None
    at: Annotated[float, Field(ge=0, le=1)] = 0.5


class _Call(_Part):
    name: str
    arguments: dict[str, Any] | str = {}


class _Rule(_Part):
    name: str | None = None
    agent: str | None = None
    kind: str | None = None
    step: str | None = None
    attempt: Annotated[int, Field(ge=1)] | None = None
    provider: str | None = None
    model: str | None = None
    system: str | None = None
    user: str | None = None
    last: str | None = None
    longer_than: Annotated[int, Field(ge=0)] | None = None
    times: Annotated[int, Field(ge=1)] | None = None
    delay: Annotated[float, Field(ge=0)] = 0.0
    reply: str | None = None
    reply_file: str | None = None
    reply_json: Any = None
    calls: list[_Call] | None = None
    thoughts: Annotated[int, Field(ge=0)] = 0
    fault: Annotated[_Fault | None, BeforeValidator(lambda v: {"name": v} if isinstance(v, str | int) else v)] = None

    @model_validator(mode="after")
    def _one_reply(self) -> Self:
        given = [name for name in ("reply", "reply_file", "reply_json") if name in self.model_fields_set]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} are given; one is enough")
        if not given and self.calls is None and self.fault is None:
            raise ValueError("a rule needs reply, reply_file, reply_json, calls or fault")
        return self


class _Chance(_Part):
    seed: int
    rate: Annotated[float, Field(ge=0, le=1)]
    kinds: list[FaultName] = list(FAULTS)
    providers: list[str] | None = None
    seconds: Annotated[float, Field(ge=0)] | None = None


class _File(_Part):
    rules: list[_Rule] = []
    otherwise: str = OTHERWISE
    chance: _Chance | None = None


def load_script(file: Path) -> Script:
    """Read a script. Raises ``SettingError`` that says where the file is wrong, and what is known there."""
    value = _value(file)
    try:
        read = _File.model_validate(value)
    except ValidationError as error:
        raise SettingError(f"{file}: {'; '.join(_problem(dict(e)) for e in error.errors())}") from None
    rules = []
    for number, rule in enumerate(read.rules):
        try:
            rules.append(_rule(rule, file.parent))
        except SettingError as error:
            raise SettingError(f"{file}: rules.{number}: {error}") from None
    chance = Chance(**read.chance.model_dump()) if read.chance else None
    return Script(rules=tuple(rules), otherwise=read.otherwise, chance=chance)


def _value(file: Path) -> Any:
    """What a file holds. JSON is YAML too."""
    import yaml

    try:
        value = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingError(f"{file} cannot be read ({error.strerror}); name a YAML or JSON file") from None
    except UnicodeDecodeError:
        raise SettingError(f"{file} is not UTF-8 text; save it as UTF-8") from None
    except yaml.YAMLError as error:
        raise SettingError(f"{file} is neither YAML nor JSON: {' '.join(str(error).split())}") from None
    if not isinstance(value, dict):
        raise SettingError(f"{file} holds no mapping; it begins with `rules:`")
    return value


def _problem(error: dict[str, Any]) -> str:
    """One line on what is wrong where."""
    where = ".".join(map(str, error["loc"]))
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = f"unknown; known: {', '.join(_fields(error['loc']))}"
    return f"{where}: {message}"


def _fields(where: Sequence[int | str]) -> Sequence[str]:
    """The names that are known beside an unknown one."""
    inner: dict[int | str, type[_Part]] = {"rules": _Rule, "chance": _Chance, "fault": _Fault, "calls": _Call}
    part = next((inner[name] for name in reversed(where[:-1]) if name in inner), _File)
    return tuple(part.model_fields)


def _rule(read: _Rule, folder: Path) -> Rule:
    """The rule that a part of a script stands for."""
    own = {"reply", "reply_file", "reply_json", "calls", "thoughts", "fault"}
    fault = Fault(**read.fault.model_dump()) if read.fault else None
    return Rule(**read.model_dump(exclude=own), reply=_reply(read, folder), fault=fault)


def _reply(read: _Rule, folder: Path) -> Answer | None:
    """All that the rule says; None where it says nothing."""
    text = read.reply
    if read.reply_file is not None:
        try:
            text = (folder / read.reply_file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"reply_file {read.reply_file} cannot be read as UTF-8 text: {error}") from None
    if "reply_json" in read.model_fields_set:
        text = json.dumps(read.reply_json)
    if text is None and read.calls is None:
        return None
    calls = tuple((call.name, call.arguments) for call in read.calls or ())
    return Answer(text=text or "", calls=calls, thoughts=read.thoughts)
