import type { MasterKey } from './sealing-key.js';

/** What a person is found by. */
export interface Contacts {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly phone?: string | undefined;
}

/** Ends of a phone number by which it is found: people leave out the country's code, or say the last digits only. */
const shortestEnd = 4;
const longestEnd = 9;

const folded = (text: string): string => text.normalize('NFKC').trim().toLowerCase();
const wordsOf = (name: string): string[] => [...new Set(folded(name).split(/\s+/).filter(Boolean))];
const digitsOf = (phone: string): string => phone.replace(/\D/g, '');

export const blindEmail = (master: MasterKey, email: string): string => master.blind('email', folded(email));

/** The blind index of a person: the e-mail, each word of the name, and the ends of the phone number. */
export function blindIndex(master: MasterKey, { email, name, phone }: Contacts): string[] {
  const digits = digitsOf(phone ?? '');
  const ends = Array.from({ length: longestEnd - shortestEnd + 1 }, (_, i) => digits.slice(-(i + shortestEnd)));
  return [
    ...(email === undefined ? [] : [blindEmail(master, email)]),
    ...wordsOf(name ?? '').map((word) => master.blind('name', word)),
    ...[...new Set(digits.length < shortestEnd ? [] : ends)].map((end) => master.blind('phone', end)),
  ];
}

/** What must be in a person's index for each thing that is asked for: whole words of the name, the end of the phone number. */
export function blindSearch(master: MasterKey, { email, name, phone }: Contacts): string[] {
  const digits = digitsOf(phone ?? '').replace(/^0+/, '');
  return [
    ...(email === undefined ? [] : [blindEmail(master, email)]),
    ...(name === undefined ? [] : wordsOf(name).map((word) => master.blind('name', word))),
    ...(phone === undefined ? [] : [master.blind('phone', digits.slice(-longestEnd))]),
  ];
}
