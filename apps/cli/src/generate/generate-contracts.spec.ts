import { type MessageContract, messages, messagesOn, questions, topics } from '@orderloom/contracts';
import { encode } from '@orderloom/messaging';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';
import { contractFiles } from './generate-contracts.js';
import { schemaPath } from './schema-path.js';

const files = contractFiles();
const file = (path: string) => files.get(path) as Record<string, unknown>;

describe('the published contracts', () => {
  it.each(messages.map((m) => [schemaPath(m), m] as const))('%s describes its message, and its example satisfies it', (path, message) => {
    const schema = file(path);
    expect(schema).toMatchObject({ title: message.type, description: message.description, 'x-rule': message.rule });
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(z.fromJSONSchema(schema).safeParse((schema['examples'] as unknown[])[0]).error).toBeUndefined();
  });

  it('all schemas of messages, questions and answers are valid JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ allErrors: true, keywords: ['x-rule', 'x-version', 'x-personal'] });
    addFormats.default(ajv);
    const wrong = messages.filter((m) => {
      const { examples, ...schema } = file(schemaPath(m));
      return !ajv.validate(schema, (examples as unknown[])[0]);
    });
    expect(wrong.map(schemaPath)).toEqual([]);
    expect(ajv.validate(file(schemaPath(messages[0] as MessageContract)), { orderNumber: 536365 })).toBe(false);
    const asked = file('questions.json')['questions'] as { about: object; answers: Record<string, object> }[];
    for (const schema of asked.flatMap(({ about, answers }) => [about, ...Object.values(answers)]))
      expect(ajv.validateSchema(schema)).toBe(true);
  });

  it('no schema forbids additional properties', () => {
    expect(JSON.stringify([...files.values()])).not.toContain('"additionalProperties":false');
  });

  it('personal data are marked, whether required or not', () => {
    const customer = (file('orderloom.storefront.orders/OrderPlaced.v1.schema.json') as never)['properties']['customer']['properties'];
    expect(customer).toMatchObject({ name: { 'x-personal': true }, email: { 'x-personal': true }, phone: { 'x-personal': true } });
    expect(customer['id']).not.toHaveProperty('x-personal');
    expect(JSON.stringify([...files.values()])).not.toContain('"personal"');
  });

  it('a message of several topics is written once, with a reference from each topic', () => {
    expect(schemaPath({ topic: 'orderloom.tasks.purchasing', type: 'TaskAsked', version: 1 })).toBe('tasks/TaskAsked.v1.schema.json');
    expect(schemaPath({ topic: 'orderloom.answers.finance', type: 'TaskAnswered', version: 1 })).toBe(
      'answers/TaskAnswered.v1.schema.json',
    );
    expect(schemaPath({ topic: 'orderloom.after-sales.flows', type: 'FlowMoved', version: 2 })).toBe('flows/FlowMoved.v2.schema.json');
    expect(file('index.json')['messages']).toHaveLength(messages.length);
    expect(file('index.json')['messages']).toContainEqual({
      topic: 'orderloom.tasks.purchasing',
      type: 'TaskAsked',
      version: 1,
      rule: 'CS-02',
      says: 'A question to the team. Exactly one answer counts.',
      schema: 'tasks/TaskAsked.v1.schema.json',
    });
  });

  it('messages that differ may not share a file', () => {
    const asked = (topic: string, data: z.ZodType) =>
      messagesOn(topic).message('TaskAsked', { rule: 'CS-02', description: 'Please.', data, example: {} });
    const differing = [
      asked('orderloom.tasks.finance', z.object({})),
      asked('orderloom.tasks.courier', z.object({ a: z.string().optional() })),
    ];
    expect(() => contractFiles(differing)).toThrow('TaskAsked of orderloom.tasks.courier');
  });

  it('the schema of the headers matches encoded messages', () => {
    const { headers } = encode({
      id: '1',
      source: 'urn:shop',
      type: 'OrderPlaced',
      typeVersion: 1,
      subject: '536365',
      time: '2010-12-01T08:26:00Z',
      data: {},
    });
    const schema = z.fromJSONSchema(file('envelope.schema.json'));
    expect(schema.safeParse(headers).error).toBeUndefined();
    expect(schema.safeParse({ ...headers, ce_specversion: '0.3' }).success).toBe(false);
    for (const required of ['ce_specversion', 'ce_id', 'ce_source', 'ce_type']) {
      expect(schema.safeParse({ ...headers, [required]: undefined }).success).toBe(false);
    }
  });

  it('all topics are listed with the partitioner, and all questions with the schemas of their answers', () => {
    expect(file('topics.json')).toEqual({ partitioner: 'murmur2', topics });
    const listed = file('questions.json')['questions'] as { question: string; answers: object }[];
    expect(listed.map((q) => q.question)).toEqual(Object.keys(questions));
    const loss = listed.find((q) => q.question === 'loss-on-bought-goods');
    expect(loss).toMatchObject({ team: 'purchasing', rule: 'ORD-12', answers: { LossAssessed: { required: ['loss'] } } });
  });
});
