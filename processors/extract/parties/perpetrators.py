"""Who did it, as a fact, a claim of their own, an allegation or a denied one, and who alleges it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from contracts.records import Perpetrator
from contracts.vocabulary import EventType, PerpetratorStatus
from processors.extract.claimants.attribution import Claimants
from processors.extract.parties.actors import is_organised
from processors.extract.text.document import Sentence
from processors.extract.text.language import Language, load
from processors.extract.text.patterns import Rule, Rules

_ORDER = (
    PerpetratorStatus.CLAIMED,
    PerpetratorStatus.ALLEGED,
    PerpetratorStatus.UNCLEAR,
    PerpetratorStatus.STATED,
    PerpetratorStatus.DENIED,
)
"""Which of two statements about one perpetrator is kept."""
_STATUSES = {
    "blamed": PerpetratorStatus.ALLEGED,
    "mutual": PerpetratorStatus.ALLEGED,
    "held": PerpetratorStatus.ALLEGED,
    "force": PerpetratorStatus.STATED,
    "headline": PerpetratorStatus.STATED,
}
"""Statuses of kinds of patterns that aren't statuses themselves."""
_ACTING = frozenset({"stated", "force", "headline", "held"})
"""Kinds of patterns that tell of an act, which may be another one's in a sentence that looks back."""
_CLAIMS = frozenset({"claimed", "blamed", "mutual"})
"""Kinds of patterns that are told of groups and states."""
_EDGES = frozenset({"the", "a", "an", "and", "of", "suspected", "alleged", "its", "ally", "by", "some", "several"})
_UNTELLING = frozenset(
    {
        "government",
        "forces",
        "military",
        "troops",
        "group",
        "warplanes",
        "militants",
        "jets",
        "aircraft",
        "planes",
        "soldiers",
    }
)
_JOINT = re.compile(r"^(?:while|but|and|however|meanwhile|though|although) ", re.IGNORECASE)
_KNOWN = 256
"""Sentences whose matches are kept for a while."""
_CHARACTERS = 800
"""Characters of a sentence that are read for perpetrators."""
_SENTENCES = 20
"""Sentences read for perpetrators."""
_MOST = 4
"""Most perpetrators told of one incident."""
_TELLING = 3
"""Letters of the longest word that doesn't tell one name from another."""


@dataclass(frozen=True, slots=True)
class _Words:
    """A language's vocabulary of perpetrators."""

    rules: Rules[str]
    leaves_open: re.Pattern[str]
    denies_for_all: re.Pattern[str]
    never: re.Pattern[str]
    by_ends: re.Pattern[str]
    by_never: re.Pattern[str]
    described: frozenset[str]
    nobody: frozenset[EventType]


@lru_cache(maxsize=8)
def _vocabulary(code: str) -> _Words:
    raw = load(code).raw["perpetrators"]
    word = rf"(?:{raw['word']})"
    who = rf"(?<![\w-])(?P<who>{raw['before']}{word}(?: {word}){{0,8}})(?: |\b)"
    rules = []
    for kind, patterns in raw["patterns"].items():
        for pattern in patterns:
            source = pattern.replace("START", raw["start"]).replace("MANNER", raw["manner"])
            rules.append(Rule(kind, source, fill=(("WHO2", who.replace("?P<who>", "?P<who2>")), ("WHO", who))))
    return _Words(
        rules=Rules(rules),
        leaves_open=re.compile(raw["unclear"]),
        denies_for_all=re.compile(raw["all_deny"], re.IGNORECASE),
        never=re.compile(raw["never"]),
        by_ends=re.compile(raw["by_ends"]),
        by_never=re.compile(raw["by_never"], re.IGNORECASE),
        described=frozenset(raw["described"]),
        nobody=frozenset(EventType(name) for name in raw["nobody"]),
    )


def find_perpetrators(
    sentences: Iterable[Sentence],
    claimants: Claimants,
    language: Language,
    event: EventType,
    told: frozenset[int],
) -> tuple[Perpetrator, ...]:
    """Return who is said to have done it, the first named first; nobody for an accident or a disaster.

    `told` has the numbers of the sentences that tell of the incident itself; in the others, which look back, only
    blame and claims of responsibility are read.
    """
    words = _vocabulary(language.code)
    if event in words.nobody:
        return ()
    found: dict[str, Perpetrator] = {}
    denials: list[str] = []
    for sentence in list(sentences)[:_SENTENCES]:
        for kind, match in _matches(sentence, words, language.code):
            if kind in _ACTING and sentence.number not in told:
                continue
            if kind == "denied":
                denials.append(_clean(match["who"]))
                continue
            for perpetrator in _told(kind, match, sentence, claimants, language):
                _add(found, perpetrator, words)
    return _with_denials(_kept(list(found.values()), words), denials, words)


def accused(sentences: Iterable[Sentence], language: Language) -> frozenset[str]:
    """Return the names of those who claim it or are blamed: mostly groups and states, by whatever words."""
    return frozenset(
        _clean(name)
        for sentence in list(sentences)[:_SENTENCES]
        for kind, match in _found(sentence.text[:_CHARACTERS], language.code)
        if kind in _CLAIMS
        for key, name in match.groupdict().items()
        if name and key != "by"
    )


@lru_cache(maxsize=_KNOWN)
def _found(text: str, code: str) -> tuple[tuple[str, re.Match[str]], ...]:
    """Return what any rule finds in a text; kept for a while, since it is asked for more than once."""
    return tuple((rule.kind, match) for rule in _vocabulary(code).rules.likely(text) for match in rule.matches(text))


