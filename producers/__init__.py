"""Feeds to articles: the first stage.

`app` runs it and states its flow.  Pure are `feedlist`, `subscriptions`, `parse`, `identity`, `harvest`, `decide`
and what it asks (`schedule`, `health`, `moves`).  The network's edge is `fetch`, Kafka's are `membership`,
`feedstore` and `publish`; `keeper` and `poller` work between them.
"""
