import { digitsOf, phoneForms, phonesSought } from './phones.js';
import type { MasterKey } from './sealing-key.js';

/** What a person is found by. */
export interface Contacts {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly phone?: string | undefined;
  /** Who else is to be found as this person: the recipient of their order. */
  readonly others?: readonly Omit<Contacts, 'others'>[] | undefined;
}

const lower = (text: string): string => text.normalize('NFKC').trim().toLowerCase();
const marks = /\p{M}/gu;
const joints = /[\p{Pd}'`´‘’ʼʻ＇.]/gu;

/** Letters that no decomposition leads to ASCII, as most people write them who have no such key. */
const plainLetters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', ł: 'l', ø: 'o', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h', ŧ: 't', ŋ: 'n' },
};
/** As some people write them instead. */
const spelledOut: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' };

const replacing = (text: string, letters: Readonly<Record<string, string>>): string =>
  Array.from(text, (letter) => letters[letter] ?? letter).join('');

/** Without accents, case and the like: `Müller` as `muller`. */
const folded = (text: string): string => replacing(lower(text).normalize('NFKD').replace(marks, ''), plainLetters);

/** A word in each way in which people write it: `Müller` as `muller` and `mueller`. */
const ways = (word: string): string[] => unique([folded(word), folded(replacing(lower(word), spelledOut))]);

const unique = (texts: readonly string[]): string[] => [...new Set(texts.filter(Boolean))];
const wordsOf = (name: string): string[] => lower(name).split(/\s+/).filter(Boolean);
/** `O'Brien` and `Anne-Marie` without what joins their parts. */
const joined = (word: string): string => word.replace(joints, '');

/** Each word of a name, its parts, and each two that follow each other as one: `Anne-Marie` is found as `anne`, `marie` and `annemarie`. */
function nameForms(name: string): string[] {
  const parts = wordsOf(name)
    .flatMap((word) => word.split(joints))
    .filter(Boolean);
  const pairs = parts.slice(1).map((part, i) => `${parts[i]}${part}`);
  return unique([...parts, ...wordsOf(name).map(joined), ...pairs].flatMap(ways));
}

/** For each word of a name that is asked for, the forms of which a person must have one. */
function namesSought(name: string): string[][] {
  const words = wordsOf(name).filter((word) => joined(word) !== '');
  return words.map((word, i) => {
    const [before, after] = [words[i - 1], words[i + 1]].map((other) => (other === undefined ? '' : joined(other)));
    const pairs = [before && before + joined(word), after && joined(word) + after].filter((pair) => pair !== undefined);
    // as it was indexed before names were folded, too
    return unique([...[joined(word), ...pairs].flatMap(ways), word]);
  });
}

/** Tells persons apart, so that it keeps accents. */
export const blindEmail = (master: MasterKey, email: string): string => master.blind('email', lower(email));

/** The blind index of a person: the e-mail, the words of the name, and the ends of the phone number. */
export function blindIndex(master: MasterKey, { email, name, phone, others = [] }: Contacts): string[] {
  const own = [
    ...(email === undefined ? [] : [blindEmail(master, email)]),
    // under a name of its own: nobody is forgotten as somebody whose e-mail is much like theirs
    ...(email === undefined || folded(email) === lower(email) ? [] : [master.blind('folded email', folded(email))]),
    ...nameForms(name ?? '').map((word) => master.blind('name', word)),
    ...phoneForms(phone ?? '').map((end) => master.blind('phone', end)),
  ];
  return [...new Set([...own, ...others.flatMap((other) => blindIndex(master, other))])];
}

/** For each thing that is asked for, of what a person's index must have one: each word of the name, the end of the phone number. */
export function blindSearch(master: MasterKey, { email, name, phone }: Contacts): string[][] {
  return [
    ...(email === undefined
      ? []
      : [[blindEmail(master, email), blindEmail(master, folded(email)), master.blind('folded email', folded(email))]]),
    ...(name === undefined ? [] : namesSought(name).map((forms) => forms.map((form) => master.blind('name', form)))),
    ...(phone === undefined || digitsOf(phone) === '' ? [] : [phonesSought(phone).map((end) => master.blind('phone', end))]),
  ];
}
