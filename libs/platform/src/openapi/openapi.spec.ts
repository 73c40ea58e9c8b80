import { Controller, Get } from '@nestjs/common';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { Action } from '@orderloom/contracts';
import { z } from 'zod';
import { RequirePermission, Public } from '../auth/auth.js';
import { type ExampleServer, startExample } from '../http/example-server.fixture.js';
import { SchemaComponents } from './openapi-schemas.js';
import { openApiOf } from './openapi.js';
import { Operation } from './operation.js';

const info = { title: 'a', version: '1' };
let server: ExampleServer;
let document: Awaited<ReturnType<typeof read>>;

const read = async () => (await server.app.inject({ url: '/openapi.json' })).json<ReturnType<typeof openApiOf>>();

beforeAll(async () => {
  server = await startExample();
  document = await read();
});
afterAll(() => server.app.close());

describe('the OpenAPI document', () => {
  it('it is valid OpenAPI 3.1, and all references resolve', async () => {
    const validator = new Validator();
    expect(await validator.validate({ ...(await read()) })).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    expect(() => validator.resolveRefs()).not.toThrow();
  });

  it('it contains every route', () => {
    const routes = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    expect(routes.sort()).toEqual([
      'get /health/live',
      'get /health/ready',
      'get /health/work',
      'get /metrics',
      'get /refunds',
      'get /refunds/{orderNumber}',
      'post /refunds',
      'put /refunds/{orderNumber}/approval',
    ]);
  });

  it('a POST has its rule, body, key, token, response and problems', () => {
    expect(document.paths['/refunds']?.post).toMatchObject({
      'x-rule': 'REF-01',
      security: [{ bearer: [] }],
      parameters: [{ name: 'Idempotency-Key', in: 'header', required: true }],
      requestBody: { required: true, content: { 'application/json': { schema: { required: ['orderNumber', 'lines'] } } } },
      responses: {
        201: { content: { 'application/json': {} } },
        400: { $ref: '#/components/responses/Problem' },
        409: { $ref: '#/components/responses/Problem' },
        422: { $ref: '#/components/responses/Problem' },
        default: { $ref: '#/components/responses/Problem' },
      },
    });
  });

  it('a query has its optional fields', () => {
    expect(document.paths['/refunds']?.get).toMatchObject({
      parameters: [
        { name: 'limit', in: 'query', required: false },
        { name: 'text', in: 'query', required: false },
      ],
    });
  });

  it('a named schema is written once', () => {
    expect(document.components).toMatchObject({ schemas: { Line: { type: 'object', required: ['sku', 'quantity'] } } });
    expect(JSON.stringify(document.paths)).toContain('"#/components/schemas/Line"');
  });

  it('a route without a description is refused', () => {
    @Controller('silent')
    class SilentController {
      @Get()
      read() {
        return {};
      }
    }
    expect(() => openApiOf([SilentController], info)).toThrow('SilentController.read has no @Operation');
  });

  it('a PUT names its token and roles', () => {
    expect(document.paths['/refunds/{orderNumber}/approval']?.put).toMatchObject({
      security: [{ bearer: [] }],
      'x-action': 'task:answer:finance',
      description: 'For supervisor, finance only.',
      parameters: [{ name: 'orderNumber', in: 'path', required: true }],
      responses: { 401: { $ref: '#/components/responses/Problem' }, 403: { $ref: '#/components/responses/Problem' } },
    });
  });

  it('a route without permission or @Public is refused', () => {
    @Controller('careless')
    class CarelessController {
      @Get()
      @Operation({ summary: 'For whom?', answers: { 200: null } })
      read() {
        return {};
      }
    }
    expect(() => openApiOf([CarelessController], info)).toThrow(
      'CarelessController.read declares no permission: add @RequirePermission(action) or @Public',
    );
  });

  it('a route with an unknown action is refused', () => {
    @Controller('burning')
    class BurningController {
      @Get()
      @RequirePermission('order:burn' as Action)
      @Operation({ summary: 'Burns', answers: { 200: null } })
      read() {
        return {};
      }
    }
    expect(() => openApiOf([BurningController], info)).toThrow('no row of the permissions is named order:burn');
  });

  it('two schemas with one name are refused', () => {
    const book = new SchemaComponents();
    book.describe(z.object({ line: z.string().meta({ id: 'SameName' }) }));
    expect(() => book.describe(z.object({ line: z.number().meta({ id: 'SameName' }) }))).toThrow(
      'two different schemas have the name SameName',
    );
  });

  it('a recursive schema without a name is refused', () => {
    const tree = z.object({
      get branches() {
        return z.array(tree);
      },
    });
    @Controller('tree')
    class TreeController {
      @Get()
      @Public()
      @Operation({ summary: 'A tree', answers: { 200: z.object({ tree }) } })
      read() {
        return {};
      }
    }
    expect(() => openApiOf([TreeController], info)).toThrow('has no name');
  });
});
