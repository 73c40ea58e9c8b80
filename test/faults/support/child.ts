/** What a process of a test needs on its own side: what it was told, and a way to tell. */

/** What it was started with. */
export const told = <T>(): T => JSON.parse(process.env['FAULT_OPTIONS'] ?? '{}') as T;

/** Says something to the test. */
export const tell = (event: string, more: object = {}): void => void process.send?.({ event, ...more });

/** `port` with some of its methods replaced. */
export const over = <T extends object>(port: T, methods: Partial<T>): T =>
  new Proxy(port, {
    get: (target, name) => {
      const own = (methods as Record<PropertyKey, unknown>)[name] ?? Reflect.get(target, name);
      return typeof own === 'function' ? (own as () => unknown).bind(target) : own;
    },
  });

/** Says that it is ready, ends in good order with SIGTERM, and at once when the test is gone. */
export function serving(close: () => Promise<void>): void {
  process.on('disconnect', () => process.exit(1));
  process.once('SIGTERM', () => void close().then(() => process.exit(0)));
  tell('ready');
}

/** Sets this process's own clock off by as many milliseconds as the test says, whenever it does. */
export function clockSetByTest(): void {
  const { now } = Date;
  let offMs = 0;
  const off = (): number => now() + offMs;
  globalThis.Date = new Proxy(Date, {
    construct: (Own, args: unknown[]) => Reflect.construct(Own, args.length === 0 ? [off()] : args) as Date,
    get: (Own, name) => (name === 'now' ? off : (Reflect.get(Own, name) as unknown)),
  });
  process.on('message', (message: { readonly clockOffMs?: number }) => {
    offMs = message.clockOffMs ?? offMs;
    tell('clock', { says: Date.now(), off: offMs });
  });
}
