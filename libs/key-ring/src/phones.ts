/** Ends of a phone number by which it is found: people leave out the country's code, or say the last digits only. */
const shortestEnd = 4;
const longestEnd = 9;

const extension = /[\s,;]*(?:;?ext(?:ension|n)?\.?|x|#|durchwahl|dw\.?|poste|int\.?)\s*[:.=]?\s*\d{1,8}\s*$/iu;
/** What is dialled in one's own country only: `+44 (0)20`. */
const trunk = /\(0\)/g;
const zeros = [0x30, 0x660, 0x6f0, 0x966, 0xff10];

/** The digits of a phone number, in any script that writes them. */
export const digitsOf = (phone: string): string =>
  Array.from(phone)
    .map((letter) => {
      const code = letter.codePointAt(0) ?? 0;
      const zero = zeros.find((first) => code >= first && code <= first + 9);
      return zero === undefined ? '' : String(code - zero);
    })
    .join('');

/** A number with and without its extension: `+1 412-555-0100 ext. 12`. */
function numbersOf(phone: string): string[] {
  const text = phone.replace(trunk, '');
  return [...new Set([digitsOf(text.replace(extension, '')), digitsOf(text)])].filter(Boolean);
}

const withoutZeros = (digits: string): string => digits.replace(/^0+(?=\d)/, '');
const endsOf = (digits: string): string[] =>
  Array.from({ length: longestEnd - shortestEnd + 1 }, (_, i) => digits.slice(-(i + shortestEnd)));
const whole = (digits: string): string => `=${withoutZeros(digits)}`;

/** What a number is found by: its ends, and one that may lack its country's code, or its area's, as a whole. */
export function phoneForms(phone: string): string[] {
  const forms = numbersOf(phone).flatMap((digits) => [
    ...(digits.length < shortestEnd ? [] : endsOf(digits)),
    ...(withoutZeros(digits).length > longestEnd ? [] : [whole(digits)]),
  ]);
  return [...new Set(forms)];
}

/** What a number must have one of, where somebody writes `phone`: this end, or as a whole an end of what is written. */
export function phonesSought(phone: string): string[] {
  const forms = numbersOf(phone).flatMap((digits) => [
    ...[digits, withoutZeros(digits)].map((one) => one.slice(-longestEnd)),
    ...[digits, ...endsOf(digits)].map(whole),
  ]);
  return [...new Set(forms)];
}
