import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { choosePorts, planServices } from './services.js';

const any = { ORDER_PORT: '0', LOGISTICS_PORT: '0', REFUND_PORT: '0', AFTER_SALES_PORT: '0', SETTINGS_PORT: '0', CONSOLE_PORT: '0' };

describe('the choice of ports', () => {
  it('port 0 selects distinct free ports', async () => {
    const ports = Object.values(await choosePorts(any));
    expect(new Set(ports).size).toBe(6);
    expect(ports.every((port) => port > 0)).toBe(true);
  });

  it('a port in use is refused with the service, the variable and what to do', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(choosePorts({ ...any, REFUND_PORT: String(port) })).rejects.toThrow(
      `Port ${port} for refund is in use: free it, or set REFUND_PORT to another port (0 selects a free one).`,
    );
    await new Promise((resolve) => server.close(resolve));
  });

  it('all ports in use are named at once', async () => {
    const servers = [createServer(), createServer()];
    for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const [refund, order] = servers.map((server) => String((server.address() as AddressInfo).port));
    const wrong = await choosePorts({ ...any, ORDER_PORT: order, REFUND_PORT: refund, CONSOLE_PORT: 'http' }).catch(
      (e: Error) => e.message,
    );
    expect(wrong).toBe(
      `Port ${order} for order is in use: free it, or set ORDER_PORT to another port (0 selects a free one).\n` +
        `Port ${refund} for refund is in use: free it, or set REFUND_PORT to another port (0 selects a free one).\n` +
        'CONSOLE_PORT is "http", expected a port from 0 to 65535.',
    );
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  });

  it('the variable of a service with two words is named', async () => {
    await expect(choosePorts({ ...any, AFTER_SALES_PORT: 'http' })).rejects.toThrow(
      'AFTER_SALES_PORT is "http", expected a port from 0 to 65535.',
    );
  });

  it.each([' ', 'http', '-1', '65536', '1.5'])('the invalid port "%s" is refused', async (text) => {
    await expect(choosePorts({ ...any, ORDER_PORT: text })).rejects.toThrow(`ORDER_PORT is "${text}", expected a port from 0 to 65535.`);
  });
});

describe('the plan of services', () => {
  it('each service gets its own address and database', () => {
    const ports = { order: 1, logistics: 2, refund: 3, 'after-sales': 4, settings: 5, console: 6 };
    expect(planServices('postgres://ann@db:5432/postgres', ports)).toContainEqual({
      name: 'logistics',
      port: 2,
      url: 'http://127.0.0.1:2',
      database: 'postgres://ann@db:5432/orderloom_logistics',
    });
  });
});
