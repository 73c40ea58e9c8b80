import { z } from 'zod';
import { personal } from './personal.js';

/** Longer ones than any that people have; nobody's order is refused for one below. */
const longest = 2000;
const written = z.union([
  z.string().refine((text) => text.length <= longest, `must have at most ${longest} characters`),
  z.number(),
  z.null(),
]);
const textOf = (value: string | number | null | undefined): string => String(value ?? '').trim();

/** ORD-01: contact data are free text from people. Empty and null mean that there is none. */
export const freeText = () => personal(written.transform((value) => textOf(value) || undefined)).optional();

/** The same where services rely on a text: `''` where there is none. */
export const freeTextOrNone = () => personal(written.optional().transform(textOf));

// as a preprocessing, so that the schema that strangers read stays what it was
/** An optional text where empty and null mean that there is none. */
export const optionalText = <S extends z.ZodType<string>>(schema: S) =>
  z.preprocess((said) => (said === '' || said === null ? undefined : said), schema.optional()).optional();

/** The same of a list. */
export const optionalList = <S extends z.ZodArray>(schema: S) => z.preprocess((said) => said ?? undefined, schema.optional()).optional();

/** A list that may be empty. */
export const listOrEmpty = <S extends z.ZodType>(element: S) => z.preprocess((said) => said ?? [], z.array(element).max(2000)).default([]);

interface Contact {
  readonly name: string;
  readonly email: string;
  readonly phone?: string | undefined;
}

interface Destination {
  readonly recipient: string;
  readonly street: string;
  readonly city: string;
  readonly postcode?: string | undefined;
  readonly phone?: string | undefined;
}

/** ORD-01, ORD-03: what a reviewer should look at, in the contact data as people wrote them. Never a reason to lose an order. */
export function contactConcerns({ name, email, phone }: Contact, address: Destination): string[] {
  const phones = [phone, address.phone].filter((one) => one !== undefined);
  const names = [name, address.recipient].filter((one) => one !== '');
  return [
    ...(email === '' ? ['no-email'] : isEmail(email) ? [] : ['odd-email']),
    ...(phones.every(isPhone) ? [] : ['odd-phone']),
    ...(names.length === 0 ? ['no-name'] : names.every(isName) ? [] : ['odd-name']),
    ...addressConcerns(address),
  ];
}

/** Nothing to deliver to: no street, or neither city nor postcode. */
export const addressConcerns = ({ street, city, postcode }: Pick<Destination, 'street' | 'city' | 'postcode'>): string[] =>
  street === '' || (city === '' && postcode === undefined) ? ['incomplete-address'] : [];

const isEmail = (text: string): boolean => text.length <= 254 && /^[^\s@"<>(),;:\\]+@[^\s@"<>(),;:\\]+\.[^\s@"<>(),;:\\.]+$/u.test(text);

const isPhone = (text: string): boolean => /^\+?[0-9 ()./-]{5,30}$/.test(text) && /^.{5,15}$/.test(text.replace(/\D/g, ''));

const isName = (text: string): boolean => text.length <= 100 && /\p{L}/u.test(text);

/** The parts of an address that were converted or not understood. */
export function addressNotices({ extra = [] }: { readonly extra?: readonly { readonly field: string }[] | undefined }): string[] {
  const inAddress = extra.filter(({ field }) => field.startsWith('address.'));
  const otherCountry = inAddress.some(({ field }) => field === 'address.country');
  return [
    ...(otherCountry ? ['country-uk-read-as-gb'] : []),
    ...(inAddress.length > (otherCountry ? 1 : 0) ? ['address-not-understood'] : []),
  ];
}

/** ORD-31: what a reviewer should look at in a new address. */
export function addressChangeNotices({
  address,
  extra,
}: { readonly address: Destination } & Parameters<typeof addressNotices>[0]): string[] {
  const { phone, recipient } = address;
  return [
    ...(phone === undefined || isPhone(phone) ? [] : ['odd-phone']),
    ...(recipient === '' || isName(recipient) ? [] : ['odd-name']),
    ...addressConcerns(address),
    ...addressNotices({ extra }),
  ];
}
