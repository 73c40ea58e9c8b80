import { digitsOf, phoneForms, phoneSearchForms } from './phones.js';
import type { MasterKey } from './sealing-key.js';

/** Contact data by which a person can be found. */
export interface Contacts {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly phone?: string | undefined;
  /** Further persons whose contact data lead to this person, such as the recipient of an order. */
  readonly others?: readonly Omit<Contacts, 'others'>[] | undefined;
}

const normalised = (text: string): string => text.normalize('NFKC').trim().toLowerCase();
const combiningMarks = /\p{M}/gu;
const joiners = /[\p{Pd}'`´‘’ʼʻ＇.]/gu;

/** Letters without a Unicode decomposition to ASCII, in the usual spelling of people without such keys. */
const asciiLetters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', ł: 'l', ø: 'o', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h', ŧ: 't', ŋ: 'n' },
};
/** Alternative spellings with two letters. */
const digraphs: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' };

const replaceLetters = (text: string, letters: Readonly<Record<string, string>>): string =>
  Array.from(text, (letter) => letters[letter] ?? letter).join('');

/** Removes accents, case and similar differences: `Müller` becomes `muller`. */
const fold = (text: string): string => replaceLetters(normalised(text).normalize('NFKD').replace(combiningMarks, ''), asciiLetters);

/** Common spellings of a word: `Müller` becomes `muller` and `mueller`, `Ångström` also `angstroem`. */
const spellings = (word: string): string[] => {
  const withDigraphs = [digraphs, { ...digraphs, å: 'a' }].map((letters) => fold(replaceLetters(normalised(word), letters)));
  return unique([fold(word), ...withDigraphs]);
};

const unique = (texts: readonly string[]): string[] => [...new Set(texts.filter(Boolean))];
const separators = /[\s,;:/\\|&+()[\]{}<>"“”„«»]+/u;
const wordsOf = (name: string): string[] => normalised(name).split(separators).filter(Boolean);

/** Family and given name of a Chinese name, which is written without a space. The family name has one character, or two. */
const chineseParts = (word: string): string[] => {
  const letters = /^\p{Script=Han}{2,4}$/u.test(word) ? Array.from(word) : [];
  return [1, 2].flatMap((n) => (letters.length > n ? [letters.slice(0, n).join(''), letters.slice(n).join('')] : []));
};
/** Removes hyphens, apostrophes and dots: `O'Brien` becomes `obrien`. */
const withoutJoiners = (word: string): string => word.replace(joiners, '');

/** Index forms of a name: each word, its parts, and each pair of neighbouring parts. `Anne-Marie` gives `anne`, `marie` and `annemarie`. */
function nameForms(name: string): string[] {
  const parts = wordsOf(name)
    .flatMap((word) => word.split(joiners))
    .filter(Boolean);
  const pairs = parts.slice(1).map((part, i) => `${parts[i]}${part}`);
  return unique([...parts, ...parts.flatMap(chineseParts), ...wordsOf(name).map(withoutJoiners), ...pairs].flatMap(spellings));
}

/** For each word of a searched name, the forms of which an indexed name must contain one. */
function nameSearchForms(name: string): string[][] {
  const words = wordsOf(name).filter((word) => withoutJoiners(word) !== '');
  return words.map((word, i) => {
    const [before, after] = [words[i - 1], words[i + 1]].map((other) => (other === undefined ? '' : withoutJoiners(other)));
    const pairs = [before && before + withoutJoiners(word), after && withoutJoiners(word) + after].filter((pair) => pair !== undefined);
    // Includes the form used by the index before names were folded.
    return unique([...[withoutJoiners(word), ...pairs].flatMap(spellings), word]);
  });
}

/** Blind index of an e-mail address. It keeps accents, because it identifies persons. */
export const blindEmail = (master: MasterKey, email: string): string => master.blind('email', normalised(email));

/** Blind index of a person: e-mail, words of the name, and endings of the phone number. */
export function blindIndex(master: MasterKey, { email, name, phone, others = [] }: Contacts): string[] {
  const own = [
    ...(email === undefined ? [] : [blindEmail(master, email)]),
    // A separate kind, so that nobody is erased as a person with a similar e-mail address.
    ...(email === undefined || fold(email) === normalised(email) ? [] : [master.blind('folded email', fold(email))]),
    ...nameForms(name ?? '').map((word) => master.blind('name', word)),
    ...phoneForms(phone ?? '').map((end) => master.blind('phone', end)),
  ];
  return [...new Set([...own, ...others.flatMap((other) => blindIndex(master, other))])];
}

/** Search terms: for each word of the name and for the phone number, the blind forms of which a person's index must contain one. */
export function blindSearch(master: MasterKey, { email, name, phone }: Contacts): string[][] {
  return [
    ...(email === undefined
      ? []
      : [[blindEmail(master, email), blindEmail(master, fold(email)), master.blind('folded email', fold(email))]]),
    ...(name === undefined ? [] : nameSearchForms(name).map((forms) => forms.map((form) => master.blind('name', form)))),
    ...(phone === undefined || digitsOf(phone) === '' ? [] : [phoneSearchForms(phone).map((end) => master.blind('phone', end))]),
  ];
}
