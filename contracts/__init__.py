"""What flows between the stages: records, topics, codec. Imports no client and no clock.

Every stage needs this package and no other of the project::

    feeds ─► articles ─► reports ─► incidents        (one Kafka topic an arrow, see `topics`)
    Feed     Article     ArticleReports  Incident    (see `records`)

A record that a stage can't handle becomes a `DeadLetter`.
"""
