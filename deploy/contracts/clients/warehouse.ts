// The warehouse: picks, packs and ships what it is asked to, and answers holds and labels, until it is stopped.
import kafkajs from 'kafkajs';

type Task = Readonly<Record<'taskId' | 'subject' | 'question', string>>;
const kafka = new kafkajs.Kafka({ clientId: 'my-warehouse', brokers: (process.env['BROKERS'] ?? 'localhost:9092').split(',') });
const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner }); // murmur2
const consumer = kafka.consumer({ groupId: process.env['GROUP'] ?? 'my-warehouse' });
const shipped = new Set<string>(); // a real warehouse asks its own database
const say = (topic: string, key: string, id: string, ce_type: string, data: object) => {
  const headers = { ce_specversion: '1.0', ce_id: id, ce_source: '/my-warehouse', ce_type };
  return producer.send({ topic: `orderloom.${topic}`, acks: -1, messages: [{ key, value: JSON.stringify(data), headers }] });
};

async function deal({ taskId, subject, question }: Task): Promise<unknown> {
  if (typeof taskId !== 'string' || typeof subject !== 'string') throw new TypeError('it has no taskId and subject');
  const answer = (yes: string, no: string) => (shipped.has(subject) ? { type: no, reason: 'the parcel has left' } : { type: yes });
  const answered = (given: object) =>
    say('answers.warehouse', subject, `answer-${taskId}`, 'TaskAnswered', { taskId, answer: given, by: 'warehouse:my-system' });
  if (question === 'hold-order') return answered(answer('HoldConfirmed', 'HoldDenied'));
  if (question === 'change-label') return answered(answer('LabelConfirmed', 'LabelDenied'));
  // inspect-return, explain-missing-items, name-lost-goods and explain-delay need somebody who looks
  if (question !== 'ship-order') return console.error(`${question} ${taskId} is left to people`);
  if (shipped.has(subject)) return undefined;
  const handOver = { carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: `RM${subject}` };
  for (const report of ['ParcelPicked', 'ParcelPacked', 'ParcelShipped']) {
    const data = { orderNumber: subject, at: new Date().toISOString(), ...(report === 'ParcelShipped' ? handOver : {}) };
    await say('warehouse.reports', subject, `${report}-${taskId}`, report, data);
  }
  return shipped.add(subject);
}

await Promise.all([producer.connect(), consumer.connect()]);
await consumer.subscribe({ topics: ['orderloom.tasks.warehouse'], fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message: { headers, value, offset } }) => {
    try {
      if (['TaskAsked', 'TaskReminded'].includes(String(headers?.['ce_type']))) await deal(JSON.parse(String(value)) as Task);
    } catch (error) {
      if (error instanceof kafkajs.KafkaJSError) throw error; // the log's fault: kafkajs tries again
      console.error(`offset ${offset} is left to people: ${String(error)}`); // no record ends us
    }
  },
});
