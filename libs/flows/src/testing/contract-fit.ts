import { messages } from '@orderloom/contracts';

/** Strict violations of a message's contract: wrong fields, and unknown fields. */
export function messageFaults(topic: string, type: string, data: object): string[] {
  const sent: unknown = JSON.parse(JSON.stringify(data));
  const contract = messages.find((message) => message.topic === topic && message.type === type);
  if (!contract) return [`${type} on ${topic}: has no contract`];
  const { success, data: read, error } = contract.data.safeParse(sent);
  const faults = success ? unknown(sent, read, []) : error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return faults.map((fault) => `${type} on ${topic}: ${fault}`);
}

/** Fields that reading dropped. */
function unknown(sent: unknown, read: unknown, path: readonly string[]): string[] {
  if (sent === null || read === null || typeof sent !== 'object' || typeof read !== 'object') return [];
  return Object.entries(sent).flatMap(([field, value]) =>
    field in read
      ? unknown(value, (read as Record<string, unknown>)[field], [...path, field])
      : [`${[...path, field].join('.')}: is not a known field`],
  );
}
