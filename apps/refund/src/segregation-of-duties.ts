/** The person behind an actor: `finance:anna` and `service:anna` are one person (REF-02). */
export const personOf = (by: string): string => by.slice(by.lastIndexOf(':') + 1);

/** Returns whether `by` is none of `people`. */
export const isSomebodyElse = (by: string, ...people: readonly string[]): boolean => !people.map(personOf).includes(personOf(by));
