# The warehouse: picks, packs and ships what it is asked to, and answers holds and labels, until it is stopped.
import datetime, json, os, sys
from confluent_kafka import Consumer, Producer

brokers = {"bootstrap.servers": os.environ.get("BROKERS", "localhost:9092")}
# librdkafka's own partitioner puts most keys on another partition than everybody else does
producer = Producer({**brokers, "partitioner": "murmur2_random", "acks": "all"})
consumer = Consumer({**brokers, "group.id": os.environ.get("GROUP", "my-warehouse"), "auto.offset.reset": "earliest", "enable.auto.commit": False})
shipped = set()  # a real warehouse asks its own database
choices = {"hold-order": ("HoldConfirmed", "HoldDenied"), "change-label": ("LabelConfirmed", "LabelDenied")}


def say(topic, key, id, kind, data):
    headers = {"ce_specversion": "1.0", "ce_id": id, "ce_source": "/my-warehouse", "ce_type": kind}
    producer.produce(f"orderloom.{topic}", json.dumps(data), key, headers=headers)


def deal(task):
    id, order, question = task["taskId"], task["subject"], task["question"]
    if question in choices:
        yes, no = choices[question]
        answer = {"type": no, "reason": "the parcel has left"} if order in shipped else {"type": yes}
        say("answers.warehouse", order, f"answer-{id}", "TaskAnswered", {"taskId": id, "answer": answer, "by": "warehouse:my-system"})
    elif question == "ship-order" and order not in shipped:
        hand_over = {"carrier": "Royal Mail", "method": "Tracked 48", "trackingNumber": f"RM{order}"}
        for report, details in {"ParcelPicked": {}, "ParcelPacked": {}, "ParcelShipped": hand_over}.items():
            data = {"orderNumber": order, "at": datetime.datetime.now(datetime.timezone.utc).isoformat(), **details}
            say("warehouse.reports", order, f"{report}-{id}", report, data)
        shipped.add(order)
    elif question != "ship-order":  # inspect-return, explain-missing-items, name-lost-goods and explain-delay need somebody who looks
        print(question, id, "is left to people", file=sys.stderr)


consumer.subscribe(["orderloom.tasks.warehouse"])
while True:
    message = consumer.poll(1)
    if message is None or message.error():
        continue
    try:
        if dict(message.headers() or []).get("ce_type") in (b"TaskAsked", b"TaskReminded"):
            deal(json.loads(message.value()))
            producer.flush()  # sent before the task counts as read
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:  # no record ends us
        print(f"offset {message.offset()} is left to people: {error!r}", file=sys.stderr)
    consumer.commit(message)
