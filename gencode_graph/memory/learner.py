"""What outcomes taught at one decision point: a fold over its events, the same wherever it is done."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gencode_graph.decisions import Context, Decision, Option, Outcome
from gencode_graph.errors import StorageError
from gencode_graph.memory.explorer import Elsewhere
from gencode_graph.memory.failing import WHOLE, AntiPattern, Group, Tallies, group, groups
from gencode_graph.memory.learning import odds
from gencode_graph.memory.log import Event
from gencode_graph.memory.options import version
from gencode_graph.memory.router import Routed, Router
from gencode_graph.memory.snapshot import pack, unpack
from gencode_graph.memory.tuning import Tuning

Floats = NDArray[np.float32]
FOLD = 1
"""Of this module's way to learn; a snapshot made in another way is not used."""
MOST_OPTIONS = 1000
EVIDENCE = 20.0
"""Outcomes in a context at which its own router counts as much as the wider one."""
HESITATION, MOST_GAIN, GAIN_FADE = 1.0, 12.0, 0.98
"""Nats by which it has to foretell better to count half of that; bounds, and how fast old ones are forgotten."""
LEAST_PART = 0.01
NARROW = Tuning(events=400)
"""Of the routers of contexts: there are many."""
RATE = 0.2
"""How far one sure success moves an option's numbers to those that were used."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Scored:
    """How options stand for one query; arrays over all options, 0 for those that are not candidates."""

    shares: Floats
    """Chance that each is right."""
    weights: Floats
    """For blending."""
    routed: tuple[Routed, ...]
    """What each router says, the widest first."""
    failing: int
    """How many of the candidates keep failing here."""

    def abstained(self, index: int) -> bool:
        """Whether an option is too far away, as the narrowest router sees it that would choose it too."""
        return next((routed for routed in reversed(self.routed) if routed.index == index), self.routed[0]).abstained


class Learner:
    """Routers of one point: one over everything, and one for each context that outcomes came from."""

    def __init__(self, embedder: str) -> None:
        self.embedder = embedder
        self.seq = 0
        """The last event that was learned from."""
        self.options: list[Option] = []
        self.keys: list[Floats] = []
        self.versions: list[str] = []
        self.offered: list[int] = []
        """At which event each was offered or learned from last."""
        self.values: dict[str, dict[str, float]] = {}
        """Numbers of options as they were when it went well."""
        self.routers: dict[Group, Router] = {}
        self.tallies = Tallies()
        self.elsewhere: Elsewhere | None = None
        self.gains: dict[Group, float] = {}
        """How much better a context's own router foretold the last outcomes than the wider ones, in nats."""

    def index(self, name: str) -> int | None:
        """Where an option is."""
        return next((i for i, option in enumerate(self.options) if option.name == name), None)

    def lacks(self, options: Iterable[Option], *, by_name: bool) -> list[Option]:
        """Options that are new here or, unless only names count, have changed."""
        known = {option.name: version for option, version in zip(self.options, self.versions, strict=True)}
        return [o for o in options if o.name not in known or not (by_name or known[o.name] == version(o))]

    def apply(self, event: Event, keys: Mapping[str, Floats], vector: Floats | None) -> None:
        """Learn from the next event; ``keys`` by version of the option. One that was learned from is passed over."""
        if event.seq <= self.seq:
            return
        self.seq = event.seq
        for option in event.options:
            self._offer(option, keys[version(option)])
        if event.decision is not None and event.outcome is not None and vector is not None:
            self._learn(event, event.outcome, vector)

    def score(self, query: Floats, context: Context, candidates: Collection[int]) -> Scored:
        """How the candidates stand, by what all outcomes taught, and those of this context the more there are."""
        out = [i for i in range(len(self.options)) if i not in candidates]
        widest = self.routers[WHOLE].route(query, exclude=out)
        shares, weights, routed = odds(widest.logits), widest.weights, [widest]
        for one in groups(context)[1:]:
            if (part := self._part(one)) > LEAST_PART:
                narrow = self.routers[one].route(query, exclude=out, sharpness=widest.sharpness)
                shares = (1 - part) * shares + part * odds(narrow.logits)
                weights = (1 - part) * weights + part * narrow.weights
                routed.append(narrow)
        failing = [i for bad in self.failing(context) if (i := self.index(bad.option)) in candidates and i is not None]
        if failing and len(failing) < len(candidates):
            shares, weights = _without(shares, failing), _without(weights, failing)
        return Scored(shares=shares, weights=weights, routed=tuple(routed), failing=len(failing))

    def failing(self, context: Context) -> list[AntiPattern]:
        """Options that keep failing in a context or one around it, the worst first."""
        return self.tallies.failing(context)

    def value(self, option: Option) -> dict[str, Any]:
        """An option's value, its numbers as successes left them."""
        moved = self.values.get(option.name, {})
        whole = {field for field, number in option.value.items() if isinstance(number, int)}
        return {**option.value, **{field: round(n) if field in whole else n for field, n in moved.items()}}

    def to_bytes(self, log_id: str) -> bytes:
        """Everything, for :meth:`from_bytes`."""
        kept = list(self.routers)
        facts = {
            "log": log_id, "fold": FOLD, "embedder": self.embedder, "seq": self.seq, "versions": self.versions,
            "tuning": _tuning(), "options": [option.model_dump() for option in self.options], "offered": self.offered,
            "values": self.values, "groups": kept, "tallies": [[g, names] for g, names in self.tallies.counts.items()],
            "gains": [[one, gain] for one, gain in self.gains.items()],
            "contexts": self.elsewhere.contexts if self.elsewhere else [],
        }  # fmt: skip
        arrays: dict[str, NDArray[Any]] = {
            f"router{i}": np.frombuffer(self.routers[one].to_bytes(), np.uint8) for i, one in enumerate(kept)
        }
        arrays["keys"] = np.array(self.keys, np.float32)
        return pack(facts, {**arrays, **(self.elsewhere.arrays() if self.elsewhere else {})})

    @classmethod
    def from_bytes(cls, data: bytes, log_id: str, embedder: str) -> Learner:
        """Raises ``StorageError`` for what is damaged, or was made of another log, by other means or in another way."""
        facts, arrays = unpack(data)
        made = (facts.get("log"), facts.get("fold"), facts.get("embedder"), facts.get("tuning"))
        if made != (log_id, FOLD, embedder, _tuning()):
            raise StorageError("the learned state is of another log or version; it is made again from the log")
        learner = cls(embedder)
        learner.seq, learner.versions, learner.offered = facts["seq"], facts["versions"], facts["offered"]
        learner.options = [Option.model_validate(option) for option in facts["options"]]
        learner.values, learner.keys = facts["values"], list(arrays["keys"])
        learner.tallies.counts = {group(names): counts for names, counts in facts["tallies"]}
        learner.gains = {group(names): gain for names, gain in facts["gains"]}
        for i, names in enumerate(facts["groups"]):
            tuning = None if group(names) == WHOLE else NARROW
            learner.routers[group(names)] = Router.from_bytes(arrays[f"router{i}"].tobytes(), tuning)
        if "queries" in arrays:
            learner.elsewhere = Elsewhere.restored(arrays, facts["contexts"])
        return learner

    def _offer(self, option: Option, key: Floats) -> None:
        at = self.index(option.name)
        if at is None:
            for router in self.routers.values():
                router.add(key)
            if not self.routers:
                self.routers[WHOLE] = Router(key[None])
            self.options.append(option)
            self.keys.append(key)
            self.versions.append(version(option))
            self.offered.append(self.seq)
            if len(self.options) > MOST_OPTIONS:
                self._drop(int(np.argmin(self.offered)))
            return
        self.options[at], self.offered[at] = option, self.seq
        if self.versions[at] != version(option):
            self.versions[at], self.keys[at] = version(option), key
            for router in self.routers.values():
                router.reset(at, key)
            self._forget(at)

    def _forget(self, at: int) -> None:
        name = self.options[at].name
        self.values.pop(name, None)
        self.tallies.forget(name)
        if self.elsewhere is not None:
            self.elsewhere.forget(name)

    def _drop(self, at: int) -> None:
        self._forget(at)
        for router in self.routers.values():
            router.remove(at)
        del self.options[at], self.keys[at], self.versions[at], self.offered[at]

    def _learn(self, event: Event, outcome: Outcome, vector: Floats) -> None:
        decision = event.decision
        at = None if decision is None else self.index(decision.selected)
        if decision is None or at is None or self.versions[at] != event.version:
            return  # of an option that has changed or is gone
        self.offered[at], earned = self.seq, reward(outcome)
        self._compare(decision, vector, at, earned)
        for one in groups(decision.context):
            if one not in self.routers:
                self.routers[one] = Router(np.array(self.keys), NARROW)
            self.routers[one].feedback(vector, at, earned, decision.confidence)
        self.tallies.note(groups(decision.context), decision.selected, outcome.success)
        if self.elsewhere is None:
            self.elsewhere = Elsewhere(len(vector))
        self.elsewhere.add(vector, decision.selected, earned, decision.context)
        if outcome.success:
            self._settle(self.options[at], decision.value, decision.confidence)

    def _part(self, one: Group) -> float:
        """What a context's own router counts, from 0 to 1: the more, the more outcomes it has seen and foretold."""
        router = self.routers.get(one)
        if router is None:
            return 0.0
        trusted = 1 / (1 + math.exp(HESITATION - self.gains.get(one, 0.0)))
        return trusted * router.time / (router.time + EVIDENCE)

    def _compare(self, decision: Decision, vector: Floats, at: int, earned: float) -> None:
        """Take in how much better each narrow router foretold an outcome than the wider ones together."""
        ranked = {name for name, _ in decision.ranking}
        out = [i for i, option in enumerate(self.options) if option.name not in ranked]
        known = float(odds(self.routers[WHOLE].route(vector, exclude=out).logits)[at])
        for one in groups(decision.context)[1:]:
            if one in self.routers:
                part = self._part(one)
                own = float(odds(self.routers[one].route(vector, exclude=out).logits)[at])
                gain = _likelihood(own, earned) - _likelihood(known, earned)
                self.gains[one] = min(MOST_GAIN, max(-MOST_GAIN, GAIN_FADE * self.gains.get(one, 0.0) + gain))
                known = (1 - part) * known + part * own

    def _settle(self, option: Option, used: Mapping[str, Any], confidence: float) -> None:
        """Move an option's numbers toward those that were used with success."""
        now = {**option.value, **self.values.get(option.name, {})}
        for field, number in option.value.items():
            other = used.get(field)
            if _numeric(number) and _numeric(other):
                moved = now[field] + RATE * confidence * (float(other or 0) - now[field])
                if moved != number:
                    self.values.setdefault(option.name, {})[field] = moved


def _likelihood(chance: float, earned: float) -> float:
    """Log likelihood of an outcome where success was foretold with a chance; noise bounds it."""
    sure = min(0.98, max(0.02, chance))
    return earned * math.log(sure) + (1 - earned) * math.log(1 - sure)


def reward(outcome: Outcome) -> float:
    """From 0 to 1: half for success, half by the score; what it cost takes off up to a fifth."""
    score = float(outcome.success) if outcome.score is None else outcome.score
    earned = 0.5 + 0.5 * score if outcome.success else 0.4 * score
    return float(max(0.0, earned - 0.2 * outcome.cost / (outcome.cost + 0.5))) if outcome.cost else float(earned)


def _without(shares: Floats, failing: Sequence[int]) -> Floats:
    """Shares in which those that keep failing hardly count."""
    left = shares.copy()
    left[list(failing)] *= np.float32(0.02)
    total = float(left.sum())
    return left / np.float32(total) if total > 0 else shares


def _numeric(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tuning() -> str:
    return json.dumps([repr(Tuning()), repr(NARROW)])
