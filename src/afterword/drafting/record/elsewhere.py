"""Whether a sentence speaks of something else than the incident, of what is not, or of plans. Pure."""

from __future__ import annotations

import re

from afterword.drafting.record.sentences import Sentence

_ELSEWHERE = re.compile(
    r"(?<!\w)#\d+|\b(?:threshold|slos?|slas?|target|previous(?:ly)?|earlier"
    r"|last (?:week|month|year|time|quarter)"
    r"|another|other|similar|unrelated|historical(?:ly)?|usual(?:ly)?|normal(?:ly)?|typical(?:ly)?|average"
    r"|median|per|every|each|whenever|would|should|could(?! not\b)|might|(?<![\d.] )(?<!th )(?<!st )(?<!nd"
    r" )(?<!rd )(?<!of )may(?! \d)|will|shall|if|unless|plan(?:ned|s)?"
    r"|in future|next(?! (?:day|morning|afternoon|evening|night)\b)|expect(?:ed|s)?|p\d\d|timeout"
    r"|retention|interval|example|instead of|rather than"
    r"|ago|(?<!could )not|never|no longer|n't)\b",
    re.I,
)
_FIRST = """
    threshold slo slos sla slas target previous previously earlier last another other similar unrelated
    historical historically usual usually normal normally typical typically average median per every each
    whenever would should could might may will shall if unless plan planned plans in next expect expected
    expects timeout retention interval example instead rather ago not never no
"""
_FIRST_WORDS = frozenset(_FIRST.split())
"""With which the above begins, where it begins with a word."""
_OTHERWISE = re.compile(r"#|n't|\bp\d\d\b")


def is_elsewhere(sentence: Sentence) -> bool:
    """Whether the sentence is left alone."""
    # Most sentences have none of the words, and a set knows that sooner than sixty tries at each letter.
    if not sentence.may_have_word(_FIRST_WORDS) and not _OTHERWISE.search(sentence.lowered):
        return False
    return _ELSEWHERE.search(sentence.shown) is not None
