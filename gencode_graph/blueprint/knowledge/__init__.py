"""What the built-in analyst knows about common things: a YAML file a domain, an entry a kind of record.

An entry has ``words`` (singular, the first is its label), ``fields`` and ``relations`` in a short notation, rules, the
kinds that it ``needs`` and ``brings``, hints for its ``dashboard``, and ``seeds``. In a row a relation names the row
of its target by that row's title; an empty text or ``null`` stays empty, what is left out is filled in. ``seeds_with``
holds the rows to tell where another kind is in the app, and ``repeats`` says that rows may say the same on different
days. A word may belong to several kinds if ``analysis/contexts.yaml`` tells all but one of them apart. ``words.yaml``
is about the kind of app, its look and its colour.
"""
