// Runs inside a test process: reads its options and sends messages to the test.

/** Options with which the process was started. */
export const options = <T>(): T => JSON.parse(process.env['FAULT_OPTIONS'] ?? '{}') as T;

/** Sends a message to the test. */
export const report = (event: string, more: object = {}): void => void process.send?.({ event, ...more });

/** Returns `port` with some methods replaced. */
export const overriding = <T extends object>(port: T, methods: Partial<T>): T =>
  new Proxy(port, {
    get: (target, name) => {
      const own = (methods as Record<PropertyKey, unknown>)[name] ?? Reflect.get(target, name);
      return typeof own === 'function' ? (own as () => unknown).bind(target) : own;
    },
  });

/** Reports that the process is ready; ends orderly on SIGTERM, and at once if the test ends. */
export function serving(close: () => Promise<void>): void {
  process.on('disconnect', () => process.exit(1));
  process.once('SIGTERM', () => void close().then(() => process.exit(0)));
  report('ready');
}

/** Shifts this process's clock by the milliseconds that the test sends. */
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
    report('clock', { says: Date.now(), off: offMs });
  });
}
