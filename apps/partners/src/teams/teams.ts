import { courierHandlers } from '../systems/courier.js';
import { finance } from './finance.js';
import { customerOfLostParcels, serviceOfLostParcels, warehouseOfLostParcels } from './lost-parcels.js';
import { PaymentProvider } from '../systems/payment-provider.js';
import { purchasing } from './purchasing.js';
import { customerOfCases, purchasingOfCases, serviceOfCases, warehouseOfCases } from './returns.js';
import { customer, reviewer, service, supervisor, warehouseOfLateOrders } from './staff.js';
import type { TaskHandlers } from './task.js';
import { Warehouse } from '../systems/warehouse.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

/** Handlers of questions, by team. */
export const taskHandlersOf = (context: PartnerContext, notPaying: readonly string[] = []): Readonly<Record<string, TaskHandlers>> => ({
  customer: { ...customer(context), ...customerOfCases(context), ...customerOfLostParcels(context) },
  reviewer: reviewer(context),
  service: { ...service(context), ...serviceOfCases(context), ...serviceOfLostParcels(context) },
  supervisor: supervisor(context),
  purchasing: { ...purchasing(context), ...purchasingOfCases(context) },
  courier: courierHandlers(context),
  finance: finance(context),
  payments: new PaymentProvider(context, notPaying).handlers,
  warehouse: {
    ...new Warehouse(context).handlers,
    ...warehouseOfCases(context),
    ...warehouseOfLateOrders(context),
    ...warehouseOfLostParcels(context),
  },
});
