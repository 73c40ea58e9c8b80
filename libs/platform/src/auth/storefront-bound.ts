import { partsOf } from '@orderloom/contracts';
import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/problems/problem.js';

interface Naming {
  readonly orderNumber?: unknown;
  readonly number?: unknown;
  readonly storefront?: unknown;
}

/** Storefronts of the orders in the path, query and body of a request. */
function storefrontsOf({ params, query, body }: Pick<FastifyRequest, 'params' | 'query' | 'body'>): readonly string[] {
  const { storefront: sought } = fields(query);
  const inPath = [fields(params).orderNumber, fields(params).number];
  const { orderNumber, storefront: said } = fields(body);
  const inBody = typeof said === 'string' ? [said] : [orderNumber].filter(isText).map((text) => partsOf(text).storefront);
  return [...inPath.filter(isText).map((text) => partsOf(text).storefront), ...inBody, ...[sought].filter(isText)];
}

const fields = (value: unknown): Naming => (typeof value === 'object' && value !== null ? value : {});
const isText = (value: unknown): value is string => typeof value === 'string';

/** ORD-01: the token of a storefront gives access to its own orders only. Throws 403 if the request names another storefront's order, or none. */
export function assertOfStorefront(own: string, request: Pick<FastifyRequest, 'params' | 'query' | 'body'>): void {
  const named = storefrontsOf(request);
  const other = named.find((storefront) => storefront !== own);
  if (other !== undefined)
    throw new HttpProblem(403, 'other-storefront', `This token is for orders of ${own}; the request is about one of ${other}.`);
  if (named.length === 0)
    throw new HttpProblem(
      403,
      'other-storefront',
      `This token is for orders of ${own}: the request must name one of them, or search with storefront=${own}.`,
    );
}
