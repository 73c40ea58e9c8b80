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
  it('is valid by the official schema of AsyncAPI 3.0, which refuses what is not', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const validate = ajv.compile(official);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...document, operations: { wrong: { action: 'listen', channel: { $ref: '#/channels/x' } } } })).toBe(false);
  });

  it('refers only to what is there: in itself, or as a file beside it', () => {
    const missing = [...new Set(refsIn(document))].filter((ref) =>
      ref.startsWith('#') ? at(ref) === undefined : !files.has(ref.slice(2)),
    );
    expect(missing).toEqual([]);
  });

  it('has every topic with key, partitions and retention, and every message of it', () => {
    expect(Object.keys(document.channels)).toEqual(topics.map((t) => t.topic));
    for (const { topic, partitions, config } of topics) {
      const { address, bindings, messages: said } = document.channels[topic] ?? { messages: {} };
      expect(address).toBe(topic);
      expect(bindings).toMatchObject({ kafka: { partitions, topicConfiguration: { 'retention.ms': Number(config['retention.ms']) } } });
      expect(Object.values(said).map((m) => m.name)).toEqual(messages.filter((m) => m.topic === topic).map((m) => m.type));
    }
  });

  it('receives what others write, and sends the rest', () => {
    expect(document.operations['receive-orderloom.storefront.orders']?.action).toBe('receive');
    expect(document.operations['receive-orderloom.answers.finance']?.action).toBe('receive');
    expect(document.operations['send-orderloom.tasks.finance']?.action).toBe('send');
    expect(document.operations['send-orderloom.order.events']?.messages).toHaveLength(
      messages.filter((m) => m.topic === 'orderloom.order.events').length,
    );
  });
});
