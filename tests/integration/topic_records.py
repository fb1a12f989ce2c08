"""What stands in a topic."""

from typing import TypeVar

from kafka import KafkaConsumer, TopicPartition

from contracts import codec
from contracts.settings import StageSettings
from contracts.topics import Topic

Record = TypeVar("Record")


def read(settings: StageSettings, topic: Topic, record_type: type[Record]) -> list[Record]:
    """Return every record of a topic."""
    consumer = KafkaConsumer(bootstrap_servers=settings.kafka_server_list, enable_auto_commit=False)
    try:
        partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends, found = consumer.end_offsets(partitions), []
        while any(consumer.position(partition) < end for partition, end in ends.items()):
            for records in consumer.poll(timeout_ms=200).values():
                found += [codec.decode(record.value, record_type) for record in records]
        return found
    finally:
        consumer.close()
