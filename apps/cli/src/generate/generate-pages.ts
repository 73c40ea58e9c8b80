import { isWrittenOutside, messages, type MessageContract, type Question, questions, topics, versionsOf } from '@orderloom/contracts';
import { rules, type Schema } from '../compatibility/schema-compatibility.js';
import { fieldTable } from './field-table.js';
import { withBlock } from './generate-charts.js';
import type { ContractFiles } from './generate-contracts.js';
import { schemaPath } from './schema-path.js';

/** Returns the generated text of a mark, given its argument: `orderloom.courier.scans` in `<!-- write:orderloom.courier.scans -->`. */
type Fill = (of: string, files: ContractFiles, clients: ReadonlyMap<string, string>) => string;

const fills: Readonly<Record<string, Fill>> = {
  topics: () => topicTable(),
  rules: () =>
    Object.entries(rules)
      .map(([rule, says]) => `- **${rule}** ${says}`)
      .join('\n'),
  write: (topic, files) => sections(topic, (message) => wholeMessage(message, files)),
  read: (topic, files) => sections(topic, (message) => wholeMessage(message, files)),
  facts: (topic) => factTable(topic),
  questions: (team, files) => questionsOf(team, files),
  client: (name, _, clients) => clientCode(name, clients),
};

/** Fills the marks of a page with generated text. Throws for an unknown mark. */
export function withMarks(page: string, files: ContractFiles, clients: ReadonlyMap<string, string>): string {
  const marks = [...page.matchAll(/<!-- ([a-z]+)(?::([A-Za-z0-9.-]+))? -->/g)];
  return marks.reduce((text, [, name = '', of = '']) => {
    const fill = fills[name];
    if (!fill) throw new Error(`unknown mark <!-- ${name} -->: expected one of ${Object.keys(fills).join(', ')}`);
    return withBlock(text, of === '' ? name : `${name}:${of}`, fill(of, files, clients));
  }, page);
}

function topicTable(): string {
  const used = new Set(messages.map((m) => m.topic));
  const rows = topics
    .filter(({ topic }) => used.has(topic))
    .map(
      (t) => `| \`${t.topic}\` | ${t.writtenBy} | ${t.key} | ${t.partitions} | ${daysOf(t.config['retention.ms'])} | ${t.description} |`,
    );
  return ['| topic | written by | key | partitions | kept | content |', '| --- | --- | --- | --- | --- | --- |', ...rows].join('\n');
}

const daysOf = (millis = '-1'): string => (millis === '-1' ? 'for ever' : `${Number(millis) / 86_400_000} days`);

function sections(topic: string, section: (message: MessageContract) => string): string {
  const found = topics.find((t) => t.topic === topic);
  if (!found) throw new Error(`unknown topic ${topic}: expected one of libs/contracts/src/messages/topics.ts`);
  const { writtenBy, key, partitions, config } = found;
  const codec = isWrittenOutside(found) ? ' Any codec: the broker recompresses.' : '';
  const head = `Written by: ${writtenBy}. Key: ${key}. ${partitions} partitions, kept ${daysOf(config['retention.ms'])}.${codec}`;
  return [
    head,
    ...messages
      .filter((m) => m.topic === topic)
      .flatMap(versionsOf)
      .map(section),
  ].join('\n\n');
}

function wholeMessage(message: MessageContract, files: ContractFiles): string {
  const path = schemaPath(message);
  const version = message.version > 1 ? ` version ${message.version}` : '';
  const title = `#### ${message.type}${version} (${message.rule})\n\n${message.description} Schema: [\`${path}\`](${path}).`;
  return [title, fieldTable(files.get(path) as Schema), json(message.example)].filter((part) => part !== '').join('\n\n');
}

function factTable(topic: string): string {
  const rows = messages.filter((m) => m.topic === topic).map((m) => `| [${m.type}](${schemaPath(m)}) | ${m.rule} | ${m.description} |`);
  return ['| fact | rule | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function questionsOf(team: string, files: ContractFiles): string {
  const { questions: published } = files.get('questions.json') as {
    questions: readonly { question: string; about: Schema; answers: Record<string, Schema> }[];
  };
  const asked = Object.entries(questions as Record<string, Question>).filter(([, question]) => question.team === team);
  if (asked.length === 0) return 'No flow asks this team a question.';
  return asked
    .map(([name, { rule, description }]) => {
      const { about, answers } = published.find(({ question }) => question === name) ?? { about: {}, answers: {} };
      const given = Object.entries(answers).map(([type, schema]) =>
        [`Answer \`${type}\``, fieldTable(schema) || 'It has no fields.'].join('\n\n'),
      );
      const none = given.length === 0 ? ['No answer: a report follows.'] : given;
      return [`#### ${name} (${rule})\n\n${description}`, fieldTable(about), ...none].join('\n\n');
    })
    .join('\n\n');
}

function clientCode(name: string, clients: ReadonlyMap<string, string>): string {
  const code = clients.get(name);
  if (code === undefined) throw new Error(`there is no client ${name}`);
  return `\`\`\`${name.endsWith('.py') ? 'python' : 'ts'}\n${code.trim()}\n\`\`\``;
}

const json = (example: unknown): string => `\`\`\`json\n${JSON.stringify(example)}\n\`\`\``;
