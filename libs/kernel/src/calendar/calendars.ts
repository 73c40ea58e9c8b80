import { china } from '../../data/calendars/CN.js';
import { gbEngland } from '../../data/calendars/GB-england.js';
import { Calendar } from './calendar.js';

/** Monday to Friday in London, without England's bank holidays. */
export const englishCalendar = new Calendar(gbEngland);

/** Mainland China, with its make-up working days. */
export const chineseCalendar = new Calendar(china);

export { china as chinaCalendarData } from '../../data/calendars/CN.js';
export { gbEngland as englandCalendarData } from '../../data/calendars/GB-england.js';
