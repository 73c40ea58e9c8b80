import { z } from 'zod';

/** The only storefront of most installations. */
let main = 'main';

/**
 * Says which storefront's orders are known by their bare number: once, at the start of a process, by the setting `MAIN_STOREFRONT`,
 * the same for all services of an installation.
 */
export function setMainStorefront(storefront: string): void {
  main = storefront;
}

const name = '[A-Za-z0-9][A-Za-z0-9._-]{0,58}';
const number = '[A-Za-z0-9][A-Za-z0-9._-]{0,39}';

/** A storefront's name for itself, such as `shop-fr`. */
export const storefrontName = z
  .string()
  .regex(new RegExp(`^${name}$`), 'must be a storefront: 1 to 59 letters, digits, dots, hyphens or underscores')
  .describe('the storefront; `main` where absent');

/**
 * ORD-01: an order is known by storefront and number together. The bare number is an order of the storefront `main`; `shop-fr:1002` is the
 * order 1002 of `shop-fr`.
 */
export const orderReference = z
  .string()
  .regex(
    new RegExp(`^(${name}:)?${number}$`),
    'must be an order number (1 to 40 letters, digits, dots, hyphens or underscores), after its storefront and a colon unless that is main',
  )
  .describe('order number: of the storefront `main` the bare number, of another one `<storefront>:<number>`');

/** An order's storefront and the number that it has there. */
export function partsOf(reference: string): { readonly storefront: string; readonly number: string } {
  const colon = reference.indexOf(':');
  return colon < 0
    ? { storefront: main, number: reference }
    : { storefront: reference.slice(0, colon), number: reference.slice(colon + 1) };
}

export const referenceOf = (storefront: string, bareNumber: string): string =>
  storefront === main ? bareNumber : `${storefront}:${bareNumber}`;

interface Said {
  readonly orderNumber: string;
  readonly storefront?: string | undefined;
}

/**
 * Adds the order's reference to data that a storefront sends. A storefront may write the reference itself,
 * as tasks and messages name it, where it does not contradict `storefront`.
 */
export function withOrderReference<T extends Said>(said: T, context: z.core.$RefinementCtx): T & { readonly storefront: string } {
  const { storefront: named, number: bare } = partsOf(said.orderNumber);
  const storefront = said.storefront ?? named;
  const refuse = (message: string) => context.issues.push({ code: 'custom', path: ['storefront'], message, input: storefront });
  for (const { message } of storefrontName.safeParse(storefront).error?.issues ?? []) refuse(message);
  if (said.orderNumber.includes(':') && named !== storefront)
    refuse(`is ${storefront}, but ${said.orderNumber} is an order of ${named}: leave one of them out`);
  return { ...said, storefront, orderNumber: referenceOf(storefront, bare) };
}
