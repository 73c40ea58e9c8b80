import { createHash } from 'node:crypto';
import { postalPlaceOf } from './postal-places.js';
import type { Row } from './row.js';

export interface Customer {
  readonly id: string | null;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
}

export interface Address {
  readonly recipient: string;
  readonly street: string;
  readonly city: string;
  readonly country: string;
  readonly phone: string;
}

export interface Buyer {
  readonly customer: Customer;
  readonly address: Address;
  readonly doubt?: string;
}

const firstNames = [
  'Ada',
  'Alan',
  'Beatrix',
  'Charles',
  'Dorothy',
  'Edward',
  'Florence',
  'George',
  'Harriet',
  'Isaac',
  'Jane',
  'Kathleen',
  'Mary',
  'Oliver',
  'Rosalind',
  'William',
];
const lastNames = [
  'Archer',
  'Baker',
  'Carter',
  'Dyer',
  'Fletcher',
  'Glover',
  'Hooper',
  'Mason',
  'Miller',
  'Potter',
  'Sawyer',
  'Shepherd',
  'Smith',
  'Thatcher',
  'Turner',
  'Weaver',
];
const streets = [
  'Church Lane',
  'Green Lane',
  'High Street',
  'Mill Road',
  'Park Avenue',
  'Queens Road',
  'School Lane',
  'Station Road',
  'Victoria Road',
  'York Street',
];

/** Buyer and address, derived from the customer number (for a guest: the invoice number), always the same. */
export function buyerOf({ customer: id, invoice, country }: Row): Buyer {
  const guest = id === '';
  const number = guest ? `guest-${invoice}` : id;
  const name = `${one(firstNames, number, 'first')} ${one(lastNames, number, 'last')}`;
  const { city, country: code, doubt } = postalPlaceOf(country);
  // A range that Ofcom reserves for fiction.
  const phone = `+44 20 7946 0${String(dice(number, 'phone') % 1000).padStart(3, '0')}`;
  const box = number.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 40);
  const email = guest ? `${box}@example.test` : `${name.toLowerCase().replace(' ', '.')}.${box}@example.test`;
  const address = { recipient: name, ...streetAndCity(number, city), country: code, phone };
  return { customer: { id: guest ? null : id, name, email, phone }, address, doubt };
}

/** Another address of the same person in the same city. */
export const movedTo = (address: Address, number: string): Address => ({ ...address, ...streetAndCity(`${number} moved`, address.city) });

/** Payment method. */
export const methodOf = (number: string): string => one(['card', 'card', 'paypal'], number, 'method');

const streetAndCity = (number: string, city: string) => ({
  street: `${1 + (dice(number, 'house') % 120)} ${one(streets, number, 'street')}`,
  city,
});

const dice = (number: string, what: string): number => createHash('sha256').update(`${what} of ${number}`).digest().readUInt32BE();

const one = (choices: readonly string[], number: string, what: string): string => choices[dice(number, what) % choices.length] ?? '';
