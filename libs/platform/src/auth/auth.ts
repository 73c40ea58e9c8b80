import { type CanActivate, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { type Action, may, rolesThatMay } from '@orderloom/contracts';
import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/problems/problem.js';
import { assertOfStorefront } from './storefront-bound.js';
import { byOf, type Caller, type TokenReader } from './token.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard; null where nobody had to say who they are. */
    caller: Caller | null;
  }
}

const actionKey = 'orderloom:action';
const open = 'open';

/** Only for those who may do `action`: a row of the permissions. A route with neither this nor `@Public` stops the service at start. */
export const RequirePermission = (action: Action) => SetMetadata(actionKey, action);

/** For everybody, without a token. */
export const Public = () => SetMetadata(actionKey, open);

/** What a handler is for; `open` for everybody; undefined where nothing was said. */
export const actionOf = (handler: object): Action | typeof open | undefined =>
  Reflect.getMetadata(actionKey, handler) as Action | typeof open | undefined;

/** Who calls: `{ sub, role }`. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  whoCalls(context.switchToHttp().getRequest()),
);

/** Who calls, for `by`: `finance:li`. */
export const Actor = createParamDecorator((_: unknown, context: ExecutionContext): string => callerOf(context.switchToHttp().getRequest()));

/** `by` of a request; throws a 401 where nobody said who they are. */
export const callerOf = (request: FastifyRequest): string => byOf(whoCalls(request));

function whoCalls({ caller }: FastifyRequest): Caller {
  if (!caller) throw unauthorised('Say who you are: this needs a bearer token.');
  return caller;
}

/** Throws a 403 where `who` may not do `action`. */
export function assertMay(who: Caller, action: Action): void {
  if (!may(who.role, action)) throw new HttpProblem(403, 'forbidden', `This is for ${rolesThatMay(action).join(', ')} only.`);
}

/** Every route needs a bearer token, and a role that may do what the route is for; what nothing was said about is refused. */
export class AuthGuard implements CanActivate {
  constructor(private readonly read: TokenReader) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const action = actionOf(context.getHandler());
    if (action === open) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.caller = await this.callerBy(request.headers.authorization);
    const who = whoCalls(request);
    if (action === undefined) throw new HttpProblem(403, 'forbidden', 'Forbidden: this route declares no permission.');
    assertMay(who, action);
    if (who.storefront !== undefined) assertOfStorefront(who.storefront, request);
    return true;
  }

  private async callerBy(header: string | undefined): Promise<Caller | null> {
    if (header === undefined) return null;
    const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
    const caller = token === undefined ? null : await this.read(token);
    if (!caller) throw unauthorised('The bearer token is not a valid one.');
    return caller;
  }
}

const unauthorised = (detail: string): HttpProblem => new HttpProblem(401, 'unauthorised', detail, { 'www-authenticate': 'Bearer' });
