"""Articles, incidents, feeds and dead letters → Elasticsearch, for analysts to search.

One consumer reads four topics and writes six indices::

    incidents ────► incidents, claims, incident-revisions, and the links of articles
    articles ─────► articles
    feeds ────────► feeds
    dead-letters ─► dead-letters

What to write is decided by pure functions (`incident_documents`, `claim_documents`, `article_documents`,
`operation_documents`, put together in `plan`); `bulk` and `join` write it, `consume` and `app` run it.
"""
