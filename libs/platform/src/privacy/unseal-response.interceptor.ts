import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { mergeMap, type Observable } from 'rxjs';
import type { Sealing } from './sealing.js';

/** Unseals responses: the only place where personal data leave a service in clear. */
export class UnsealResponseInterceptor implements NestInterceptor {
  constructor(private readonly sealing: Sealing) {}

  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(mergeMap((answer) => this.sealing.unseal(answer)));
  }
}
