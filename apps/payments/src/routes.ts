import { partsOf } from '@orderloom/contracts';
import type { PaymentProvider, RefundTask } from './provider.js';

/** A rule that selects a provider. Every condition that it names must hold; `reference` is the beginning of the payment's reference. */
export interface Route {
  readonly provider: string;
  readonly storefront?: string | undefined;
  readonly method?: string | undefined;
  readonly reference?: string | undefined;
}

/** REF-04: the provider of the first route that fits; undefined if none does. */
export function providerOf(
  routes: readonly Route[],
  providers: ReadonlyMap<string, PaymentProvider>,
  task: Pick<RefundTask, 'orderNumber' | 'method' | 'reference'>,
): PaymentProvider | undefined {
  const { storefront } = partsOf(task.orderNumber);
  const route = routes.find(
    (one) =>
      (one.storefront ?? storefront) === storefront &&
      (one.method ?? task.method) === task.method &&
      task.reference.startsWith(one.reference ?? ''),
  );
  return route && providers.get(route.provider);
}
