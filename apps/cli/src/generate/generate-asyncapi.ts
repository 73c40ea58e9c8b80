import { isWrittenOutside, type MessageContract, type Topic } from '@orderloom/contracts';
import { schemaPath } from './schema-path.js';

const bindingVersion = '0.5.0';
const ref = (...path: readonly string[]) => ({
  $ref: `#/${path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`,
});
const nameOf = ({ type, version }: MessageContract): string => `${type}.v${version}`;

/** The AsyncAPI 3.0 document, from Orderloom's side: it receives what others write and sends the rest. Schemas are the files beside it. */
export function asyncApi(messages: readonly MessageContract[], topics: readonly Topic[]): object {
  const of = (topic: Topic) => messages.filter((message) => message.topic === topic.topic);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Orderloom',
      version: '1.0.0',
      description:
        'Orders, tasks and facts of a merchant over Kafka: CloudEvents 1.0 in binary mode, JSON in UTF-8. Start with README.md beside this file.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      kafka: {
        host: '{host}:{port}',
        protocol: 'kafka',
        description: 'The Kafka of this installation',
        variables: {
          host: { default: 'localhost', description: 'a broker' },
          port: { default: '9092', description: 'its port' },
        },
      },
    },
    channels: Object.fromEntries(topics.map((topic) => [topic.topic, channel(topic, of(topic))])),
    operations: Object.fromEntries(topics.filter((topic) => of(topic).length > 0).map((topic) => operation(topic, of(topic)))),
  };
}

const channel = (topic: Topic, messages: readonly MessageContract[]) => ({
  address: topic.topic,
  description: `${topic.description}; written by: ${topic.writtenBy}; key: ${topic.key}`,
  servers: [ref('servers', 'kafka')],
  messages: Object.fromEntries(messages.map((message) => [nameOf(message), describe(message, topic)])),
  bindings: {
    kafka: {
      topic: topic.topic,
      partitions: topic.partitions,
      topicConfiguration: topicConfiguration(topic),
      bindingVersion,
    },
  },
  'x-key': topic.key,
  'x-partitioner': 'murmur2',
});

function topicConfiguration({ config: { 'cleanup.policy': cleanup, ...config } }: Topic): object {
  return { ...config, 'retention.ms': Number(config['retention.ms']), ...(cleanup !== undefined && { 'cleanup.policy': [cleanup] }) };
}

const describe = (message: MessageContract, topic: Topic) => ({
  name: message.type,
  title: message.type,
  summary: message.description,
  headers: {
    type: 'object',
    allOf: [
      { $ref: './envelope.schema.json' },
      {
        type: 'object',
        properties: { ce_type: { const: message.type }, ce_typeversion: { const: String(message.version) } },
        required: message.version > 1 ? ['ce_type', 'ce_typeversion'] : ['ce_type'],
      },
    ],
  },
  payload: { $ref: `./${schemaPath(message)}` },
  bindings: { kafka: { key: { type: 'string', description: `${topic.key}; partitioner murmur2` }, bindingVersion } },
  'x-rule': message.rule,
  'x-version': message.version,
});

function operation(topic: Topic, messages: readonly MessageContract[]): readonly [string, object] {
  const action = isWrittenOutside(topic) ? 'receive' : 'send';
  const described = {
    action,
    channel: ref('channels', topic.topic),
    title: topic.description,
    tags: [{ name: topic.writtenBy, description: `written by: ${topic.writtenBy}` }],
    messages: messages.map((message) => ref('channels', topic.topic, 'messages', nameOf(message))),
  };
  return [`${action}-${topic.topic}`, described];
}
