import {
  messagesOn,
  type MessageContract,
  type Question,
  storefrontOrders,
  eventsTopicOf,
  orderReference,
  answersTopicOf,
  topics,
} from '@orderloom/contracts';
import { z } from 'zod';
import { brokenContracts } from './contract-compatibility.js';
import { rules } from './schema-compatibility.js';
import { contractFiles } from '../generate/generate-contracts.js';

const data = {
  orderNumber: z.string().max(40),
  at: z.string().optional(),
  how: z.enum(['road', 'rail']),
  lines: z.array(z.object({ quantity: z.int().positive().max(100) })),
};
type Fields = Record<string, z.ZodType>;
const message = (topic: string, fields: Fields, version = 1): MessageContract =>
  messagesOn(topic).message('ParcelMoved', { rule: 'LOG-01', description: 'It moved.', data: z.object(fields), example: {}, version });
const [ours, theirs] = [eventsTopicOf('logistics'), storefrontOrders];
const parsed = (files: ReadonlyMap<string, object>) =>
  new Map(Object.entries(JSON.parse(JSON.stringify(Object.fromEntries(files))) as object));

/** The rules that a change of fields breaks, each with the field. */
function broken(topic: string, change: Fields, without: readonly string[] = []): string[] {
  const changed = Object.fromEntries(Object.entries({ ...data, ...change }).filter(([field]) => !without.includes(field)));
  const [before, after] = [[message(topic, data)], [message(topic, changed)]].map((said) => parsed(contractFiles(said)));
  return brokenContracts(before ?? new Map(), after ?? new Map()).map(({ rule, where }) => `${rule} ${where.split(' ')[1] ?? where}`);
}
const quantity = (schema: z.ZodType) => ({ lines: z.array(z.object({ quantity: schema })) });

describe('a message that the services publish', () => {
  it.each<[string, Fields, string[]]>([
    ['C1 lines.[].quantity', { lines: z.array(z.object({})) }, []],
    ['C1 at', {}, ['at']],
    ['C2 how', { how: data.how.optional() }, []],
    ['C3 orderNumber', { orderNumber: z.int() }, []],
    ['C3 orderNumber', { orderNumber: data.orderNumber.nullable() }, []],
    ['C4 how', { how: z.enum(['road', 'rail', 'air']) }, []],
    ['C5 orderNumber', { orderNumber: z.string().max(41) }, []],
    ['C5 lines.[].quantity', quantity(z.int().positive()), []],
    ['C6 at', { at: z.string() }, []],
    ['C6 by', { by: z.string() }, []],
    ['C7 how', { how: z.enum(['road']) }, []],
    ['C8 orderNumber', { orderNumber: z.string().max(39) }, []],
    ['C8 orderNumber', { orderNumber: data.orderNumber.regex(/^S/) }, []],
    ['C8 lines.[].quantity', quantity(z.int().min(2).max(100)), []],
  ])('the change breaks %s', (rule, change, without) => {
    expect(broken(ours, change, without)).toContain(rule);
  });

  it('an optional field may be added at any depth', () => {
    expect(broken(ours, { by: z.string().optional(), lines: z.array(data.lines.element.extend({ note: z.string().optional() })) })).toEqual(
      [],
    );
  });
});

describe('the number of an order', () => {
  it('the number may become an order reference, but nothing wider (ORD-01)', () => {
    const bare = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/);
    const between = (now: z.ZodType) => {
      const [before, after] = [bare, now].map((orderNumber) => parsed(contractFiles([message(ours, { orderNumber })])));
      return brokenContracts(before ?? new Map(), after ?? new Map()).map(({ rule }) => rule);
    };
    expect(between(orderReference)).toEqual([]);
    expect(between(z.string().regex(/^.*$/))).toEqual(['C8', 'C5']);
    expect(between(z.string())).toEqual(['C5']);
  });
});

