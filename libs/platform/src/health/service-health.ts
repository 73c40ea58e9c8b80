import type { Consumer, EventStore, Relay } from '@orderloom/event-sourcing';
import type { KeyRing } from '@orderloom/key-ring';
import type { HealthRegistry } from './health.js';

/** Readiness checks of a service. */
interface Needed {
  readonly store: Pick<EventStore, 'now'>;
  readonly ring: Pick<KeyRing, 'check'>;
  readonly consumer: Pick<Consumer, 'health'>;
  readonly relay: Pick<Relay, 'health'>;
  readonly draining: () => boolean;
}

/** A service is ready while it reaches store and key ring, consumes the log, publishes its commits, and is not shutting down. */
export function checkReadiness(health: HealthRegistry, { store, ring, consumer, relay, draining }: Needed): void {
  health.add('store', () => store.now().then(() => ({ ok: true })));
  health.add('key ring', () => ring.check().then(() => ({ ok: true })));
  health.add('consumer', async () => {
    const state = consumer.health();
    return { ok: state === 'reading', detail: state };
  });
  health.add('relay', async () => {
    const halted = relay.health().find((shard) => shard.halted !== undefined)?.halted;
    return { ok: halted === undefined, detail: halted };
  });
  health.add('process', async () => (draining() ? { ok: false, detail: 'draining' } : { ok: true }));
}
