"""The extractor: an article to the incidents that it reports.

    article ─► sentences (text) ─► people and what happened to them (people, harm) ─► is it a report (screening)
            ─► which incident (incidents), whose words (claimants), refused figures (people)
            ─► claims and tolls (tally);  kind and time (incidents), place (places), who did it (parties)

Everything is a pure function of the article: no clock, no network, no order of sets.
"""

from datetime import UTC, date, datetime, time

from contracts.ids import report_id
from contracts.records import Article, RejectedFigure, Report
from contracts.times import known_since, plausible
from contracts.vocabulary import Measure, RejectionReason
from processors.extract.claimants.attribution import Claimants
from processors.extract.harm.mentions import Reading
from processors.extract.harm.reading import read_sentence
from processors.extract.incidents.episodes import Episode, find_episodes
from processors.extract.incidents.events import event_type
from processors.extract.incidents.times import incident_time
from processors.extract.parties.actors import find_actors
from processors.extract.parties.perpetrators import accused, find_perpetrators
from processors.extract.people.rejected import background_reason
from processors.extract.places import gazetteer
from processors.extract.places.scene import PlaceReader
from processors.extract.screening import evidence, gate
from processors.extract.tally.claims import attribute, make_claims
from processors.extract.tally.tolls import derive_tolls
from processors.extract.text import language
from processors.extract.text.document import MAX_TEXT, MAX_TITLE, Document, Sentence, read_document
from processors.extract.text.language import Language
from processors.extract.text.stamps import stated_day
from processors.sketch import key_terms, sketch

EXTRACTOR = "tallywire-rules/1.0"


def load() -> None:
    """Read all data ahead, so that the first article isn't slower than the others."""
    from processors.extract.screening import encoder  # noqa: PLC0415 - see _is_report

    gazetteer.load()
    encoder.load()
    warm = Article(
        id="", revision="", title="Bomb kills two", text="A bomb killed two people in Kabul on Monday, police said."
    )
    extract(warm)


def extract(article: Article) -> tuple[Report, ...]:
    """Return the incidents that an article reports, the main one first; none for other news."""
    words = language.load("en")
    if gate.log_odds(article, words) < gate.THRESHOLD:
        return ()
    document = read_document(article, words)
    cased = not document.capitals
    readings = [read_sentence(sentence, words, cased=cased) for sentence in document.sentences]
    published = _published_on(article, words)
    if not _is_report(article, published, document, readings, words):
        return ()
    episodes = find_episodes(readings, words, published)
    claimants = Claimants(document.sentences, words)
    places = PlaceReader(document, words, gazetteer.load())
    return tuple(
        _report(article, published, document, episode, position, readings, claimants, places, words)
        for position, episode in enumerate(episodes)
    )


def _is_report(
    article: Article, published: date | None, document: Document, readings: list[Reading], words: Language
) -> bool:
    """Return whether an article reports an incident, by close reading and, in doubt, by its meaning as a whole."""
    common = evidence.known_words(gate.common_words(article.title, article.text))
    facts = evidence.facts(document, readings, common, published, words)
    odds = evidence.log_odds(facts)
    if evidence.is_in_doubt(odds):
        from processors.extract.screening import meaning  # noqa: PLC0415 - few articles need the network, which is slow to load

        return meaning.log_odds(article, document, odds, told=evidence.TOLD in facts) >= meaning.THRESHOLD
    return odds > 0


def _report(  # noqa: PLR0913, PLR0917 - the parts of one analysis, put together once
    article: Article,
    published: date | None,
    document: Document,
    episode: Episode,
    position: int,
    readings: list[Reading],
    claimants: Claimants,
    places: PlaceReader,
    words: Language,
) -> Report:
    claims = make_claims(attribute(episode.mentions, claimants), words)
    sentences = tuple(s for s in document.sentences if s.number in episode.weights)
    tolls = derive_tolls(claims, episode.mentions)
    hurt = sum(toll.best for measure, toll in tolls.items() if measure in {Measure.KILLED, Measure.INJURED})
    struck = max(hurt, sum(m.low for m in episode.mentions if m.measure is None))
    event = event_type(sentences, struck, words)
    own = tuple(sentence for sentence in sentences if episode.weights[sentence.number] > 0)
    told = frozenset(sentence.number for sentence in own)
    title, text = _words_about(article, own, position)
    perpetrators = find_perpetrators(sentences, claimants, words, event, told)
    return Report(
        id=report_id(article.id, position),
        article_id=article.id,
        article_revision=article.revision,
        position=position,
        feed=article.feed,
        outlet=article.outlet,
        url=article.url,
        title=article.title,
        published=plausible(article.published, article.fetched) or _midnight(published),
        reported=known_since(article),
        event_type=event,
        place=places.incident_place(episode.weights, only=position > 0),
        when=incident_time(sentences, episode.weights, published, words),
        claims=claims,
        tolls=tolls,
        perpetrators=perpetrators,
        actors=find_actors(own, perpetrators, words, event, accused(own, words)),
        rejected=_rejected(readings, episode, words) if position == 0 else (),
        text_sketch=sketch(title, text),
        key_terms=key_terms(title, text),
        extractor=EXTRACTOR,
    )


def _words_about(article: Article, own: tuple[Sentence, ...], position: int) -> tuple[str, str]:
    """Return title and text by which an incident is known: the whole article's for the main one.

    Another one's own sentences alone: by the rest it would be taken for the main one's.
    """
    if position == 0:
        return article.title[:MAX_TITLE], article.text[:MAX_TEXT]
    return "", " ".join(sentence.text for sentence in own)


def _midnight(day: date | None) -> datetime | None:
    """Return the beginning of the day that a page states, which is all that is known of the time."""
    return datetime.combine(day, time(), UTC) if day else None


def _published_on(article: Article, words: Language) -> date | None:
    """Return the day of publication that the feed gives, else the one that the page itself states."""
    published = plausible(article.published, article.fetched)
    return published.date() if published else stated_day(article, words)


def _rejected(readings: list[Reading], episode: Episode, words: Language) -> tuple[RejectedFigure, ...]:
    """Return the figures that aren't claims: those that don't count people, then those of other incidents."""
    rejected = []
    refused = {(m.sentence.number, m.group.first): m for m in episode.refused}
    for reading in readings:
        sentence = reading.sentence
        for group in reading.groups:
            mention = refused.get((sentence.number, group.first))
            reason: RejectionReason | None = mention.reason if mention else group.reason
            if reason is RejectionReason.NOT_PEOPLE:
                reason = background_reason(sentence, words) or reason
            if reason is not None and group.high != 0:
                rejected.append(
                    RejectedFigure(
                        words=sentence.words(group.first, group.last),
                        reason=reason,
                        measure=mention.measure if mention else None,
                        sentence=sentence.text,
                        span=sentence.span(group.first, group.last),
                    )
                )
    return tuple(rejected)
