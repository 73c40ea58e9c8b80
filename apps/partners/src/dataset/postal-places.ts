/** A shipping destination; `doubt` if the data name no country. */
export interface PostalPlace {
  readonly country: string;
  readonly city: string;
  readonly doubt?: string;
}

/** Countries of the data: ISO 3166-1 code, and a city, which the data lack. */
const table: Readonly<Record<string, readonly [country: string, city: string]>> = {
  Australia: ['AU', 'Sydney'],
  Austria: ['AT', 'Vienna'],
  Bahrain: ['BH', 'Manama'],
  Belgium: ['BE', 'Brussels'],
  Brazil: ['BR', 'São Paulo'],
  Canada: ['CA', 'Toronto'],
  // Jersey represents both bailiwicks; the data do not distinguish them.
  'Channel Islands': ['JE', 'St Helier'],
  Cyprus: ['CY', 'Nicosia'],
  'Czech Republic': ['CZ', 'Prague'],
  Denmark: ['DK', 'Copenhagen'],
  EIRE: ['IE', 'Dublin'],
  Finland: ['FI', 'Helsinki'],
  France: ['FR', 'Paris'],
  Germany: ['DE', 'Berlin'],
  Greece: ['GR', 'Athens'],
  'Hong Kong': ['HK', 'Hong Kong'],
  Iceland: ['IS', 'Reykjavík'],
  Israel: ['IL', 'Tel Aviv'],
  Italy: ['IT', 'Milan'],
  Japan: ['JP', 'Tokyo'],
  Lebanon: ['LB', 'Beirut'],
  Lithuania: ['LT', 'Vilnius'],
  Malta: ['MT', 'Valletta'],
  Netherlands: ['NL', 'Amsterdam'],
  Norway: ['NO', 'Oslo'],
  Poland: ['PL', 'Warsaw'],
  Portugal: ['PT', 'Lisbon'],
  RSA: ['ZA', 'Cape Town'],
  'Saudi Arabia': ['SA', 'Riyadh'],
  Singapore: ['SG', 'Singapore'],
  Spain: ['ES', 'Madrid'],
  Sweden: ['SE', 'Stockholm'],
  Switzerland: ['CH', 'Zürich'],
  'United Arab Emirates': ['AE', 'Dubai'],
  'United Kingdom': ['GB', 'London'],
  USA: ['US', 'New York'],
};

/**
 * Destination for a country of the data. For an unknown one (`Unspecified`, `European Community`) it is the shop's country, with a doubt
 * for the reviewer.
 */
export function postalPlaceOf(inBooks: string): PostalPlace {
  const [country, city] = table[inBooks] ?? [];
  return country && city ? { country, city } : { country: 'GB', city: 'London', doubt: `country in the books: ${inBooks || 'none'}` };
}