describe('a message that only other systems publish', () => {
  it.each<[string, Fields, string[]]>([
    ['C1 at', {}, ['at']],
    ['C3 orderNumber', { orderNumber: z.int() }, []],
    ['C6 at', { at: z.string() }, []],
    ['C6 by', { by: z.string() }, []],
    ['C7 how', { how: z.enum(['road']) }, []],
    ['C8 lines.[].quantity', quantity(z.int().positive().max(99)), []],
  ])('the change breaks %s', (rule, change, without) => {
    expect(broken(theirs, change, without)).toContain(rule);
  });

  it.each<[string, Fields]>([
    ['a field fewer that is required', { how: data.how.optional() }],
    ['null beside text', { orderNumber: data.orderNumber.nullable() }],
    ['a further value', { how: z.enum(['road', 'rail', 'air']) }],
    ['wider limits', { orderNumber: z.string().max(80), ...quantity(z.int()) }],
    ['a fraction beside whole numbers', quantity(z.number().positive().max(100))],
  ])('the schema may become wider: %s', (_, change) => {
    expect(broken(theirs, change)).toEqual([]);
    expect(broken(ours, change)).not.toEqual([]);
  });
});

describe('the published contracts', () => {
  const files = parsed(contractFiles([message(ours, data)]));
  const after = (path: string, change: (content: never) => unknown) =>
    brokenContracts(files, new Map([...files, [path, change(structuredClone(files.get(path)) as never)]])).map(
      ({ rule, where }) => `${rule} ${where}`,
    );
  type Asked = { questions: (Question & { question: string })[] };

  it('every message and version stays', () => {
    const without = new Map([...files].filter(([path]) => !path.includes('ParcelMoved')));
    expect(brokenContracts(files, without)).toMatchObject([{ rule: 'C9', where: `${ours}/ParcelMoved.v1.schema.json` }]);
  });

  it('a new version may be added beside the old one', () => {
    expect(brokenContracts(files, parsed(contractFiles([message(ours, data), message(ours, { other: z.string() }, 2)])))).toEqual([]);
  });

  it('every question, its team and its answers stay', () => {
    expect(after('questions.json', ({ questions }: Asked) => ({ questions: questions.slice(1) }))).toEqual([
      'C9 questions.json review-order',
    ]);
    const moved = ({ questions }: Asked) => ({
      questions: questions.map((q) => ({ ...q, ...(q.question === 'hold-order' && { team: 'courier' }) })),
    });
    expect(after('questions.json', moved)).toEqual(['C9 questions.json hold-order']);
    const without = ({ questions }: Asked) => ({
      questions: questions.map((q) => ({
        ...q,
        answers: q.question === 'confirm-stock' ? { StockConfirmed: q.answers['StockConfirmed'] } : q.answers,
      })),
    });
    expect(after('questions.json', without)).toEqual([
      'C9 questions.json confirm-stock StockArrivesLater',
      'C9 questions.json confirm-stock StockNotToBeHad',
    ]);
  });

  it('the fields of questions and the optional fields of answers stay', () => {
    const changed = (part: 'about' | 'answers') => (asked: Asked) =>
      JSON.parse(JSON.stringify(asked).replace(part === 'about' ? '"concerns"' : '"expectedAt"', '"other"')) as unknown;
    expect(after('questions.json', changed('about'))).toContain('C1 questions.json review-order about concerns');
    expect(after('questions.json', changed('answers')).join()).toMatch(
      /C[16] questions.json confirm-stock StockArrivesLater (other|expectedAt)/,
    );
  });

  it('topics and their keys stay', () => {
    type Topics = { topics: { topic: string; key: string }[] };
    expect(after('topics.json', ({ topics: all }: Topics) => ({ topics: all.slice(1) }))).toEqual([`C10 topics.json ${theirs}`]);
    const other = ({ topics: all }: Topics) => ({ topics: all.map((t) => ({ ...t, ...(t.topic === theirs && { key: 'customer' }) })) });
    expect(after('topics.json', other)).toEqual([`C10 topics.json ${theirs}`]);
  });

  it('answers of every team count as published by other systems', () => {
    const answers = answersTopicOf('finance');
    expect(topics.some(({ topic }) => topic === answers)).toBe(true);
    expect(broken(answers, { how: data.how.optional() })).toEqual([]);
  });

  it('every rule has a sentence', () => {
    expect(Object.keys(rules)).toEqual(['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'S1', 'S2']);
  });
});
