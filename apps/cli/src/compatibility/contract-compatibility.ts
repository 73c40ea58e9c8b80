import { isWrittenOutside, type Topic } from '@orderloom/contracts';
import { type Fault, incompatibilities, type Schema } from './schema-compatibility.js';

type Files = ReadonlyMap<string, unknown>;
interface Asked {
  readonly question: string;
  readonly team: string;
  readonly about: Schema;
  readonly answers: Readonly<Record<string, Schema>>;
}

/** Incompatibilities between the published contracts and those of the code: parsed JSON by path below the folder. */
export function brokenContracts(before: Files, after: Files): Fault[] {
  const topics = listed<Topic>(after.get('topics.json'), 'topics');
  const foreign = new Set(topics.filter(isWrittenOutside).map(({ topic }) => topic));
  return [...before].flatMap(([path, old]): Fault[] => {
    const now = after.get(path);
    if (path === 'envelope.schema.json') return incompatibilities(old as Schema, now as Schema, false, path);
    if (path.endsWith('.schema.json')) return schema(path, old as Schema, now as Schema | undefined, foreign);
    if (path === 'questions.json') return questions(path, listed<Asked>(old, 'questions'), listed<Asked>(now, 'questions'));
    if (path === 'topics.json') return keys(path, listed<Topic>(old, 'topics'), topics);
    return [];
  });
}

const listed = <T>(file: unknown, name: string): readonly T[] =>
  (file as Record<string, readonly T[] | undefined> | undefined)?.[name] ?? [];

function schema(path: string, old: Schema, now: Schema | undefined, foreign: ReadonlySet<string>): Fault[] {
  if (!now) return [{ rule: 'C9', where: path, what: 'others still send or read it' }];
  const folder = path.split('/')[0] ?? '';
  return incompatibilities(old, now, folder === 'answers' || foreign.has(folder), path);
}

function questions(path: string, olds: readonly Asked[], now: readonly Asked[]): Fault[] {
  return olds.flatMap((was): Fault[] => {
    const where = `${path} ${was.question}`;
    const is = now.find(({ question, team }) => question === was.question && team === was.team);
    if (!is) return [{ rule: 'C9', where, what: `${was.team} answers it` }];
    const answers = Object.entries(was.answers).flatMap(([type, given]): Fault[] => {
      const still = is.answers[type];
      return still
        ? incompatibilities(given, still, true, `${where} ${type}`)
        : [{ rule: 'C9', where: `${where} ${type}`, what: 'teams give it' }];
    });
    return [...incompatibilities(was.about, is.about, false, `${where} about`), ...answers];
  });
}

function keys(path: string, olds: readonly Topic[], topics: readonly Topic[]): Fault[] {
  return olds.flatMap(({ topic, key }): Fault[] => {
    const now = topics.find((t) => t.topic === topic);
    if (now?.key === key) return [];
    return [{ rule: 'C10', where: `${path} ${topic}`, what: now ? `key ${key} -> ${now.key}` : 'is gone' }];
  });
}
