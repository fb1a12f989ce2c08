"""Which of the sources of a text are the same: "the mayor", "Mr. Roe", "Omid Roe, mayor of Dori" and "he".

A description stands for the one source that it fits; a bare name that speaks right after an office without a name is
that office's holder, as wire reports have it ("the governor of Dori said. … Omid Roe told reporters …").
"""

import re
from collections.abc import Iterable, Iterator

from processors.extract.claimants.speech import ARTICLES, name_words, speech
from processors.extract.text.language import Language

_CALLED_BY_KIND = frozenset(
    {"monitor", "agency", "organisation", "newspaper", "company", "ministry", "army", "police"}
)
"""Kinds of source that a text names once and then calls by what they are."""
_TITLES = frozenset({"mr", "mrs", "ms", "dr", "gen", "col", "capt", "lt", "sgt", "maj", "rev", "father", "sir"})
_RANKS = frozenset({"lieutenant", "colonel", "captain", "major", "general", "brigadier", "sergeant"})
_NO_NAME = ARTICLES | _TITLES | {"based", "uk", "of", "for", "s"}
_HOLDER = 2
"""Sentences within which an office's holder speaks by name."""
_ANYWHERE = frozenset({"local", "national", "state", "regional", "provincial", "central", "country's", "government"})
"""Words of a description that its name needn't repeat."""
_VAGUE = 2
"""Most words of a description of an official that says nothing: "local official"."""
_FORCES = frozenset({"coast", "national", "border", "civil", "revolutionary", "presidential", "republican"})
"""What makes a "guard" a force."""
_UNITS = frozenset({"forces", "services", "headquarters", "news", "affairs"})
"""Plurals that are one organisation."""
_FURTHER = frozenset({"another", "other", "second"})
"""Words for a source that isn't the one told of before."""
_DOES = frozenset({"operator", "airline", "owner", "manufacturer", "carrier"})
"""Words for companies by what they do."""
_SOURCES = 100
"""Sources from the beginning of a text among which offices and their holders are looked for."""
_OF_THE_PLACE = re.compile(r" (?:of|in|for) the (?:area|town|village|district|region|province|city|county|state)$")
"""What a description tells that the text names elsewhere: "the mayor of the area"."""
_NOBODYS = frozenset({"source", "witness", "resident", "survivor", "medic"})
"""Words for persons who are told apart by what stands before: "a security source" is no hospital source."""
_DESCRIBES = re.compile(r",? (?:\(?\d|(?:an?|the|his|her|whose|who|from|of)\b)")
_NAME = range(2, 6)
"""Words of a person's name with a rank before it."""


