// A storefront: node storefront.ts place 536365 | cancel 536365 | answer TASK-ID OfferAccepted 536365
import kafkajs from 'kafkajs';

const [what, ...rest] = process.argv.slice(2);
const [taskId = '', type = '', orderNumber = rest[0] ?? ''] = what === 'answer' ? rest : [];
const line = { line: 1, sku: '85123A', quantity: 6, unitPrice: 255 }; // amounts are pence
const messages: Readonly<Record<string, readonly [type: string, data: object]>> = {
  place: [
    'OrderPlaced',
    {
      orderNumber,
      placedAt: new Date().toISOString(),
      customer: { id: null, name: 'Ada Lovelace', email: 'ada@example.test' },
      address: { recipient: 'Ada Lovelace', street: '12 St James Square', city: 'London', country: 'GB' },
      lines: [line],
      currency: 'GBP',
      total: 1530,
      payment: { method: 'paypal', captured: 1530, reference: `pay-${orderNumber}` },
    },
  ],
  cancel: ['CancellationRequested', { orderNumber, reason: 'ordered twice' }],
  answer: ['CustomerAnswered', { taskId, answer: { type } }],
};
const [ce_type, data] = messages[what ?? ''] ?? [];
if (!ce_type || orderNumber === '') throw new Error('say place ORDER, cancel ORDER or answer TASK-ID TYPE ORDER');

const kafka = new kafkajs.Kafka({ clientId: 'my-shop', brokers: (process.env['BROKERS'] ?? 'localhost:9092').split(',') });
const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner }); // murmur2
await producer.connect();
const headers = { ce_specversion: '1.0', ce_id: `${what}-${rest.join('-')}`, ce_source: '/my-shop', ce_type };
await producer.send({
  topic: 'orderloom.storefront.orders',
  acks: -1,
  messages: [{ key: orderNumber, value: JSON.stringify(data), headers }],
});
await producer.disconnect();
