/** Whether Postgres can keep `text`, in a column or inside JSON: without NUL and half surrogate pairs. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
