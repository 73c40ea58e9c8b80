# The courier: python courier.py scans every parcel that the warehouse ships; python courier.py RM536365GB 536365 delivered: one scan.
# Its tasks (orderloom.tasks.courier) need somebody who looks: explain-missing-scan, investigate-parcel, explain-problem, handle-problem-parcel, prove-delivery, redirect-parcel.
import datetime, json, os, sys
from confluent_kafka import Consumer, Producer

brokers = {"bootstrap.servers": os.environ.get("BROKERS", "localhost:9092")}
# librdkafka's own partitioner puts most keys on another partition than everybody else does
producer = Producer({**brokers, "partitioner": "murmur2_random", "acks": "all"})


def scanned(tracking, order, scan):
    at = datetime.datetime.now(datetime.timezone.utc).isoformat()
    data = {"trackingNumber": tracking, "orderNumber": order, "scan": scan, "at": at, "place": "London"}
    # the same scan again has the same id, and is the same message
    headers = {"ce_specversion": "1.0", "ce_id": f"{tracking}-{scan}", "ce_source": "/my-courier", "ce_type": "ParcelScanned"}
    producer.produce("orderloom.courier.scans", json.dumps(data), tracking, headers=headers)


if sys.argv[1:]:
    scanned(*sys.argv[1:])
    sys.exit("not sent in time" if producer.flush(30) else 0)

consumer = Consumer({**brokers, "group.id": os.environ.get("GROUP", "my-courier"), "auto.offset.reset": "earliest", "enable.auto.commit": False})
consumer.subscribe(["orderloom.logistics.events"])
while True:
    message = consumer.poll(1)
    if message is None or message.error():
        continue
    try:
        if dict(message.headers() or []).get("ce_type") == b"ParcelShipped":
            parcel = json.loads(message.value())
            for seen in ("first-scan", "out-for-delivery", "delivered") if parcel["trackingNumber"] else ():
                scanned(parcel["trackingNumber"], parcel["orderNumber"], seen)
            producer.flush()  # sent before the parcel counts as read
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:  # no record ends us
        print(f"offset {message.offset()} is left to people: {error!r}", file=sys.stderr)
    consumer.commit(message)
