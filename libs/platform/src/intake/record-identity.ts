import type { Subscription } from '@orderloom/event-sourcing';

/** Records of one key are about the same thing, or those that agree in this field of their data. */
export const identityBy = (field: string | undefined): Pick<Subscription, 'identity'> => {
  if (field === undefined) return {};
  if (field === 'key') return { identity: () => field };
  return {
    identity: (data) => {
      const value = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[field] : undefined;
      return typeof value === 'string' ? value : undefined;
    },
  };
};