class Identities:
    """The sources that a text names, in order, and whom each of its names and descriptions means.

    `told`: sentence and name of each source; `named`: those that are names; `persons`: subjects that are persons;
    `described`: names that the text says more of.
    """

    def __init__(
        self,
        told: list[tuple[int, str]],
        named: list[str],
        persons: list[str],
        described: frozenset[str],
        language: Language,
    ) -> None:
        self._described = described
        self._speech = speech(language.code)
        self._pronouns = language.raw["speech"]["pronouns"]
        self._told = told
        self._spelled = {name.lower(): name for _, name in told if name[0].islower()}
        self._persons = [name for name in persons if self.is_person(name)]
        self._fullest = _fullest([*named, *self._persons])
        self._holders = dict(self._held())

    def named(self, name: str) -> str:
        """Return the fullest name of the text for a name."""
        full = self._fullest.get(name, name)
        return self._holders.get(full, full)

    def meant(self, name: str, number: int) -> str:
        """Return the source named elsewhere that a description stands for: "the secretary", "the monitor"."""
        if name in self._holders:
            return self._holders[name]
        plain = _OF_THE_PLACE.sub("", name) if self.is_person(name) else name
        for fuller in self._candidates(number):
            if self._is_fuller(fuller, plain) and fuller != name:
                return self.named(fuller)
        for kind in self._kinds(name):
            full_names = (*self._fullest.values(), *self._holders.values())
            named = {full for full in full_names if kind in self._kinds(full) and not self.is_person(full)}
            if kind in _CALLED_BY_KIND and len(named) == 1:
                if kind == "ministry" and not self._may_be(name, min(named)):
                    continue  # "the emergencies ministry" is no Health Ministry
                return min(named)
        return self._spelled.get(name.lower(), name)

    def agrees(self, pronoun: str, name: str) -> bool:
        """Whether a pronoun may stand for a name: "he" for no ministry and no residents, "it" for no spokesman."""
        person, told = self.is_person(name), self._is_told(name)
        if pronoun in self._pronouns["persons"]:
            return (person or not told) and not self._is_many(name)
        return not person and not self._is_several(name) if pronoun in self._pronouns["things"] else True

    def is_person(self, name: str) -> bool:
        """Whether a name tells of a person: an office ("spokesman") or a title before what it is an office of."""
        for part in (_head(name), _head(name.partition(", ")[2])):
            words = name_words(part)
            told = [word for word in words if word in self._speech.classes or word in _TITLES]
            if words[-1:] == ["guard"] and not _FORCES.isdisjoint(words):
                return False
            if told:
                return told[-1] in self._speech.persons or told[-1] in _TITLES
        return False

    def _candidates(self, number: int) -> Iterable[str]:
        """Return the sources that a description in a sentence may stand for, the likeliest first."""
        before = [name for n, name in self._told if n < number]
        told = [name for _, name in self._told]
        return dict.fromkeys((*reversed(before), *told, *self._persons))

    def _is_fuller(self, fuller: str, name: str) -> bool:
        """Whether a name of the text is a fuller one of what a description tells."""
        words, own = name_words(fuller), name_words(name)
        if own[-1] in self._speech.persons and is_joint(fuller) and not is_joint(name):
            return False  # "the source" is one of "officials and a security source"
        if len(words) <= len(own) or words[:2] == ["one", "of"] or words[0] in _FURTHER:
            return False
        if _is_short_for(name, fuller):
            return True
        alike = own[-1] in words and (own[-1] in self._speech.persons) == self.is_person(fuller)
        apart = own[-1] not in self._speech.persons or own[-1] in _NOBODYS
        if alike and apart and not set(own[:-1]) <= {*words, *_ANYWHERE}:
            return False
        is_one = self.is_person(fuller) == self.is_person(name)  # no ministry is its spokesman
        return alike or (is_one and fuller.lower().endswith(" " + name.lower()))

    def _may_be(self, name: str, full: str) -> bool:
        """Whether a description has no word of its own that tells it from a name."""
        told = {word for word in name_words(name) if word not in self._speech.classes}
        return told - _ANYWHERE <= set(name_words(full))

    def _held(self) -> Iterator[tuple[str, str]]:
        """Yield offices told without a name, and the names that speak right after them, with who both are."""
        seen: set[str] = set()
        office: tuple[int, str] | None = None
        for number, name in self._told[:_SOURCES]:
            new = name not in seen
            seen.add(name)
            if not new and self._is_office(name):
                continue
            if self._is_office(name) and not any(self._is_fuller(other, name) for other in self._candidates(number)):
                office = (number, name)
            elif office is not None and new and number - office[0] <= _HOLDER and self._holds(office[1], name):
                both = name if self._names_office(office[1], name) else f"{name}, {office[1]}"
                if both != name:
                    yield name, both
                yield office[1], both
                office = None
            elif self.is_person(name) or self._is_bare(name):
                office = None

    def _holds(self, office: str, name: str) -> bool:
        """Whether a name that speaks right after an office without one may be its holder's."""
        return self._names_office(office, name) or self._is_bare(name, company=_does(office))

    def _names_office(self, office: str, name: str) -> bool:
        """Whether a name says what office its bearer holds, and that is the one told before."""
        return self._is_titled(office, name) or self._is_someone(office, name)

    def _is_office(self, name: str) -> bool:
        """Whether a source is an office without a name: "spokesman for the governor", "Dori's mayor".

        So is a company told of by what it does: "the ship's operator".
        """
        if _does(name):
            return True
        words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", _head(name))
        offices = [n for n, word in enumerate(words) if self._speech.classes.get(word.lower()) == "governor"]
        return bool(offices) and offices[-1] == len(words) - 1 and ", " not in name and words[-1].islower()

    def _is_someone(self, office: str, name: str) -> bool:
        """Whether "a local official" is who the next source is: "the district's mayor, Omid Roe"."""
        own = name_words(office)
        titled = any(self._speech.classes.get(word) == "governor" for word in name_words(name))
        named = sum(word[0].isupper() and word.lower() not in self._speech.classes for word in name.split())
        return own[-1] == "official" and len(own) <= _VAGUE and titled and named > 1 and self.is_person(name)

    def _is_titled(self, office: str, name: str) -> bool:
        """Whether a name has the office before it as a title: "the governor of Dori", "Governor Omid Roe"."""
        head = name_words(_head(office))[-1:]
        return head == name_words(name)[:1] and len(name.split()) > _VAGUE and name[0].isupper()

    def _is_bare(self, name: str, *, company: bool = False) -> bool:
        """Whether a source is a person's name alone, a rank before it at most, and the text tells no more of it.

        A company's name may be one word, and the text says what it does: "Currenta, which runs the site".
        """
        if company and name[0].isupper() and not set(name_words(name)) & self._speech.classes.keys():
            return self._fullest.get(name, name) == name
        if name in self._described:
            return False
        words = name.split()
        told = {word for word in name_words(name) if word in self._speech.classes} - _RANKS
        capital = all(any(map(str.isupper, word)) for word in words)
        return capital and len(words) in _NAME and not told and self._fullest.get(name) == name

    def _is_told(self, name: str) -> bool:
        """Whether a name says what it is of: an office, an organisation."""
        return any(word in self._speech.classes for word in name_words(_head(name)))

    def _is_many(self, name: str) -> bool:
        """Whether a description is of many: "eyewitnesses", "police"."""
        head = _head(name).split()[-1]
        return head.islower() and ((head.endswith("s") and not head.endswith("ss")) or head in self._speech.mass)

    def _is_several(self, name: str) -> bool:
        """Whether a description is of several: "militants", "aid workers"; not "police", which "it" may mean."""
        return self._is_many(name) and _head(name).split()[-1] not in self._speech.mass | _UNITS

    def _kinds(self, name: str) -> list[str]:
        """Return the classes of a name, the most telling first."""
        words = {self._speech.classes.get(word) for word in re.findall(r"[a-z']+", name.lower())}
        return [kind for kind in dict.fromkeys(self._speech.classes.values()) if kind in words]


