import { type CanActivate, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { type Action, may, rolesThatMay } from '@orderloom/contracts';
import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/problems/problem.js';
import { assertOfStorefront } from './storefront-bound.js';
import { actorNameOf, type Caller, type TokenReader } from './token.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard; null on public routes. */
    caller: Caller | null;
  }
}

const actionKey = 'orderloom:action';
const open = 'open';

/** Requires permission for `action`, a row of the permissions. A route with neither this nor `@Public` stops the service at start. */
export const RequirePermission = (action: Action) => SetMetadata(actionKey, action);

/** Admits requests without a token. */
export const Public = () => SetMetadata(actionKey, open);

/** Required action of a handler; `open` if public; undefined if not declared. */
export const actionOf = (handler: object): Action | typeof open | undefined =>
  Reflect.getMetadata(actionKey, handler) as Action | typeof open | undefined;

/** The caller: `{ sub, role }`. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  whoCalls(context.switchToHttp().getRequest()),
);

/** The caller as actor: `finance:li`. */
export const Actor = createParamDecorator((_: unknown, context: ExecutionContext): string => callerOf(context.switchToHttp().getRequest()));

/** Actor of a request. Throws 401 without a token. */
export const callerOf = (request: FastifyRequest): string => actorNameOf(whoCalls(request));

function whoCalls({ caller }: FastifyRequest): Caller {
  if (!caller) throw unauthorised('The bearer token is missing: send it as `Authorization: Bearer TOKEN`.');
  return caller;
}

/** Throws 403 if `who` has no permission for `action`. */
export function assertMay(who: Caller, action: Action): void {
  if (!may(who.role, action))
    throw new HttpProblem(
      403,
      'forbidden',
      `Forbidden for role ${who.role}: this request needs one of the roles ${rolesThatMay(action).join(', ')}.`,
    );
}

/** Requires a bearer token whose role permits the action of the route. Routes without a declaration are refused. */
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
    if (!caller) throw unauthorised('The bearer token is invalid or has expired: request a new one.');
    return caller;
  }
}

const unauthorised = (detail: string): HttpProblem => new HttpProblem(401, 'unauthorised', detail, { 'www-authenticate': 'Bearer' });
