import { givenFlow } from '@orderloom/flows';
import { missingBegun, unitsClaimed } from '../case.fixture.js';
import { missingItems } from './missing-items.js';

export const begun = () => givenFlow(missingItems, { type: 'MissingItemsBegun', ...missingBegun });
export const claimed = () => begun().when('UnitsClaimed', unitsClaimed);
export const explained = (found = 'missing-items') =>
  claimed().answered('explain-missing-items', 'MissingItemsExplained', { found, note: 'packing' });
export const reshipping = () => explained().answered('supply-missing-items', 'MissingItemsAvailable');
export const preparing = () => reshipping().when('ReshipRequested');
export const underway = () => preparing().when('ReshipDispatched');
export const arrived = () => underway().when('ReshipDelivered');
export const notToBeHad = () => explained().answered('supply-missing-items', 'MissingItemsNotToBeHad');
export const ended = (template: string, outcome: string) => [
  ...['send after-sales: ReleaseUnits', 'send after-sales: CloseCase'],
  ...[`tell customer: ${template}`, `end: ${outcome}`],
];
export const withdrawn = 'withdraw service: follow-reship';
