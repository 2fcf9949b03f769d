"""What a field is, judged by its name: ``due date`` -> a date, ``price`` -> money, ``skill level`` -> choices."""

from __future__ import annotations

import re

from gencode_graph.blueprint.analysis import notation
from gencode_graph.spec import FieldSpec
from gencode_graph.spec_names import FIELD_WORDS

_LEVELS = "enum [beginner green | intermediate blue | advanced violet | expert red]"
_TABLE: tuple[tuple[str, str], ...] = (
    (r"(e-?)?mail( address)?", "email"),
    (r"phone( number)?|telephone|mobile( number)?|cell|fax|contact number", "phone"),
    (r"(.* )?(url|website|web site|link|homepage|web address|domain)", "url"),
    (r"(.* )?(photo|picture|image|avatar|cover|thumbnail|poster|logo|snapshot|portrait|artwork)", "image"),
    (r"(.* )?(rating|stars?|star rating)", "rating"),
    (r"(.* )?(price|cost|fee|budget|salary|wage|rent|amount|total|balance|deposit|revenue|income|spending|worth|payment|bill)", "money min=0"),
    (r"(.* )?(due date|deadline|due)", "date"),
    (r"(start|end|begin|finish|pickup|arrival|departure)(ing)? time|(.* )?(datetime|date and time|timestamp|time slot|slot)|time", "datetime"),
    (r"(.* )?(date|day|birthday|anniversary|expiry|expiration|born)|date of .*", "date"),
    (r"(.* )?(priority|urgency|severity|importance|impact)", "enum [low slate chevron-down | medium blue chevron-up | high amber chevrons-up | urgent red octagon-alert] default=medium"),
    (r"(.* )?(status|state)", "enum [planned slate circle-dashed | active blue circle-dot | done green circle-check]"),
    (r"(.* )?stage", "enum [first_contact \"First contact\" slate | under_way blue | in_review violet | closed green]"),
    (r"(.* )?condition", "enum [new green | good blue | worn amber | broken red] default=good"),
    (r"(skill|experience|difficulty|proficiency|mastery|fitness|jlpt)?( )?level|difficulty|proficiency", _LEVELS),
    (r"(.* )?mood|feeling|emotion", "enum [great green smile | good blue smile-plus | okay slate meh | low amber frown | awful red angry] default=good"),
    (r"(.* )?(gender|sex)", "enum [female violet | male blue | other slate]"),
    (r"(.* )?frequency|recurrence|interval", "enum [daily blue | weekly green | monthly violet | yearly amber] default=weekly"),
    (r"(.* )?size", "enum [small slate | medium blue | large violet] default=medium"),
    (r"(.* )?(year|vintage)", "integer min=1000 max=2100"),
    (r"(.* )?(quantity|count|stock|number of .*|copies|seats|capacity|pages|age|servings|points|score|floor|steps|reps|sets|mileage|population|rank|streak|attendance)|amount of .*", "integer min=0"),
    (r"(.* )?(weight|height|width|length|depth|temperature|distance|area|volume|humidity|altitude|elevation|latitude|longitude|speed|dosage|dose|percentage|gpa|ph|grade point)", "decimal"),
    (r"(.* )?(duration|minutes|prep time|cooking time|cook time|prep|playtime|play time|running time|runtime|length in minutes)", "integer min=0 label=\"{label} (minutes)\""),
    (r"(.* )?(hours|hours worked)", "decimal min=0"),
    (r"(is|has|was) .*|(.* )?(paid|done|completed|finished|favou?rite|archived|available|verified|published|vegetarian|vegan|in stock|featured|active|read|urgent)", "boolean"),
    (r"(.* )?(description|notes?|comments?|details?|summary|bio|biography|instructions?|steps to .*|ingredients?|text|body|content|message|feedback|remarks?|observations?|review|history|allerg(y|ies)|symptoms?|diagnosis|treatment|agenda|minutes of .*|lyrics|meaning|story|reason|address)", "text max_length=2000"),
    (r"(.* )?(name|title|author|artist|director|location|city|country|place|venue|brand|model|make|manufacturer|publisher|supplier|species|breed|variety|origin|region|colou?r|type|kind|genre|code|number|serial number|sku|isbn|barcode|reference|reading|position|role|job|occupation|company|employer|department|unit|currency|language|license plate|plate|phase|material|format|platform|source|target|ip address|hostname|id|style|theme|subject|topic|team|owner|nickname|username|password|timezone|zip|postcode|postal code|street|tag|category|label|group|folder|ticker|symbol|dose|grape|cuisine|neighbou?rhood|address|method|tool|gear|bait|weather|formula|constellation|magnitude|key|tempo|tuning)", "string max_length=120"),
)  # fmt: skip
_RULES = tuple((re.compile(pattern), text) for pattern, text in _TABLE)


def known(phrase: str) -> bool:
    """Whether a phrase is the name of a property rather than of a thing."""
    return any(pattern.fullmatch(phrase) for pattern, _ in _RULES)


def field_name(phrase: str) -> str:
    """``Due date`` -> ``due_date``; reserved names get a word in front."""
    name = re.sub(r"[^a-z0-9]+", "_", phrase.lower()).strip("_")[:36]
    if not name or not name[0].isalpha():
        name = f"no_{name}".strip("_")
    return f"{name}_text" if name in FIELD_WORDS else name


def infer(phrase: str, *, required: bool = False) -> FieldSpec:
    """The field that a phrase of a request stands for; plain text where nothing else is known."""
    name = {"date": "on_date", "time": "at_time", "type": "kind", "id": "code", "format": "file_format"}.get(
        phrase, field_name(phrase)
    )
    label = notation.sentence(field_name(phrase) if name != "code" else "code").removesuffix(" text")
    text = next((text for pattern, text in _RULES if pattern.fullmatch(phrase)), "string max_length=140")
    text = text.replace("{label}", label)
    kind, _, rest = text.partition(" ")
    made = notation.field(name, f"{kind}{'!' if required else ''} {rest}")
    return made if "label=" in text else made.model_copy(update={"label": label[:60]})
