import { givenFlow } from '@orderloom/flows';
import { lostBegun, unitsClaimed } from '../../case.fixture.js';
import { lostParcel } from './lost-parcel.js';

export const begun = (settings?: object) => givenFlow(lostParcel, { type: 'LostParcelBegun', ...lostBegun }, undefined, settings);
export const choosing = (settings?: object) => begun(settings).when('UnitsClaimed', unitsClaimed);
export const chosen = (type = 'ReshipChosen', settings?: object) => choosing(settings).answered('reship-or-refund', type);
export const decided = (type = 'ReshipChosen', settings?: object) => chosen(type, settings).when('RemedyDecided', { remedy: 'as chosen' });
export const acting = (type = 'ReshipChosen') => decided(type).answered('grant-goodwill', 'GoodwillDeclined');
export const preparing = () => acting().when('ReshipRequested');
export const underway = () => preparing().when('ReshipDispatched');
export const filed = () => acting('RefundChosen').when('UnitsSettled', { refund: 160 }).when('RefundRequested', { refundId: 'refund-1' });

export const withdrawn = 'withdraw service: follow-reship';
export const ended = (template: string, outcome: string) => [
  ...['send after-sales: ReleaseUnits', 'send after-sales: CloseCase'],
  ...[`tell customer: ${template}`, `end: ${outcome}`],
];
