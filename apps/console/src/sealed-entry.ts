import { contractOf, storefrontOrders } from '@orderloom/contracts';
import { InvalidInput } from '@orderloom/kernel';
import type { Sealing } from '@orderloom/platform';
import type { Entry } from './entry.js';

/**
 * What the storefront says in clear, as the desk may keep it: what the contract knows of it, sealed. What can't be read stays on
 * the topic, and with the service that parked it.
 */
export async function sealed(line: { entry: Entry; data: unknown }, sealing: Sealing): Promise<{ entry: Entry; data: unknown }> {
  const { entry, data } = line;
  if (entry.topic !== storefrontOrders) return line;
  if (entry.unreadable !== null) return { entry: { ...entry, data: null }, data: null };
  try {
    const kept = await sealing.seal(contractOf(entry.topic, entry.type).data, data, entry.orderNumber);
    return { entry: { ...entry, data: kept }, data: kept };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { entry: { ...entry, data: null, unreadable: error.message }, data: null };
  }
}