def _does(name: str) -> bool:
    """Whether a source is a company told of by what it does: "the ship's operator"."""
    return name.rsplit(" ", 1)[-1] in _DOES


def is_joint(name: str) -> bool:
    """Whether a name is of several sources: "two residents and a hospital official"."""
    return re.search(r"[a-z] and (?:a |an |the )?[a-z]", name) is not None and not any(map(str.isupper, name))


def is_one_of(name: str | None, joint: str | None) -> bool:
    """Whether a source is one of several named together: "a security source" of "officials and security sources"."""
    if name is None or joint is None:
        return False
    told = {word.removesuffix("s") for word in name_words(joint)}
    return is_joint(joint) and not is_joint(name) and {word.removesuffix("s") for word in name_words(name)} <= told


def is_vaguer(name: str, other: str, language: Language) -> bool:
    """Whether a source is named only by what it is, and the other may be one of it.

    "Officials" for "Mayor Omid Roe"; "police and medics" for "police officer Omid Roe".
    """
    words = speech(language.code)
    vague = frozenset(language.raw["speech"]["vague"])
    own, theirs = name_words(name), name_words(other)
    if len(theirs) <= len(own) or not set(own) <= vague | {"and"} or set(theirs) <= vague | {"and", "of", "the"}:
        return False
    official = {words.classes.get(word) for word in theirs} & {"governor", "ministry", "police", "army", "hospital"}
    kinds = {words.classes.get(word) for word in own} - {"people", "person", "governor", None}
    alike = kinds & {words.classes.get(word) for word in theirs}
    return bool(official) and (bool(alike) if kinds else own[-1] in {"officials", "authorities", "sources"})


def is_described(name: str, text: str) -> bool:
    """Whether a sentence says who somebody is after the name: "Omid Roe, a trader", "Omid Roe (52)"."""
    start = text.find(name)
    return start >= 0 and _DESCRIBES.match(text, start + len(name)) is not None


def _fullest(names: list[str]) -> dict[str, str]:
    """Return the fullest name of the text for each name: "SOHR" → "Syrian Observatory for Human Rights (SOHR)"."""
    words = {name: distinctive(name) for name in names}
    order = {name: number for number, name in enumerate(words)}
    fullest = {}
    for name, own in words.items():
        longer = [o for o, theirs in words.items() if own and (own <= theirs or _is_short_for(name, o))] or [name]
        fullest[name] = max(longer, key=lambda other: (len(words[other]), -order[other]))
    return fullest


def _is_short_for(name: str, other: str) -> bool:
    """Whether a name is the first letters of another: "DC" of "Deputy Commissioner John Roe"."""
    if not name.isupper() or not name.isalpha() or name == other:
        return False
    return "".join(word[0] for word in re.findall(r"[^\W_]+", other) if word[0].isupper()).startswith(name)


def _head(name: str) -> str:
    """Return a name without what it is an office of, and without descriptions."""
    return re.split(r",| of | for | at | in | from | who ", name)[0] or name


def distinctive(name: str) -> frozenset[str]:
    """Return a name's words without articles and titles."""
    return frozenset(word for word in re.findall(r"[^\W_]+", name.lower()) if word not in _NO_NAME)
