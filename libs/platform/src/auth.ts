import { type CanActivate, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { HttpProblem } from './problem.js';
import { byOf, type Caller, verifyDevelopmentToken } from './token.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard; null for a reader without a token. */
    caller: Caller | null;
  }
}

const rolesKey = 'orderloom:roles';
const reading = new Set(['GET', 'HEAD']);

/** Only callers in one of `roles` may do this (403). */
export const Roles = (...roles: readonly string[]) => SetMetadata(rolesKey, roles);

/** The roles that may call a handler; undefined where any may. */
export const rolesOf = (handler: object): readonly string[] | undefined =>
  Reflect.getMetadata(rolesKey, handler) as readonly string[] | undefined;

/** Who calls, for `by`: `finance:li`. */
export const By = createParamDecorator((_: unknown, context: ExecutionContext): string => callerOf(context.switchToHttp().getRequest()));

/** `by` of a request; throws a 401 where nobody said who they are. */
export function callerOf(request: FastifyRequest): string {
  if (!request.caller) throw unauthorised('Say who you are: this needs a bearer token.');
  return byOf(request.caller);
}

/** Reading is open; all else needs a bearer token, and the role that the handler names. A wrong token is never overlooked. */
export class AuthGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(private readonly secret: string) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.caller = await this.read(request.headers.authorization);
    const roles = this.reflector.get<readonly string[] | undefined>(rolesKey, context.getHandler());
    if (reading.has(request.method) && !roles) return true;
    callerOf(request);
    if (roles && !roles.includes(request.caller?.role ?? ''))
      throw new HttpProblem(403, 'forbidden', `This is for ${roles.join(', ')} only.`);
    return true;
  }

  private async read(header: string | undefined): Promise<Caller | null> {
    if (header === undefined) return null;
    const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
    const caller = token === undefined ? null : await verifyDevelopmentToken(this.secret, token);
    if (!caller) throw unauthorised('The bearer token is not a valid one.');
    return caller;
  }
}

const unauthorised = (detail: string): HttpProblem => new HttpProblem(401, 'unauthorised', detail, { 'www-authenticate': 'Bearer' });
