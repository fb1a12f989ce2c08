"""Feeds to articles: the first stage.

`app` runs it and states its flow; `feedlist`, `parse`, `identity` and `decide` are pure, `fetch` is the network's
edge, `publish` and `state` are Kafka's.
"""
