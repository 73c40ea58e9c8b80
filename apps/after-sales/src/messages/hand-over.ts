import { customerMessages } from '@orderloom/contracts';
import type { Publication } from '@orderloom/event-sourcing';

/** AFT-04: tells the customer who continues the case. */
export const handOverNotice: Publication = ({ type, data, rule }) => {
  if (type !== 'CaseHandedOver') return [];
  const { orderNumber, caseId, to, promised } = data as { orderNumber: string; caseId: string; to: string | null; promised: string };
  const fields = { orderNumber, caseId, goesOn: to, promised };
  return [{ topic: customerMessages, type: 'CustomerTold', data: { template: 'case-handed-over', rule, locale: 'en', fields } }];
};
