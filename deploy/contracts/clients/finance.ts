// Finance: answers every task of the team until it is stopped; BY is who answers, and approves nothing twice.
import kafkajs from 'kafkajs';

const kafka = new kafkajs.Kafka({ clientId: 'my-finance', brokers: (process.env['BROKERS'] ?? 'localhost:9092').split(',') });
const by = process.env['BY'] ?? 'finance:li';
const answers: Readonly<Record<string, object>> = {
  'approve-refund': { type: 'ApprovalGiven' },
  'decide-failed-refund': { type: 'PayoutGivenUp', reason: 'the provider does not pay to this account' },
  'trace-capture': { type: 'CaptureTraced', note: 'paid back to the sender' },
  'decide-bounced-refund': { type: 'PayAgain' },
  'decide-late-payout': { type: 'PayoutCounts', note: 'the customer keeps it' },
  'send-refund-mail': { type: 'RefundMailSent' },
};

const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner }); // murmur2
const consumer = kafka.consumer({ groupId: process.env['GROUP'] ?? 'my-finance' });
await Promise.all([producer.connect(), consumer.connect()]);
await consumer.subscribe({ topics: ['orderloom.tasks.finance'], fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message: { key, headers, value, offset } }) => {
    if (!['TaskAsked', 'TaskReminded'].includes(String(headers?.['ce_type']))) return;
    try {
      const { taskId, question, about } = JSON.parse(String(value)) as { taskId: string; question: string; about: Record<string, unknown> };
      if (typeof taskId !== 'string') throw new TypeError('it has no taskId');
      const answer = Object.hasOwn(answers, question) ? answers[question] : undefined;
      if (!answer || [about['filedBy'], about['approvedBy']].includes(by)) return console.error(`${question}: ${taskId} is left to others`);
      const data = { taskId, answer, by };
      const ce = { ce_specversion: '1.0', ce_id: `answer-${taskId}`, ce_source: '/my-finance', ce_type: 'TaskAnswered' };
      await producer.send({ topic: 'orderloom.answers.finance', acks: -1, messages: [{ key, value: JSON.stringify(data), headers: ce }] });
    } catch (error) {
      if (error instanceof kafkajs.KafkaJSError) throw error; // the log's fault: kafkajs tries again
      console.error(`offset ${offset} is left to people: ${String(error)}`); // no record ends us
    }
  },
});