def _matches(sentence: Sentence, words: _Words, code: str) -> list[tuple[str, re.Match[str]]]:
    text = sentence.text[:_CHARACTERS]
    silent = set() if words.leaves_open.search(text) is None else {"stated", "force"}
    if sentence.part != "title":
        silent.add("headline")
    told = [(kind, match) for kind, match in _found(text, code) if kind not in silent]
    return sorted(told, key=lambda one: (one[1].start("who"), one[0]))


def _told(
    kind: str, match: re.Match[str], sentence: Sentence, claimants: Claimants, language: Language
) -> Iterator[Perpetrator]:
    """Yield the perpetrators that one match tells of, with who alleges it."""
    groups, words = match.groupdict(), _vocabulary(language.code)
    raw = [groups["who"], groups.get("who2")]
    if kind == "stated" and match["who"].rstrip().endswith(" and"):
        return  # the verb has its subject further left
    names = _with_head([_clean(name) for name in raw if name])
    teller = claimants.claimant(sentence, _token(sentence, match.start("who")))
    by = _blamer(groups.get("by"), words) or _blamer(teller, words)
    for number, name in enumerate(names):
        if kind == "headline" and not is_organised(name, language):
            continue
        if len(name) <= _TELLING - 1 or (kind not in {"force", "mutual"} and words.never.match(name)):
            continue
        yield _perpetrator(kind, name, names[1 - number] if kind == "mutual" else by)


def _blamer(written: str | None, words: _Words) -> str | None:
    """Return who blames, of the words before "blamed"; None where they name nobody."""
    by = words.by_ends.sub("", _JOINT.sub("", written or "")).strip(" ,")
    return None if words.by_never.match(by) else by


def _with_head(names: list[str]) -> list[str]:
    """Return two names of which the first may lack what both are: "Syrian or Russian jets"."""
    if len(names) < 2 or " " in names[0] or not names[0].istitle():  # noqa: PLR2004 - a pair
        return names
    head = names[1].split()[-1]
    return [f"{names[0]} {head}" if head.islower() else names[0], names[1]]


def _token(sentence: Sentence, offset: int) -> int:
    """Return the token at a character of a sentence."""
    begin = sentence.start + offset
    return next((n for n, token in enumerate(sentence.tokens) if token.end > begin), 0)


def _perpetrator(kind: str, name: str, teller: str | None) -> Perpetrator:
    status = _STATUSES.get(kind) or PerpetratorStatus(kind)
    if status is PerpetratorStatus.STATED and teller is not None:
        status = PerpetratorStatus.ALLEGED
    alleged_by = _clean(teller) if teller and status is PerpetratorStatus.ALLEGED else None
    return Perpetrator(name=name, status=status, alleged_by=alleged_by)


def _kept(found: list[Perpetrator], words: _Words) -> list[Perpetrator]:
    """Return those with a name where any has one, else the descriptions."""
    told = [p for p in found if not all(word in words.described for word in p.name.lower().split())]
    named = [p for p in told if _is_named(p.name, words)]
    return (told if named else found)[:_MOST]


def _is_named(name: str, words: _Words) -> bool:
    return any(
        word[:1].isupper() and word.lower() not in words.described for word in re.split(r"[\s-]", name)
    ) or any(word[3:4].isupper() for word in name.split() if word.startswith("al-"))


def _add(found: dict[str, Perpetrator], new: Perpetrator, words: _Words) -> None:
    """Keep one perpetrator a name, rather than a description; what they claim outweighs what others allege."""
    for name, known in found.items():
        if _telling(name) & _telling(new.name) or name.lower() == new.name.lower():
            if _ORDER.index(new.status) < _ORDER.index(known.status):
                found[name] = replace(known, status=new.status, alleged_by=new.alleged_by)
            if _is_named(new.name, words) and not _is_named(known.name, words):
                found[name] = replace(found[name], name=new.name)
            return
    found[new.name] = new


def _with_denials(found: list[Perpetrator], denials: list[str], words: _Words) -> tuple[Perpetrator, ...]:
    """Return the perpetrators, marked where they deny it; one who only denies is told of for that."""
    if any(words.denies_for_all.search(name) for name in denials):
        return tuple(_denying(p) for p in found)
    denied = {word for name in denials for word in _telling(name)}
    marked = tuple(_denying(p) if _is_among(p.name, denied, denials) else p for p in found)
    alone = [name for name in denials[:1] if not found and _is_named(name, words) and name.count(" ") < _MOST]
    return marked or tuple(Perpetrator(name=n, status=PerpetratorStatus.DENIED, denies=True) for n in alone)


def _denying(perpetrator: Perpetrator) -> Perpetrator:
    """Return a perpetrator who denies it; that it is theirs is then alleged, however open the text leaves it."""
    is_open = perpetrator.status is PerpetratorStatus.UNCLEAR
    return replace(perpetrator, status=PerpetratorStatus.ALLEGED if is_open else perpetrator.status, denies=True)


def _is_among(name: str, denied: set[str], denials: list[str]) -> bool:
    """Whether a name is of one who denies, or nearly: "Syria", "Syrian"."""
    same = any(name.lower() == other.lower() for other in denials)
    return same or any(word[:4] == other[:4] for word in _telling(name) for other in sorted(denied))


def _clean(name: str) -> str:
    words = name.split()
    while words and words[0].lower() in _EDGES:
        words.pop(0)
    while words and words[-1].lower() in _EDGES:
        words.pop()
    return " ".join(words)


def _telling(name: str) -> set[str]:
    return {
        word
        for word in name.lower().replace("-", " ").split()
        if word not in _EDGES and len(word) > _TELLING and word not in _UNTELLING
    }
