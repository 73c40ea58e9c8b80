/** The person behind an actor: `finance:anna` and `service:anna` are one person (REF-02). */
export const person = (by: string): string => by.slice(by.lastIndexOf(':') + 1);

/** Returns whether `by` is none of `people`. */
export const isOther = (by: string, ...people: readonly string[]): boolean => !people.map(person).includes(person(by));
