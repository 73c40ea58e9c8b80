/** Endings of a phone number in the index: people omit the country code, or give only the last digits. */
const minEndingLength = 4;
const maxEndingLength = 9;

const extension = /[\s,;]*(?:;?ext(?:ension|n)?\.?|x|#|durchwahl|dw\.?|poste|int\.?)\s*[:.=]?\s*\d{1,8}\s*$/iu;
/** Trunk prefix, dialled only within the country: `+44 (0)20`. */
const trunkPrefix = /\(0\)/g;
const zeros = [0x30, 0x660, 0x6f0, 0x966, 0xff10];

/** The digits of a phone number, in any script. */
export const digitsOf = (phone: string): string =>
  Array.from(phone)
    .map((letter) => {
      const code = letter.codePointAt(0) ?? 0;
      const zero = zeros.find((first) => code >= first && code <= first + 9);
      return zero === undefined ? '' : String(code - zero);
    })
    .join('');

/** The number with and without its extension: `+1 412-555-0100 ext. 12`. */
function numbersOf(phone: string): string[] {
  const text = phone.replace(trunkPrefix, '');
  return [...new Set([digitsOf(text.replace(extension, '')), digitsOf(text)])].filter(Boolean);
}

const withoutZeros = (digits: string): string => digits.replace(/^0+(?=\d)/, '');
const endingsOf = (digits: string): string[] =>
  Array.from({ length: maxEndingLength - minEndingLength + 1 }, (_, i) => digits.slice(-(i + minEndingLength)));
const wholeNumber = (digits: string): string => `=${withoutZeros(digits)}`;

/** Index forms of a number: its endings, and the whole number if it may lack a country or area code. */
export function phoneForms(phone: string): string[] {
  const forms = numbersOf(phone).flatMap((digits) => [
    ...(digits.length < minEndingLength ? [] : endingsOf(digits)),
    ...(withoutZeros(digits).length > maxEndingLength ? [] : [wholeNumber(digits)]),
  ]);
  return [...new Set(forms)];
}

/** Search forms of `phone`, of which an indexed number must have one: its ending, or an ending that equals a whole number. */
export function phoneSearchForms(phone: string): string[] {
  const forms = numbersOf(phone).flatMap((digits) => [
    ...[digits, withoutZeros(digits)].map((one) => one.slice(-maxEndingLength)),
    ...[digits, ...endingsOf(digits)].map(wholeNumber),
  ]);
  return [...new Set(forms)];
}
