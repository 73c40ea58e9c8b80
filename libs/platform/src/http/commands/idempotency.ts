import { type CallHandler, createParamDecorator, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { EventStore, StoredResponse } from '@orderloom/event-sourcing';
import { fingerprint, InvalidInput, NotFound, Refusal } from '@orderloom/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, type Observable, of } from 'rxjs';
import type { ZodType } from 'zod';
import { DuplicateCommand, type CommandResponse, type CommandIdentity } from './command-response.js';
import { callerOf } from '../../auth/auth.js';
import { readDropped, type Dropped, keptFieldsUnit } from '../../intake/fields-kept.js';
import { bodyOf } from '../../openapi/openapi-routes.js';
import { HttpProblem, problemMediaType, problemOf } from '../problems/problem.js';
import { instanceOf } from '../problems/problem.filter.js';
import { metaOf } from '../request-meta.js';
import type { Sealing } from '../../privacy/sealing.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The command of a POST. */
    command?: CommandIdentity;
  }
}

/** Injection token of the service's `EventStore`. */
export const EVENT_STORE = Symbol('event store');

/** Identity of the command of this POST. Put it with the response into the unit of work. */
export const Idempotent = createParamDecorator((_: unknown, context: ExecutionContext): CommandIdentity => {
  const { command } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!command) throw new Error('@Idempotent() is for POST handlers');
  return command;
});

/**
 * Executes every POST once by its Idempotency-Key. A handler stores its response with its events. Refusals are stored
 * here. Responses that may differ at the next attempt (5xx, 429, conflicts) are not stored.
 */
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly running = new Map<string, string>();

  constructor(
    private readonly store: EventStore,
    private readonly sealing?: Sealing,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.method !== 'POST') return next.handle();
    const command = commandOf(request);
    request.command = command;
    const body = bodyOf(context.getClass(), context.getHandler().name);
    const answer = await this.once(command, () => this.carryOut(command, request, body, next));
    return of(give(answer, command, context.switchToHttp().getResponse()));
  }

  private async once(
    command: CommandIdentity,
    carryOut: () => Promise<CommandResponse | StoredResponse>,
  ): Promise<CommandResponse | StoredResponse> {
    const running = this.running.get(command.id);
    if (running !== undefined && running !== command.fingerprint) throw otherPayload();
    if (running !== undefined)
      throw new HttpProblem(409, 'idempotency-in-flight', 'The same request is being carried out.', { 'retry-after': '1' });
    this.running.set(command.id, command.fingerprint);
    try {
      return (await this.store.commandResponse(command.id)) ?? (await carryOut());
    } finally {
      this.running.delete(command.id);
    }
  }

  private async carryOut(
    command: CommandIdentity,
    request: FastifyRequest,
    body: ZodType | undefined,
    next: CallHandler,
  ): Promise<CommandResponse | StoredResponse> {
    try {
      if (body) request.command = this.keeping(command, request, readDropped(body, request.body));
      return await lastValueFrom(next.handle() as Observable<CommandResponse>);
    } catch (error) {
      if (error instanceof DuplicateCommand) return error.answer;
      if (!(error instanceof Refusal || error instanceof InvalidInput || error instanceof NotFound)) throw error;
      const problem = { ...problemOf(error), instance: instanceOf(request) };
      const outcome = await this.store.commit({ meta: metaOf(request), command: { ...command, status: problem.status, body: problem } });
      return (outcome.status === 'duplicate' && outcome.answer) || { status: problem.status, body: problem };
    }
  }

  private keeping(command: CommandIdentity, request: FastifyRequest, fields: Dropped): CommandIdentity {
    const { sealing } = this;
    if (!sealing || fields.length === 0) return command;
    const from = { on: 'http', source: callerOf(request), id: command.id };
    return { ...command, keep: (orderNumber, type) => keptFieldsUnit({ orderNumber, of: type, ...from }, fields, sealing) };
  }
}

/** The command id contains the caller (`finance:li:<key>`), so that nobody gets the response of another caller. */
function commandOf(request: FastifyRequest): CommandIdentity {
  const key = request.headers['idempotency-key'];
  if (key === undefined)
    throw new HttpProblem(
      400,
      'idempotency-key-missing',
      'A POST needs an Idempotency-Key header: a value of your own for each command, repeated with its retries.',
    );
  if (!/^[\x21-\x7e]{1,128}$/.test(String(key))) {
    throw new HttpProblem(400, 'idempotency-key-invalid', 'An Idempotency-Key is 1 to 128 printable ASCII characters without spaces.');
  }
  const { method, url, body } = request;
  return { id: `${callerOf(request)}:${String(key)}`, fingerprint: fingerprint({ method, url, body }) };
}

function give(answer: CommandResponse | StoredResponse, command: CommandIdentity, reply: FastifyReply): unknown {
  const stored = 'fingerprint' in answer;
  if (stored && answer.fingerprint !== command.fingerprint) throw otherPayload();
  if (!Number.isInteger(answer.status)) throw new Error('invalid result of a POST handler: expected { status, body }');
  if (stored) void reply.header('idempotency-replayed', 'true');
  if (answer.status >= 400) void reply.header('content-type', problemMediaType);
  void reply.code(answer.status);
  return answer.body ?? undefined;
}

const otherPayload = (): HttpProblem =>
  new HttpProblem(422, 'idempotency-other-payload', 'This Idempotency-Key was used for another request: use a new one.');
