/** Returns whether Postgres can store `text` in a column or in JSON: without NUL and unpaired surrogates. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** Replaces characters that Postgres cannot store with U+FFFD, for text that must be stored in any case. */
export const toStorable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');
