// Purchasing: answers every task of the team until it is stopped. The same task again gets the same answer with the same id.
import kafkajs from 'kafkajs';

const kafka = new kafkajs.Kafka({ clientId: 'my-purchasing', brokers: (process.env['BROKERS'] ?? 'localhost:9092').split(',') });
const answers: Readonly<Record<string, object>> = {
  'confirm-stock': { type: 'StockConfirmed' },
  'confirm-arrival': { type: 'StockArrived' },
  'goods-of-late-order': { type: 'GoodsArrived' },
  'confirm-product': { type: 'ProductInStock' },
  'supply-short-lines': { type: 'StockConfirmed' },
  'supply-missing-items': { type: 'MissingItemsAvailable' },
  'loss-on-bought-goods': { type: 'LossAssessed', loss: 0 }, // pence
};

const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner }); // murmur2
const consumer = kafka.consumer({ groupId: process.env['GROUP'] ?? 'my-purchasing' });
await Promise.all([producer.connect(), consumer.connect()]);
await consumer.subscribe({ topics: ['orderloom.tasks.purchasing'], fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message: { key, headers, value, offset } }) => {
    if (!['TaskAsked', 'TaskReminded'].includes(String(headers?.['ce_type']))) return;
    try {
      const { taskId, question } = JSON.parse(String(value)) as { taskId: string; question: string };
      if (typeof taskId !== 'string') throw new TypeError('it has no taskId');
      const answer = Object.hasOwn(answers, question) ? answers[question] : undefined;
      if (!answer) return console.error(`${question} is new to us: ${taskId} is left to people`);
      const data = { taskId, answer, by: 'purchasing:my-system' };
      const ce = { ce_specversion: '1.0', ce_id: `answer-${taskId}`, ce_source: '/my-purchasing', ce_type: 'TaskAnswered' };
      await producer.send({
        topic: 'orderloom.answers.purchasing',
        acks: -1,
        messages: [{ key, value: JSON.stringify(data), headers: ce }],
      });
    } catch (error) {
      if (error instanceof kafkajs.KafkaJSError) throw error; // the log's fault: kafkajs tries again
      console.error(`offset ${offset} is left to people: ${String(error)}`); // no record ends us
    }
  },
});
