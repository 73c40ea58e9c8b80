import { Controller, Get, Inject, Query } from '@nestjs/common';
import { z } from 'zod';
import { Operation } from './operation.js';
import { caller, type Caller, signDevelopmentToken } from './token.js';

export const DEVELOPMENT_SECRET = Symbol('development secret');

/** Hands a token to whoever asks: only there with AUTH_DEVELOPMENT=true. */
@Controller('dev/token')
export class DevelopmentTokenController {
  constructor(@Inject(DEVELOPMENT_SECRET) private readonly secret: string) {}

  @Get()
  @Operation({ summary: 'A development token for any name and role', answers: { 200: z.object({ token: z.string() }) } })
  async token(@Query({ schema: caller }) { sub, role }: Caller): Promise<{ token: string }> {
    return { token: await signDevelopmentToken(this.secret, sub, role) };
  }
}
