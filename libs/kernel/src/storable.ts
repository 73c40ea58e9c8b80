/** Whether Postgres can keep `text`, in a column or inside JSON: without NUL and half surrogate pairs. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** `text` with U+FFFD for what Postgres can't keep: for what must be kept whatever it is. */
export const storableForm = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');
