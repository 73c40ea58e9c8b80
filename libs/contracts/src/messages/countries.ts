import { z } from 'zod';

/** ISO 3166-1 alpha-2, the officially assigned codes. A table, because what a runtime calls a region (EU, UN, XA) is not always a country. */
const assigned =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS ' +
  'BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE ' +
  'EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM ' +
  'HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC ' +
  'LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA ' +
  'NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW ' +
  'SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO ' +
  'TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW';

const countries: ReadonlySet<string> = new Set(assigned.split(' '));

export const isCountry = (code: string): boolean => countries.has(code);

/** Common replacements of country codes: `UK` is reserved, and means GB. */
export const countryAliases: Readonly<Record<string, string>> = { UK: 'GB' };

/** A country as senders may write it. */
export const country = z
  .string()
  .refine((code) => isCountry(code) || code in countryAliases, 'must be an ISO 3166-1 alpha-2 country code')
  .describe('ISO 3166-1 alpha-2 country code');

/** A country as services say it: what was accepted before stays readable. */
export const storedCountry = z
  .string()
  .refine((code) => /^[A-Z]{2}$/.test(code), 'must be an ISO 3166-1 alpha-2 country code')
  .describe('ISO 3166-1 alpha-2 country code');
