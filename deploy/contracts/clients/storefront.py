# A storefront: python storefront.py place 536365 | cancel 536365 | answer TASK-ID OfferAccepted 536365
import datetime, json, os, sys
from confluent_kafka import Producer

what, *rest = sys.argv[1:]
order = rest[-1]
placed = {
    "orderNumber": order,
    "placedAt": datetime.datetime.now(datetime.timezone.utc).isoformat(),
    "customer": {"id": None, "name": "Ada Lovelace", "email": "ada@example.test"},
    "address": {"recipient": "Ada Lovelace", "street": "12 St James Square", "city": "London", "country": "GB"},
    "lines": [{"line": 1, "sku": "85123A", "quantity": 6, "unitPrice": 255}],  # amounts are pence
    "currency": "GBP",
    "total": 1530,
    "payment": {"method": "paypal", "captured": 1530, "reference": f"pay-{order}"},
}
if what == "place":
    kind, data = "OrderPlaced", placed
elif what == "cancel":
    kind, data = "CancellationRequested", {"orderNumber": order, "reason": "ordered twice"}
elif what == "answer":
    kind, data = "CustomerAnswered", {"taskId": rest[0], "answer": {"type": rest[1]}}
else:
    sys.exit("say place ORDER, cancel ORDER or answer TASK-ID TYPE ORDER")

# librdkafka's own partitioner puts most keys on another partition than everybody else does
producer = Producer({"bootstrap.servers": os.environ.get("BROKERS", "localhost:9092"), "partitioner": "murmur2_random", "acks": "all"})
headers = {"ce_specversion": "1.0", "ce_id": "-".join([what, *rest]), "ce_source": "/my-shop", "ce_type": kind}
failed = []
producer.produce("orderloom.storefront.orders", json.dumps(data), order, headers=headers, on_delivery=lambda error, _: error and failed.append(error))
sys.exit(str(failed or "not sent in time") if producer.flush(30) or failed else 0)
