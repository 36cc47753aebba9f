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
no none never cannot per via one ones two too toward towards several further later earlier now today minus
it's didn't wasn't weren't isn't aren't percent
always nearly almost roughly approximately rather once instead
few fewer little bit quite well past although though whereas however because
"""
_RECORD = """
hand monitoring
incident incidents alert alerts began begin begun start started starts beginning end ended ends last
lasted resolved resolve acknowledged acknowledge detected reported record recorded records came come
opened open noticed notice noted wrote written said says say told tell asked answered time times minute
minutes hour hours second seconds day days moment preceded precede nearest nearby service services
affected affect severity priority type status summary people somebody person entry entries line lines
note notes message messages stakeholders went sent first took take happened happen made make given gives
give called look looked change changed changes known shows show showed seen deploy configuration version
window maintenance post-mortem similar common word words share shares linked page pages paged fired over
identified fixed problem closed impact helped timestamp timestamps doubled tripled quadrupled halved
morning afternoon evening night noon got see sees saw manual manually
"""
ALIKE = (
    "slow slowly latency delay delayed lag degraded sluggish timeout worse worsen worsened deteriorated",
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
    "wait waited queue queued pending backlog",
    "succeed succeeded success successful successfully",
    "lost lose loses losing loss losses",
    "give gives gave given giving",
    "take takes took taken taking",
    "write writes wrote written",
    "choose chose chosen",
    "bring brought",
    "build built",
    "hold held",
    "keep keeps kept",
    "pay pays paid",
    "throw threw thrown",
    "wake woke woken",
    "freeze froze frozen",
    "know knew known",
    "try tries tried trying attempt attempts attempted attempting",
    "accidentally accident mistake mistakenly inadvertently unintentionally",
    "repeat repeated redo redone again",
)
OPPOSITES = (
    (
        "increase increased rose rise rising risen grew grow climb climbed higher up raise raised raising "
        "lift lifted boost expand expanded enlarge enlarged doubled tripled",
        "decrease decreased fell fall falling fallen drop dropped lower lowered shrank shrink reduce reduced "
        "cut halved lessen lessened",
    ),
    ("rollback", "rollforward"),
    ("up", "down"),
    ("above exceeded exceed", "below under"),
    ("succeed succeeded success passed worked", "fail failed failure"),
    ("enable enabled activate activated", "disable disabled deactivate deactivated"),
    ("add added attach attached", "remove removed delete deleted detach detached"),
    ("keep kept", "remove removed"),
    ("before", "after"),
    ("more", "less fewer"),
    ("start started begin began restart restarted", "stop stopped ceased halted"),
    ("connect connected", "disconnect disconnected"),
    ("allow allowed accept accepted unblock unblocked", "block blocked reject rejected deny denied"),
    ("lock locked", "unlock unlocked"),
    ("grant granted", "revoke revoked"),
    ("install installed", "uninstall uninstalled"),
    ("improve improved better", "worsen worsened worse"),
    ("pause paused suspend suspended", "resume resumed continue continued"),
    ("fast faster quickly quicker early earlier", "slow slower slowly delay delayed late later"),
    ("all every", "none"),
    ("online available", "offline unavailable"),
    ("rollback reverted revert", "rollout"),
    ("normal healthy", "degraded unhealthy"),
    ("primary", "replica standby secondary"),
    ("read reads", "write writes"),
    ("open opened", "close closed"),
    ("full", "empty"),
    ("upgrade upgraded", "downgrade downgraded"),
    ("ahead", "behind"),
    ("manually manual", "automatically automatic"),
    ("incoming inbound", "outgoing outbound"),
    ("upstream", "downstream"),
    ("internal", "external"),
    ("valid", "invalid"),
    ("mount mounted", "unmount unmounted"),
    ("maximum", "minimum"),
    ("temporary temporarily", "permanent permanently"),
    ("staging", "production"),
)
_NEGATING = """
not no none never nothing nobody neither nor without cannot unable fail failed fails failing failure
hardly lack lacked unaffected except
"""
NEGATING = frozenset(_NEGATING.split())
ERROR = stem("error")
AFFECTED_STEM, UNAFFECTED_STEM = stem("affected"), stem("unaffected")
WELFARE_STEMS = frozenset({AFFECTED_STEM, UNAFFECTED_STEM})
TROUBLE_STEMS = frozenset(
    stem(word)
    for word in [
        "affected",
        "impacted",
        "error",
        "errors",
        "trouble",
        "slow",
        "degraded",
        "down",
        "crashed",
        "broken",
        "stopped",
    ]
)
"""With which evidence says that something was amiss."""
FAILED_STEMS = frozenset(stem(word) for word in ("fail", "failed", "fails", "failing", "failure"))
CAUSAL = re.compile(
    r"\b(?:caus(?:e|es|ed|ing)|because|due to (?!(?:run|start|end|expire|finish|begin|happen|be|go"
    r"|take|close|resume|stop)\b)|owing to|thanks to|as a (?:result|consequence)|consequently|"
    r"root cause|led to|leads? to|leading to|result(?:s|ed|ing)? (?:in|from)|trigger(?:s|ed|ing)?(?: by)?|"
    r"stem(?:s|med|ming) from|attributed to|brought (?:about|down)|responsible for|to blame|provoked|"
    r"ma(?:de|king) (?:it|them|us|(?:the |our |all |some |many )[a-z-]+|[a-z-]+-\d+) (?!to\b|of\b"
    r"|in\b|at\b|for\b|on\b|by\b|and\b|it\b|back\b|the\b|after|before|when|with|from\b|available|until|\w+er\b)[a-z]+|"
    r"(?:sent|put|threw|drove|forced|plunged)(?: \S+){1,4} into(?= [A-Z]| an? [a-z]*(?:loop|crash"
    r"|spin|storm))|kept(?: \S+){1,4} from(?= \w+ing\b)|which is why|therefore|hence|the reason|"
    r"(?:was|were|is) (?:the (?:issue|problem|culprit|trouble)|what \w+ed))\b",
    re.IGNORECASE,
)
"""Words that say that one thing came of another."""
_ENDED = "ended|fixed|repaired|solved|cured|remedied|resolved"
_TURNED = "stopped|restored|cleared|recovered|mitigated|eliminated|healed|saved|rescued|broke|crashed|"
_TURNED += "killed|exhausted"
_WRECKED = "broke|crashed|killed|exhausted|overloaded|filled|flooded|saturated|disrupted|corrupted|stalled"
ENDING = re.compile(
    rf"(?<!\bwas )(?<!\bwere )(?<!\bbeen )(?<!\bbeing )(?<!\bis )(?<!\bare )(?<!\bbe )(?<!\bgot )"
    rf"\b(?:{_ENDED}|{_WRECKED})\s+(?=(?:the|all|both|every|this|that|these|those|it|them|our|their|an?)\b)"
    rf"|\b(?:which|that|this|thereby|thus)\s+(?:(?:has|had|then|also|finally|at last|\w+ly)\s+)?"
    rf"(?:{_ENDED}|{_TURNED})\b(?!\s+(?:on|at|in|after|before|within|up|again|since|when)\b)"
    rf"|\b(?:{_ENDED}|{_TURNED}) by\b(?!\s+(?:\d|about|around|noon|midnight|then|hand|\w+day\b))",
    re.IGNORECASE,
)
"""Words that say that something was ended, or brought about, by something or somebody."""
ENDED = re.compile(
    r"\b(?:end(?:s|ed|ing)?|(?:is|was|all) over|fix(?:es|ed|ing)?|repair\w*|solv\w+|cure[sd]?|remed\w+|"
    r"resolv\w+|restor\w+|recover\w*|mitigat\w+|normal|healthy|clear(?:s|ed|ing)|stop(?:s|ped|ping)?|eliminat\w+|heal\w*|"
    r"saved|rescued|broke|crash\w*|kill\w*|exhaust\w*|overload\w*|fill\w*|flood\w*|saturat\w*|disrupt\w*|corrupt\w*|"
    r"stall\w*)\b",
    re.IGNORECASE,
)
"""Words with which evidence says that something ended, or was brought about."""
_SAYS_PHRASE = re.compile(
    r" (?:on|off|out of)\b|[ -](?:back|forward)\b|\b(?:left|kept|stayed|remained) in\b"
    r"|\bwork|\bfine\b|\b(?:trouble|problem)s?\b|\blet|\bthrough\b|\b(?:stop|cease)|ly (?:any|no)"
    r"|\b(?:almost|to) no",
    re.I,
)
PHRASES = (
    (re.compile(r"\b(?:switch|turn)(?:ed|ing|s)?((?: \S+){0,3}) on\b", re.I), r" enabled\1 "),
    (re.compile(r"\b(?:switch|turn)(?:ed|ing|s)?((?: \S+){0,3}) off\b", re.I), r" disabled\1 "),
    (re.compile(r"\broll(?:ed|ing|s)?[ -]((?:\S+ ){0,3})back\b", re.I), r" rollback \1"),
    (
        re.compile(
            r"\b(?:keeps?|kept) work(?:ing)?\b|\balways worked\b|\b(?:was|were) (?:always )?fine\b", re.I
        ),
        " unaffected ",
    ),
    (
        re.compile(
            r"\bstop(?:s|ped)? working\b|\b(?:not|did[nN]['’]t|do[nN]['’]t) work(?:ing)?\b|\b(?:had"
            r"|has|have) (?:troubles?|problems?)\b",
            re.I,
        ),
        " affected ",
    ),
    (re.compile(r"\b(?:tak(?:en?|ing)|took|pull(?:ed|ing)?)((?: \S+){0,4}) out of\b", re.I), r" removed\1 "),
    (
        re.compile(r"\b(?:put|brought|taken|took|added)((?: \S+){0,4}) back (?:in|into|to)\b", re.I),
        r" added\1 ",
    ),
    (re.compile(r"\b(?:left|kept|stayed|remained)((?: \S+){0,3}) in\b", re.I), r" kept\1 "),
    (re.compile(r"\broll(?:ed|ing|s)?[ -]((?:\S+ ){0,3})forward\b", re.I), r" rollforward \1"),
    (re.compile(r"\blet(?:s|ting)?((?: \S+){1,3}) through\b", re.I), r" allowed\1 "),
    (re.compile(r"\b(?:never|not|[a-z]+n['’]t) (?:stop(?:ped)?|ceased?) (?=\w+ing\b)", re.I), " kept "),
    (
        re.compile(r"\b(?:left|kept|stayed|remained)(?: \w+)? on(?= (?:by|for|after|since)\b|[.,;]|$)", re.I),
        " enabled ",
    ),
    (
        re.compile(
            r"\b(?:hardly|barely|scarcely|almost|virtually|practically|next to) (?:any|no|none|nothing)\b",
            re.I,
        ),
        " few ",
    ),
)
"""Words that only together say what was done, and one word instead."""

_EVERYDAY = """
access account accounts action actions address agent answer answers application attempt autoscaler backend
bandwidth basket batch bill billing block board bot branch bridge browser bucket buffer bug build builds
button byte bytes cable cart case cause cell certificate channel charge chart chat check checks clock cluster
code command commit communication complaint component computer consumer container content copy core cost
count counter country credential cron crash cursor dashboard data date deadlock debug delay delivery device
disk dispatch document domain download driver edge email endpoint endpoints event events evidence exchange
export exporter factor fallback feature feed field figure file files firewall flag flow folder form format
framework frontend function garbage gateway graph group growth half header heap hit home hook id identity
image images import index indexes indices information instance instances integration interface internet
inventory invoice invoices job jobs journal kernel key keys label lack lag law layer leader lease library
limit limits link list listener load loads location lock locks log login logins logout logs loop loss mail
mailbox mails mail manager map mean memory mesh metadata metric metrics middleware migration migrations
mobile mode module money monitor month mount name names namespace need network new node nodes number
numbers object objects offset office old operator order orders others output packet pager panel part
partition partitions path pattern payload payment payments peak peer people percent period permission
phone pipeline platform plugin pod pods pool pools port portal power pressure price process processes
processor producer product production profile program project promise proof protocol provider proxy query
queries quota rack range rate rates ratio reader reason recipient redirect refund region regions register
registry release replica replicas repository resolver resource resources response responses result results
retry retries rollout root route router routes row rows rule rules runbook scan schedule scheduler schema
script search secret section sensor session sessions shard shards share shop sign signal site size snapshot
socket software source space spike stack staff stage standby state storage store stream subscriber sum
support switch symptom syntax system systems table tables target task tasks template tenant test tests
thread threads threshold throughput ticket tickets tier timer title token tokens tool topic total traces
track traffic transaction transactions transfer tree trigger tunnel type unit upload usage use value values
variable vendor view views visitor visitors volume volumes warehouse warning watchdog way web webhook
website week weeks weight wire word work worker workers workflow workload write writer year zone zones
windows bind dozen hundred thousand million nearly almost half third quarter fifth tenth
yesterday tomorrow tonight dozens hundreds thousands millions meanwhile afterwards however therefore
thereafter subsequently eventually initially soon instead otherwise moreover together overnight despite
throughout alongside according beyond
"""
FUNCTION_STEMS = frozenset(stem(word) for word in _FUNCTION.split())
RECORD_STEMS = frozenset(stem(word) for word in _RECORD.split())
_CANONICAL = {
    stem(word): stem(group.split()[0]) for group in reversed(ALIKE) for word in group.split() if len(word) > 1
}
EVERYDAY_STEMS = (
    FUNCTION_STEMS
    | RECORD_STEMS
    | frozenset(
        stem(word) for group in (_EVERYDAY, _NEGATING, *ALIKE, *sum(OPPOSITES, ())) for word in group.split()
    )
)
"""Of words that stand at the beginning of a sentence and name nothing."""
OPPOSITE_STEMS = [
    (frozenset(stem(word) for word in first.split()), frozenset(stem(word) for word in second.split()))
    for first, second in OPPOSITES
]
ALL_OPPOSITE_STEMS = frozenset().union(*(side for pair in OPPOSITE_STEMS for side in pair))
_PAIRS = {
    one: f"{min(first)}/{min(second)}" for first, second in reversed(OPPOSITE_STEMS) for one in first | second
}


DIRECTION_STEMS = frozenset(
    one
    for side in OPPOSITE_STEMS[0]
    for stemmed in side
    for one in (stemmed, _CANONICAL.get(stemmed, stemmed))
)
"""Of rising and falling."""
_PEOPLE = (
    "team engineers developers operators provider vendor support staff group crew colleagues admins owners"
)
PEOPLE = frozenset(one for word in _PEOPLE.split() for one in (stem(word), _CANONICAL.get(stem(word), "")))
"""Who does something: that they did it is no cause."""


def canonical(word: str) -> str:
    """The stem of a word, or of the first of those that mean the same where incidents are told."""
    found = stem(word)
    return _CANONICAL.get(found, found)


def one_of_pair(word: str) -> str:
    """The same, but one for a word and its opposite: what they are about is the same."""
    return _PAIRS.get(stem(word), canonical(word))


def in_single_words(text: str) -> str:
    """The text with “switched it off” as one word, which has an opposite."""
    if _SAYS_PHRASE.search(text) is None:
        return text
    for phrase, word in PHRASES:
        text = phrase.sub(word, text)
    return text
