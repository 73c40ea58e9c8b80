import type { MessageContract } from '@orderloom/contracts';

/** Path of the schema of a message: by topic, or by kind if every team or service has a topic of the same messages. */
export function schemaPath({ topic, type, version }: Pick<MessageContract, 'topic' | 'type' | 'version'>): string {
  const shared = /^orderloom\.(?:(tasks|answers)\.[^.]+|[^.]+\.(flows))$/.exec(topic);
  return `${shared?.[1] ?? shared?.[2] ?? topic}/${type}.v${version}.schema.json`;
}
