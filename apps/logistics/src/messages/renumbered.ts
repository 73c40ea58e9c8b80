import { customerMessages } from '@orderloom/contracts';
import type { Publication } from '@orderloom/event-sourcing';

/** ORD-08: tells the customer the corrected number. */
export const correctedNumberNotice: Publication = ({ type, data }) => {
  if (type !== 'ParcelRenumbered') return [];
  const { at: _at, locale = 'en', ...fields } = data as { at: string; locale?: string } & Record<string, unknown>;
  const told = { template: 'tracking-number-corrected', rule: 'ORD-08', locale, fields };
  return [{ topic: customerMessages, type: 'CustomerTold', data: told }];
};
