# Purchasing: answers every task of the team until it is stopped. The same task again gets the same answer with the same id.
import json, os, sys
from confluent_kafka import Consumer, Producer

brokers = {"bootstrap.servers": os.environ.get("BROKERS", "localhost:9092")}
answers = {
    "confirm-stock": {"type": "StockConfirmed"},
    "confirm-arrival": {"type": "StockArrived"},
    "goods-of-late-order": {"type": "GoodsArrived"},
    "confirm-product": {"type": "ProductInStock"},
    "supply-short-lines": {"type": "StockConfirmed"},
    "supply-missing-items": {"type": "MissingItemsAvailable"},
    "loss-on-bought-goods": {"type": "LossAssessed", "loss": 0},  # pence
}

# librdkafka's own partitioner puts most keys on another partition than everybody else does
producer = Producer({**brokers, "partitioner": "murmur2_random", "acks": "all"})
consumer = Consumer({**brokers, "group.id": os.environ.get("GROUP", "my-purchasing"), "auto.offset.reset": "earliest", "enable.auto.commit": False})
consumer.subscribe(["orderloom.tasks.purchasing"])
while True:
    message = consumer.poll(1)
    if message is None or message.error():
        continue
    try:
        if dict(message.headers() or []).get("ce_type") in (b"TaskAsked", b"TaskReminded"):
            task = json.loads(message.value())
            answer = answers.get(task["question"])
            if answer is None:
                print(task["question"], task["taskId"], "is left to people", file=sys.stderr)
            else:
                data = {"taskId": task["taskId"], "answer": answer, "by": "purchasing:my-system"}
                headers = {"ce_specversion": "1.0", "ce_id": f"answer-{task['taskId']}", "ce_source": "/my-purchasing", "ce_type": "TaskAnswered"}
                producer.produce("orderloom.answers.purchasing", json.dumps(data), message.key(), headers=headers)
                producer.flush()  # sent before the task counts as read
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:  # no record ends us
        print(f"offset {message.offset()} is left to people: {error!r}", file=sys.stderr)
    consumer.commit(message)
