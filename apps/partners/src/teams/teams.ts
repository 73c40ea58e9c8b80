import { finance } from './finance.js';
import { PaymentProvider } from '../systems/payment-provider.js';
import { purchasing } from './purchasing.js';
import { customerOfCases, purchasingOfCases, serviceOfCases, warehouseOfCases } from './returns.js';
import { customer, reviewer, service, supervisor } from './staff.js';
import type { TaskHandler } from './task.js';
import { Warehouse } from '../systems/warehouse.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

type Dealings = Readonly<Record<string, TaskHandler>>;

/** Handlers of questions, by team. */
export const taskHandlersOf = (world: PartnerContext): Readonly<Record<string, Dealings>> => ({
  customer: { ...customer(world), ...customerOfCases(world) },
  reviewer: reviewer(world),
  service: { ...service(world), ...serviceOfCases(world) },
  supervisor: supervisor(world),
  purchasing: { ...purchasing(world), ...purchasingOfCases(world) },
  finance: finance(world),
  payments: new PaymentProvider(world).dealings,
  warehouse: { ...new Warehouse(world).dealings, ...warehouseOfCases(world) },
});
