import type { Team } from './messages/topics.js';

/** Whom a token can name. */
export const roles = [
  'storefront',
  'service',
  'supervisor',
  'reviewer',
  'purchasing',
  'warehouse',
  'courier',
  'finance',
  'operations',
  'analyst',
  'operator',
] as const;
export type Role = (typeof roles)[number];

type TaskAction = `task:${'read' | 'answer'}:${Team}`;

/**
 * Permissions over HTTP (I12), action by action; the README shows them as a table. An action that is not listed is forbidden.
 * `parked:read:own`: what is parked of the topics that the role writes.
 * A task is read and answered by its team and by a supervisor, for the customer by service; only its payload says REF-02's "who filed it".
 */
export const permissions = {
  'order:place': ['storefront', 'service'],
  'order:cancel': ['storefront', 'service', 'supervisor'],
  'order:change-address': ['storefront', 'service', 'supervisor'],
  'order:track': ['storefront', 'service', 'supervisor'],
  'order:change-product': ['storefront', 'service', 'supervisor'],
  'order:find': ['service', 'supervisor', 'reviewer', 'finance'],
  'order:read': ['storefront', 'service', 'supervisor', 'reviewer', 'purchasing', 'warehouse', 'finance', 'operations', 'analyst'],
  'catalogue:read': ['storefront', 'service', 'supervisor', 'purchasing', 'operations'],
  'timeline:read': ['service', 'supervisor', 'reviewer', 'finance', 'operations', 'analyst'],
  'summary:read': ['supervisor', 'finance', 'operations', 'analyst', 'operator'],
  'shipment:read': ['storefront', 'service', 'supervisor', 'warehouse', 'courier', 'operations', 'analyst'],
  'courier-status:read': ['service', 'supervisor', 'courier', 'operations', 'analyst', 'operator'],
  'case:open': ['storefront', 'service', 'supervisor'],
  'case:read': ['storefront', 'service', 'supervisor', 'operations', 'analyst'],
  'case:hand-over': ['service', 'supervisor'],
  'case:pick-up': ['service', 'supervisor'],
  'case:find': ['service', 'supervisor'],
  'case:return': ['service', 'supervisor'],
  'case:close': ['service', 'supervisor'],
  'shipment:label': ['warehouse', 'service', 'supervisor'],
  'refund:file': ['service', 'supervisor', 'finance'],
  'refund:read': ['service', 'supervisor', 'finance', 'analyst'],
  'refund:list': ['supervisor', 'finance', 'operations', 'analyst'],
  'refund:verify': ['service', 'supervisor', 'finance'],
  'flow:read': ['service', 'supervisor', 'analyst', 'operator'],
  'flow:redrive': ['supervisor', 'operator'],
  'flow:dismiss': ['supervisor', 'operator'],
  'settings:read': ['service', 'supervisor', 'reviewer', 'purchasing', 'warehouse', 'finance', 'operations', 'analyst', 'operator'],
  'settings:change': ['supervisor', 'operations'],
  'recount:read': ['supervisor', 'operations', 'operator'],
  'metrics:read': ['operator'],
  'parked:read:all': ['supervisor', 'operator'],
  'parked:read:own': ['storefront', 'service', 'reviewer', 'purchasing', 'warehouse', 'courier', 'finance'],
  'parked:redrive': ['supervisor', 'operator'],
  'parked:dismiss': ['supervisor', 'operator'],
  'task:read:customer': ['service', 'supervisor', 'operator'],
  'task:read:reviewer': ['reviewer', 'supervisor', 'operator'],
  'task:read:service': ['service', 'supervisor', 'operator'],
  'task:read:supervisor': ['supervisor', 'operator'],
  'task:read:purchasing': ['purchasing', 'supervisor', 'operator'],
  'task:read:warehouse': ['warehouse', 'supervisor', 'operator'],
  'task:read:courier': ['courier', 'supervisor', 'operator'],
  'task:read:finance': ['finance', 'supervisor', 'operator'],
  'task:read:payments': ['finance', 'supervisor', 'operator'],
  'task:answer:customer': ['service', 'supervisor'],
  'task:answer:reviewer': ['reviewer', 'supervisor'],
  'task:answer:service': ['service', 'supervisor'],
  'task:answer:supervisor': ['supervisor'],
  'task:answer:purchasing': ['purchasing', 'supervisor'],
  'task:answer:warehouse': ['warehouse', 'supervisor'],
  'task:answer:courier': ['courier', 'supervisor'],
  'task:answer:finance': ['finance', 'supervisor'],
  'task:answer:payments': ['supervisor'],
} as const satisfies Record<string, readonly Role[]> & Record<TaskAction, readonly Role[]>;

/** The action of a route: a row of the table, or the rows of all teams, of which the handler then picks (`task:read`). */
export type Action = keyof typeof permissions | 'task:read' | 'task:answer' | 'parked:read';

/** The roles that may do `action`, in the order of `roles`; throws for one that no row names. */
export function rolesThatMay(action: Action): readonly Role[] {
  const rows = Object.entries(permissions).filter(([name]) => name === action || name.startsWith(`${action}:`));
  if (rows.length === 0) throw new RangeError(`no row of the permissions is named ${action}`);
  return roles.filter((role) => rows.some(([, allowed]) => (allowed as readonly Role[]).includes(role)));
}

/** Whether `role` may do `action`; a role that nobody knows may nothing. */
export const may = (role: string, action: Action): boolean => rolesThatMay(action).includes(role as Role);
