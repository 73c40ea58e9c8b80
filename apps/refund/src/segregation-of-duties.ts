/** Who somebody is, whatever the role they come in: `finance:anna` and `service:anna` are one person (REF-02). */
export const person = (by: string): string => by.slice(by.lastIndexOf(':') + 1);

/** Whether `by` is none of `people`. */
export const isOther = (by: string, ...people: readonly string[]): boolean => !people.map(person).includes(person(by));
