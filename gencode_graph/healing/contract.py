"""The contract takes over the API's wording, where both agree in all that a client depends on."""

from __future__ import annotations

import json
from dataclasses import dataclass

from gencode_graph.errors import GencodeError
from gencode_graph.services import Services
from gencode_graph.types import Draft, Task
from gencode_graph.validation.contract import WORDING, published
from gencode_graph.validation.openapi import CONTRACT


@dataclass(frozen=True)
class Adopt:
    """Writes what the API publishes into the contract; only where nothing but words differs."""

    name: str = "adopt wording"

    def accepts(self, task: Task) -> bool:
        return {error.rule for error in task.errors} == {WORDING}

    async def produce(self, task: Task, services: Services) -> Draft:
        """The contract as the API has it. A model had a part in that."""
        result = await published(task, services)
        if result.verdict != "ok":
            raise GencodeError(f"the app no longer imports: {result.output[-2000:]}")
        text = json.dumps(json.loads(result.stdout), indent=1, ensure_ascii=False) + "\n"
        return Draft(files={CONTRACT: text}, origin="model")
