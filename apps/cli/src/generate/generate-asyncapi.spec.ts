import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { messages, topics } from '@orderloom/contracts';
import { Ajv } from 'ajv';
import { contractFiles } from './generate-contracts.js';

const require = createRequire(import.meta.url);
const official = JSON.parse(readFileSync(require.resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json'), 'utf8')) as object;
const files = contractFiles();
const document = JSON.parse(JSON.stringify(files.get('asyncapi.json'))) as Document;

interface Document {
  readonly channels: Readonly<
    Record<string, { address: string; messages: Record<string, { name: string; payload: { $ref: string } }>; bindings: object }>
  >;
  readonly operations: Readonly<Record<string, { action: string; channel: { $ref: string }; messages: { $ref: string }[] }>>;
}

const at = (pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], document);

const refsIn = (node: unknown): string[] =>
  typeof node !== 'object' || node === null
    ? []
    : Object.entries(node).flatMap(([name, value]) => (name === '$ref' ? [String(value)] : refsIn(value)));

describe('the AsyncAPI document', () => {
  it('the document is valid by the official AsyncAPI 3.0 schema, which rejects an invalid one', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const validate = ajv.compile(official);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...document, operations: { wrong: { action: 'listen', channel: { $ref: '#/channels/x' } } } })).toBe(false);
  });

  it('every reference resolves to a part of the document or a file', () => {
    const missing = [...new Set(refsIn(document))].filter((ref) =>
      ref.startsWith('#') ? at(ref) === undefined : !files.has(ref.slice(2)),
    );
    expect(missing).toEqual([]);
  });

  it('every topic is listed with key, partitions, retention and all messages', () => {
    expect(Object.keys(document.channels)).toEqual(topics.map((t) => t.topic));
    for (const { topic, partitions, config } of topics) {
      const { address, bindings, messages: said } = document.channels[topic] ?? { messages: {} };
      expect(address).toBe(topic);
      expect(bindings).toMatchObject({ kafka: { partitions, topicConfiguration: { 'retention.ms': Number(config['retention.ms']) } } });
      expect(Object.values(said).map((m) => m.name)).toEqual(messages.filter((m) => m.topic === topic).map((m) => m.type));
    }
  });

  it('topics of other systems are received, and all others are sent', () => {
    expect(document.operations['receive-orderloom.storefront.orders']?.action).toBe('receive');
    expect(document.operations['receive-orderloom.answers.finance']?.action).toBe('receive');
    expect(document.operations['send-orderloom.tasks.finance']?.action).toBe('send');
    expect(document.operations['send-orderloom.order.events']?.messages).toHaveLength(
      messages.filter((m) => m.topic === 'orderloom.order.events').length,
    );
  });
});
