# Finance: answers every task of the team until it is stopped; BY is who answers, and approves nothing twice.
import json, os, sys
from confluent_kafka import Consumer, Producer

brokers = {"bootstrap.servers": os.environ.get("BROKERS", "localhost:9092")}
by = os.environ.get("BY", "finance:li")
answers = {
    "approve-refund": {"type": "ApprovalGiven"},
    "decide-failed-refund": {"type": "PayoutGivenUp", "reason": "the provider does not pay to this account"},
    "trace-capture": {"type": "CaptureTraced", "note": "paid back to the sender"},
    "decide-bounced-refund": {"type": "PayAgain"},
    "decide-late-payout": {"type": "PayoutCounts", "note": "the customer keeps it"},
    "send-refund-mail": {"type": "RefundMailSent"},
}

# librdkafka's own partitioner puts most keys on another partition than everybody else does
producer = Producer({**brokers, "partitioner": "murmur2_random", "acks": "all"})
consumer = Consumer({**brokers, "group.id": os.environ.get("GROUP", "my-finance"), "auto.offset.reset": "earliest", "enable.auto.commit": False})
consumer.subscribe(["orderloom.tasks.finance"])
while True:
    message = consumer.poll(1)
    if message is None or message.error():
        continue
    try:
        if dict(message.headers() or []).get("ce_type") in (b"TaskAsked", b"TaskReminded"):
            task = json.loads(message.value())
            answer = answers.get(task["question"])
            if answer is None or by in (task["about"].get("filedBy"), task["about"].get("approvedBy")):
                print(task["question"], task["taskId"], "is left to people", file=sys.stderr)
            else:
                data = {"taskId": task["taskId"], "answer": answer, "by": by}
                headers = {"ce_specversion": "1.0", "ce_id": f"answer-{task['taskId']}", "ce_source": "/my-finance", "ce_type": "TaskAnswered"}
                producer.produce("orderloom.answers.finance", json.dumps(data), message.key(), headers=headers)
                producer.flush()  # sent before the task counts as read
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:  # no record ends us
        print(f"offset {message.offset()} is left to people: {error!r}", file=sys.stderr)
    consumer.commit(message)
