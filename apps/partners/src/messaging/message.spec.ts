import type { IHeaders, KafkaMessage } from 'kafkajs';
import { decode } from './message.js';

const kafkaMessage = (value: string | null, headers: IHeaders): KafkaMessage => ({
  key: Buffer.from('536365'),
  value: value === null ? null : Buffer.from(value),
  headers,
  timestamp: '0',
  attributes: 0,
  offset: '0',
});
const headers = { ce_type: Buffer.from('TaskAsked'), ce_id: 'x', ce_causation: 'y' };

describe('a decoded record', () => {
  it('the message has type, id, key and data', () => {
    expect(decode('t', kafkaMessage('{"taskId":"a.1"}', headers), new Date())).toMatchObject({
      topic: 't',
      key: '536365',
      type: 'TaskAsked',
      id: 'x',
      causation: 'y',
      data: { taskId: 'a.1' },
    });
  });

  it.each([
    ['without a type', '{}', {}],
    ['without a value', null, headers],
    ['that holds no object', '"text"', headers],
    ['that holds no JSON', '{', headers],
  ])('a record %s is skipped', (_, value, these) => {
    expect(decode('t', kafkaMessage(value, these), new Date())).toBeUndefined();
  });
});
