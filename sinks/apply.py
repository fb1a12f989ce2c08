"""Applying the plans of a batch: first all together, then, where something was refused, one record at a time."""

from collections.abc import Iterable, Iterator, Sequence

from elasticsearch import Elasticsearch

from sinks.batch import Planned, Refusal, Refused
from sinks.bulk import write
from sinks.join import write_joined
from sinks.settings import SinkSettings
from sinks.writes import Plan, latest


def apply(client: Elasticsearch, batch: Sequence[Planned], settings: SinkSettings) -> list[Refused]:
    """Write all that a batch asks for; return the records of which something was refused.

    Of several writes of one document only the last is sent.  If that one is refused, an earlier one may still be
    right, so the records concerned are then written one by one in their order.

    Raises:
        UnavailableError: Something wasn't answered; the whole batch can be tried again.
    """
    refusals = _write(client, [planned.plan for planned in batch], settings)
    suspects = {refusal.id for refusal in refusals}
    return list(_one_by_one(client, [planned for planned in batch if suspects & _ids(planned.plan)], settings))


def _write(client: Elasticsearch, plans: Sequence[Plan], settings: SinkSettings) -> list[Refusal]:
    writes = latest(write for plan in plans for write in plan.writes)
    articles = [article for plan in plans for article in plan.articles]
    return write(client, writes, settings) + write_joined(client, articles, settings)


def _one_by_one(client: Elasticsearch, batch: Iterable[Planned], settings: SinkSettings) -> Iterator[Refused]:
    for planned in batch:
        refusals = _write(client, [planned.plan], settings)
        if refusals:
            yield Refused(incoming=planned.incoming, refusals=tuple(refusals))


def _ids(plan: Plan) -> set[str]:
    return {write.id for write in plan.writes} | {article.id for article in plan.articles}
