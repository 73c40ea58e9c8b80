import { flowNames } from './flow-names.js';
import type { ServiceName } from '../messages/topics.js';

/** The service that runs the flow with this id; undefined where no flow is called so. */
export const ownerOfFlow = (flowId: string): ServiceName | undefined =>
  Object.entries<ServiceName>(flowNames).find(([flow]) => flowId.startsWith(`${flow}-`))?.[1];
