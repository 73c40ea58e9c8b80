import { afterMicros, type FieldError, type Instant, micros } from '@orderloom/kernel';

type Fields = Readonly<Record<string, unknown>>;

/** Contradictions between an answer and its task, at `now`; the answer has the fields of its type. */
export type AnswerCheck = (about: Fields, answer: Fields, now: Instant) => readonly FieldError[];

/** A clock of another system may be so much ahead of ours. */
const minute = 60_000_000;
export const clockTolerance = 10 * minute;
const day = 24 * 60 * minute;

const wrong = (field: string, message: string): readonly FieldError[] => [{ field: `answer.${field}`, message }];

const numbersIn = (lines: unknown): readonly unknown[] =>
  Array.isArray(lines) ? lines.map((one: { line?: unknown } | number | null) => (typeof one === 'object' ? one?.line : one)) : [];

/** The lines that an answer names are among those that it was asked about. */
const namesItsLines: AnswerCheck = (about, answer) => {
  const asked = numbersIn(about['lines']);
  return numbersIn(answer['lines']).flatMap((line, i) =>
    asked.includes(line) ? [] : wrong(`lines.${i}`, `is line ${String(line)}, but the task is about the lines ${asked.join(', ')}`),
  );
};

const namesNoneTwice: AnswerCheck = (_about, answer) =>
  numbersIn(answer['lines']).flatMap((line, i, all) =>
    all.indexOf(line) < i ? wrong(`lines.${i}`, `line ${String(line)} is there twice`) : [],
  );

/** Goods that are to come do not come in the past. A date alone is midnight somewhere: within a day it may still be today. */
const arrivesLater: AnswerCheck = (_about, { expectedAt }, now) => {
  if (typeof expectedAt !== 'string') return [];
  if (micros(expectedAt) < micros(now) - BigInt(day)) return wrong('expectedAt', `is ${expectedAt}, which is over: it is ${now}`);
  if (expectedAt > afterMicros(now, 2 * 366 * day)) return wrong('expectedAt', `is ${expectedAt}, more than two years from now`);
  return [];
};

/** ORD-12: another offer is never dearer than the one that the customer declined. */
const offersNoMore: AnswerCheck = (about, answer) =>
  typeof about['loss'] === 'number' && Number(answer['loss']) > about['loss']
    ? wrong('loss', `is ${String(answer['loss'])}, more than the ${about['loss']} that the customer was asked to bear before`)
    : [];

/** ORD-12: what is lost on goods is no more than they are worth. */
const losesNoMoreThanGoods: AnswerCheck = (about, { loss }) => {
  const lines = about['lines'] as readonly { quantity?: unknown; unitPrice?: unknown }[] | undefined;
  const worth = lines?.reduce((sum, { quantity, unitPrice }) => sum + Number(quantity) * Number(unitPrice), 0);
  if (worth === undefined || Number.isNaN(worth) || Number(loss) <= worth) return [];
  return wrong('loss', `is ${String(loss)}, more than the ${worth} that the goods of the task are worth`);
};

/** ORD-21: another product is one of those that were recommended, whose prices are known. */
const isRecommended: AnswerCheck = (about, { sku }) => {
  const recommended = (about['recommended'] as readonly { sku: string }[] | undefined)?.map((product) => product.sku) ?? [];
  if (recommended.includes(String(sku))) return [];
  return wrong('sku', `is ${String(sku)}, but the task recommends ${recommended.length > 0 ? recommended.join(', ') : 'no other product'}`);
};

/** Units of a line are no more than those that the task names. */
const namesNoMoreUnits: AnswerCheck = (about, answer) => {
  const asked = (about['lines'] ?? []) as readonly { line: number; quantity: number }[];
  return ((answer['lines'] ?? []) as readonly { line: number; quantity: number }[]).flatMap(({ line, quantity }, i) => {
    const most = asked.find((one) => one.line === line)?.quantity;
    return most === undefined || quantity <= most ? [] : wrong(`lines.${i}.quantity`, `is ${quantity}, more than the ${most} of the task`);
  });
};

/** CS-05: of the kinds that the settings allow. */
const isAllowedKind: AnswerCheck = (about, { goodwill }) => {
  const kinds = (about['kinds'] ?? []) as readonly string[];
  return kinds.includes(String(goodwill)) ? [] : wrong('goodwill', `is ${String(goodwill)}, but the task allows ${kinds.join(', ')}`);
};

/** By the type of the answer: what else it must agree with. */
const checks: Readonly<Record<string, readonly AnswerCheck[]>> = {
  GoodsNotArrived: [arrivesLater],
  DelayExplained: [arrivesLater],
  StockArrivesLater: [namesItsLines, namesNoneTwice, arrivesLater],
  StockNotToBeHad: [namesItsLines, namesNoneTwice],
  LossAssessed: [losesNoMoreThanGoods],
  OfferMade: [offersNoMore],
  ReturnInspected: [namesItsLines],
  OtherProductChosen: [isRecommended],
  LostGoodsNamed: [namesItsLines, namesNoneTwice, namesNoMoreUnits],
  GoodwillGranted: [isAllowedKind],
};

/** ORD-04, AFT-31: what of an answer can't be true of the order that its task is about. Never passed on to anybody. */
export const contradictions: (about: object, answer: { readonly type: string }, now: Instant) => readonly FieldError[] = (
  about,
  answer,
  now,
) => (checks[answer.type] ?? []).flatMap((check) => check(about as Fields, answer as unknown as Fields, now));

/** LOG-09: nothing is picked, shipped or seen before its order was placed. A date alone is midnight somewhere: within a day it may be the same day. */
export const notBeforeOrder = (field: string, at: Instant, placedAt: Instant | undefined): readonly FieldError[] =>
  placedAt !== undefined && micros(at) < micros(placedAt) - BigInt(day)
    ? [{ field, message: `is ${at}, before the order was placed at ${placedAt}` }]
    : [];

/** A reported event is not in the future: `at` is not later than now, with a tolerance for a fast clock. */
export const happened = (field: string, at: unknown, now: Instant): readonly FieldError[] =>
  typeof at === 'string' && at > afterMicros(now, clockTolerance)
    ? [{ field, message: `is ${at}, later than now (${now}): report events after they occurred` }]
    : [];
