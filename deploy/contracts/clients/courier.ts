// The courier: node courier.ts scans every parcel that the warehouse ships; node courier.ts RM536365GB 536365 delivered: one scan.
// Its tasks (orderloom.tasks.courier) need somebody who looks: explain-missing-scan, investigate-parcel, explain-problem, handle-problem-parcel, prove-delivery, redirect-parcel.
import kafkajs from 'kafkajs';

const kafka = new kafkajs.Kafka({ clientId: 'my-courier', brokers: (process.env['BROKERS'] ?? 'localhost:9092').split(',') });
const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner }); // murmur2
await producer.connect();

/** The same scan again has the same id, and is the same message. */
function scanned(trackingNumber: string, orderNumber: string, scan: string) {
  const data = { trackingNumber, orderNumber, scan, at: new Date().toISOString(), place: 'London' };
  const headers = { ce_specversion: '1.0', ce_id: `${trackingNumber}-${scan}`, ce_source: '/my-courier', ce_type: 'ParcelScanned' };
  return producer.send({
    topic: 'orderloom.courier.scans',
    acks: -1,
    messages: [{ key: trackingNumber, value: JSON.stringify(data), headers }],
  });
}

const [trackingNumber, orderNumber, scan] = process.argv.slice(2);
if (trackingNumber && orderNumber && scan) {
  await scanned(trackingNumber, orderNumber, scan);
  await producer.disconnect();
} else {
  const consumer = kafka.consumer({ groupId: process.env['GROUP'] ?? 'my-courier' });
  await consumer.connect();
  await consumer.subscribe({ topics: ['orderloom.logistics.events'], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message: { headers, value, offset } }) => {
      if (String(headers?.['ce_type']) !== 'ParcelShipped') return;
      try {
        const { trackingNumber: number, orderNumber: order } = JSON.parse(String(value)) as Record<string, unknown>;
        if (number === null) return; // sent untracked
        if (typeof number !== 'string' || typeof order !== 'string') throw new TypeError('it names no parcel');
        for (const seen of ['first-scan', 'out-for-delivery', 'delivered']) await scanned(number, order, seen);
      } catch (error) {
        if (error instanceof kafkajs.KafkaJSError) throw error; // the log's fault: kafkajs tries again
        console.error(`offset ${offset} is left to people: ${String(error)}`); // no record ends us
      }
    },
  });
}
