import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { type FieldError, InvalidInput, NotFound, Refusal } from '@orderloom/kernel';

/** A problem (RFC 9457), sent as `application/problem+json`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** Id of the request. */
  readonly instance?: string;
  /** The last part of `type`, kebab-case and stable. */
  readonly code?: string;
  /** The broken rule of the manual. */
  readonly rule?: string;
  readonly errors?: readonly FieldError[];
  /** Failed readiness checks by name. */
  readonly checks?: object;
}

export const problemMediaType = 'application/problem+json';

/** A refusal by the HTTP layer itself, with its headers. */
export class HttpProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly more: Pick<Problem, 'checks' | 'errors'> = {},
  ) {
    super(message);
    this.name = 'HttpProblem';
  }
}

/** Problem of an error as the caller may see it: without details for an unexpected error (500). */
export function problemOf(error: unknown): Problem {
  if (error instanceof InvalidInput) return { ...named(400, 'invalid-input'), detail: summary(error.errors), errors: error.errors };
  if (error instanceof Refusal) return { ...named(statusOf(error), error.code), detail: error.message, rule: error.rule };
  if (error instanceof NotFound) return { ...named(404, 'not-found'), detail: error.message };
  if (error instanceof HttpProblem) return { ...named(error.status, error.code), detail: error.message, ...error.more };
  if (error instanceof HttpException && error.getStatus() < 500) return { ...plainProblem(error.getStatus()), detail: error.message };
  if (isFromFastify(error))
    return { ...plainProblem(error.statusCode), detail: error.statusCode === 415 ? unsupportedMedia : error.message };
  return plainProblem(500);
}

/** Unknown objects are 404 on every route (`order-unknown`). */
const statusOf = ({ code }: Refusal): number => (code.endsWith('-unknown') ? 404 : 409);

/** A problem without more information than its HTTP status. */
export const plainProblem = (status: number): Problem => ({ type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status });

function named(status: number, code: string): Problem {
  const words = code.replaceAll('-', ' ');
  return { type: `urn:orderloom:problem:${code}`, title: words.charAt(0).toUpperCase() + words.slice(1), status, code };
}

const summary = (errors: readonly FieldError[]): string =>
  errors.length === 1 ? 'One field is invalid.' : `${errors.length} fields are invalid.`;

const unsupportedMedia = 'The body must be JSON: send the header `Content-Type: application/json`.';

/** Fastify's own refusals. Other errors with a status are internal errors of libraries. */
function isFromFastify(error: unknown): error is Error & { statusCode: number } {
  if (!(error instanceof Error) || !('code' in error) || !('statusCode' in error)) return false;
  return String(error.code).startsWith('FST_') && typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500;
}
