"""Blame and clarity findings in what people write about incidents. Pure: no Django, no network.

    check("The engineer forgot to renew it.")  # [Finding(category="omission", target="role", ...)]

A text is read once (`reading`: which parts are prose), cut into sentences of words (`sentences`), the people
and teams in them are found, and the rules of the language are matched (`patterns`), in time that grows with
the length and nothing else. The code knows no language: a language is a folder of tables.

A language's folder, such as `en/`:

`words.txt` - a line is `CLASS CLASS: word word`. `verb CLASS: base base:form:form` makes every form of verbs
  in the order of the line `slots:`; what is not given is made by the first `inflect: PATTERN CUT FORM...`
  whose pattern finds something (CUT is what goes from the end, `-` nothing; `+ing` is added to the whole
  base; a first FORM `double` doubles the last letter). `ending CLASS CLASS: ly` gives classes to words that
  stand nowhere by their ends. A verb has its class, VERB, and the class of its slot (BASE, PAST, ...).
  Words have classes by their spelling, too: CAP, UPPER, LOWER, CODE (has digits or signs), NUM, PUNCT,
  HANDLE (@name), MASK (code, quotations, addresses), UNKNOWN (in no table), PLAIN (unknown, small letters).
  Where all nouns begin with a capital, CAP says little: ask for NAME instead.
`names.txt` - first names that are nothing else (class NAME).
`rules.toml`:
  `[settings]` `split` cuts a word in two ("didn't"), `abbreviations` end no sentence, `action_sections`
    finds the headings of actions, `action_columns` the columns of tables that may hold some, `action_owners`
    those that only a table of actions has, `by_target` moves a category to another for some targets.
  `[acronyms] known`, `[messages.<category>] message, question` for each of the categories.
  `[macros]` names for parts of patterns; `[silence.<category>]` and `[silence.all]`: no finding where a
    pattern of `before` ends at its start, one of `after` begins at its end, one of `anywhere` matches.
  `[agents]` evidence that a word is a person, which it names `p:`. What begins with `not_role`, `not_team`,
    `not_weak` and `not_person` takes words out again, what begins with `common` a COMMONWORD, DOUBTFUL or
    SYSTEM word at the beginning of a sentence that is a name in the roster.
  `[[rule]]` `name`, `category`, `pattern`; optional `targets` (person, role, team, self, weak: whom `a:` may
    be), `before`, `after`, `unless`, `severity`, `message`, `question`, `rewrites` (functions of
    `rewriting`, which know English), `shapes = ["action"]` (only in items of action lists).
`pages/<category>.md` - its explanation; English stands in for a page that is missing.

`tables.bin` - all that, compiled by the build of the package (`compiling`). It is read instead while nothing
  has changed since, and need not be there.

Classes that the code asks for by name: PRON (he, she: always a person), THEY (stands for a person before
it), SELFWORD, WHO, NOBODY, ROLEWORD, TEAMWORD, WEAKWORD (words that may be people: they count only where a
rule says `LOOSE`), PREP, OF, PART_OF ("one" of), DET, NPMOD (stands between an article and its noun), STOP
(ends a noun phrase), POSS, DOUBTFUL (names that are words, too), COMMONWORD (names
that are everyday words), SYSTEM (programs), EVIDENCE.
It gives patterns AGENT and, by what they are, PERSON, ROLE, TEAM, SELF, WEAK; SUBJ (an agent that is not
what a preposition governs), LOOSE (such a weak one), OWNER (an agent before a possessive mark).
"""

from afterword.language.checking import TEXT_CHARACTERS_MAX, Checker, check
from afterword.language.findings import (
    CATEGORIES,
    LANGUAGES,
    Category,
    Finding,
    Kind,
    Options,
    Severity,
    Target,
)

__all__ = [
    "CATEGORIES",
    "LANGUAGES",
    "TEXT_CHARACTERS_MAX",
    "Category",
    "Checker",
    "Finding",
    "Kind",
    "Options",
    "Severity",
    "Target",
    "check",
]
