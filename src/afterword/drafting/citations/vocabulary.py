"""Words that the check of citations knows: of the record itself, alike, opposite, negating, reasoning. "
"Pure."""

from __future__ import annotations

import re

from afterword.drafting.citations.reading import stem

_FUNCTION = """
a an the and or but nor so yet if then than that this these those there here it its they them their he she
his her hers him we us our you your i me my who whom whose which what when where why how in on at by for
from to of into onto with within without between among over under above below up down out off about around
through during before after until till since while as is am are was were be been being do does did doing
done has have had having will would can could may might must shall should also again already still just
only even very more most less least much many some any all each every both other another such same own not
no none never cannot per via one ones two too toward towards several further later earlier now today it's
didn't wasn't weren't isn't aren't
"""
_RECORD = """
hand monitoring
incident incidents alert alerts began begin begun start started starts beginning end ended ends last
lasted resolved resolve acknowledged acknowledge detected reported record recorded records came come
opened open noticed notice noted wrote written said says say told tell time times minute minutes hour
hours second seconds day days moment preceded precede nearest nearby service services affected affect
severity priority type status summary people somebody person entry entries line lines note notes message
messages stakeholders went sent first took take happened happen made make given gives give called look
looked change changed changes known shows show showed seen deploy configuration version window maintenance
post-mortem similar common word words share shares linked page pages paged fired over identified fixed
problem closed impact helped
"""
ALIKE = (
    "slow slowly latency delay delayed lag degraded sluggish timeout",
    "error fail failure failed failing broken break",
    "restore restored recover recovered recovery normal normally healthy",
    "rollback rolled revert reverted undo undone back",
    "restart restarted reboot rebooted bounce bounced",
    "deploy deployed release released ship shipped rollout push pushed",
    "fix fixed repair repaired solve solved remedy",
    "mitigate mitigated mitigation relieve relieved ease eased workaround",
    "outage unavailable down downtime offline unreachable",
    "customer customers user users buyer buyers client clients",
    "database db databases",
    "full exhausted saturated maxed ran",
    "increase increased rise rose risen grew grow climb climbed higher",
    "decrease decreased fall fell drop dropped lower reduce reduced shrink",
    "investigate investigated investigating look looked examine examined",
    "find found discover discovered identify identified see saw notice noticed",
    "request requests call calls traffic",
    "server servers host hosts machine machines node nodes",
    "config configuration setting settings",
    "disable disabled switch switched turn turned",
    "add added raise raised extend extended",
    "page paged notify notified inform informed alert alerted",
    "payment payments checkout charge charges",
    "team responder responders engineer engineers on-call",
    "stop stopped halt halted cease",
    "crash crashed die died",
    "wait waited queue queued pending",
)
OPPOSITES = (
    (
        "increase increased rose rise risen grew climbed higher up",
        "decrease decreased fell drop dropped lower shrank",
    ),
    ("succeed succeeded success passed worked", "fail failed failure"),
    ("enable enabled", "disable disabled"),
    ("add added", "remove removed delete deleted"),
    ("before", "after"),
    ("start started begin began", "stop stopped ceased"),
    ("fast faster quickly quicker", "slow slower slowly"),
    ("all every", "none"),
    ("online available", "offline unavailable"),
    ("rollback reverted revert", "rollout"),
    ("normal healthy", "degraded unhealthy"),
    ("primary", "replica standby secondary"),
    ("read reads", "write writes"),
    ("open opened", "close closed"),
    ("full", "empty"),
    ("upgrade upgraded", "downgrade downgraded"),
)
_NEGATING = """
not no none never nothing nobody neither nor without cannot unable fail failed fails failing failure
hardly lack lacked unaffected
"""
NEGATING = frozenset(_NEGATING.split())
CAUSAL = re.compile(
    r"\b(?:caus(?:e|es|ed|ing)|because|due to|owing to|thanks to|as a (?:result|consequence)|consequently|"
    r"root cause|led to|leads? to|leading to|result(?:s|ed|ing)? (?:in|from)|trigger(?:s|ed|ing)?(?: by)?|"
    r"stem(?:s|med|ming) from|attributed to|brought (?:about|down)|responsible for|to blame|provoked|"
    r"made (?:it|them|the \w+) (?:fail|crash|slow)|which is why|therefore|hence|the reason)\b",
    re.IGNORECASE,
)
"""Words that say that one thing came of another."""

FUNCTION_STEMS = frozenset(stem(word) for word in _FUNCTION.split())
RECORD_STEMS = frozenset(stem(word) for word in _RECORD.split())
_CANONICAL = {
    stem(word): stem(group.split()[0]) for group in reversed(ALIKE) for word in group.split() if len(word) > 1
}
OPPOSITE_STEMS = [
    (frozenset(stem(word) for word in first.split()), frozenset(stem(word) for word in second.split()))
    for first, second in OPPOSITES
]
_PAIRS = {
    one: f"{min(first)}/{min(second)}" for first, second in reversed(OPPOSITE_STEMS) for one in first | second
}


def canonical(word: str) -> str:
    """The stem of a word, or of the first of those that mean the same where incidents are told."""
    found = stem(word)
    return _CANONICAL.get(found, found)


def one_of_pair(word: str) -> str:
    """The same, but one for a word and its opposite: what they are about is the same."""
    return _PAIRS.get(stem(word), canonical(word))
