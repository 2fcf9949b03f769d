"""From a request to a whole AppSpec."""

from __future__ import annotations

from gencode_graph.blueprint.analysis import look, titles
from gencode_graph.blueprint.analysis.company import gather, leading, people
from gencode_graph.blueprint.analysis.compose import entities
from gencode_graph.blueprint.analysis.invent import invent
from gencode_graph.blueprint.analysis.links import linked, order
from gencode_graph.blueprint.analysis.pages import navigation, pages
from gencode_graph.blueprint.analysis.reading import read
from gencode_graph.blueprint.analysis.request import check_request
from gencode_graph.blueprint.analysis.requirements import requirements
from gencode_graph.blueprint.analysis.rows import seeds
from gencode_graph.spec import AppSpec, Archetype, Vibe


def analyse(request: str, *, archetype: Archetype | None = None, vibe: Vibe | None = None) -> AppSpec:
    """The app that a request asks for, always the same for the same request. ``RequestError`` for what is none."""
    text = check_request(request)
    reading = read(text)
    chosen = gather(reading) or {"record_entry": invent("entry", set(), reading.norms)}
    chosen = {c.name: c for c in chosen.values()}
    main = leading(chosen, reading)
    chosen = linked({name: chosen[name] for name in order(list(chosen), main)}, reading, main)
    user = people(chosen)
    made = entities(list(chosen.values()), user)
    views = pages(made, chosen, main, user)
    head = next(e for e in made if e.name == main)
    name = titles.name(reading.tokens if reading.language == "en" else (), text, list(chosen.values()), chosen[main])
    kind = archetype or look.archetype(text, list(chosen.values()))
    app = AppSpec(
        name=name,
        tagline=look.tagline(name, kind, chosen[main], head.label_plural),
        archetype=kind,
        vibe=vibe or look.vibe(text),
        hue=look.hue(text, list(chosen.values()), kind),
        language=reading.language,
        user=user,
        entities=made,
        pages=views,
        nav=navigation(views, made, main, user),
        seeds=seeds(made, chosen, main, user),
    )
    asked = requirements(reading, app)
    return AppSpec.model_validate({**app.model_dump(), "requirements": [r.model_dump() for r in asked]})
