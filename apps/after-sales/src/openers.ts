/** REF-02: the people who opened a case or moved it to its branch. They count as filers of its refunds. Empty if a customer opened it. */
export interface Openers {
  readonly openedBy?: string;
  readonly alsoOpenedBy?: readonly string[];
}

export const openersOf = ({ openedBy, alsoOpenedBy }: Openers): Openers => ({
  ...(openedBy !== undefined && { openedBy }),
  ...(alsoOpenedBy && { alsoOpenedBy }),
});

/** Each person once, in the order of their last action. */
export function openers(...people: readonly (string | undefined)[]): Openers {
  const [openedBy, ...alsoOpenedBy] = new Set(people.flatMap((person) => person ?? []));
  return openersOf({ openedBy, ...(alsoOpenedBy.length > 0 && { alsoOpenedBy }) });
}

export const asFilers = ({ openedBy, alsoOpenedBy }: Openers) => ({
  ...(openedBy !== undefined && { filedBy: openedBy }),
  ...(alsoOpenedBy && { alsoFiledBy: alsoOpenedBy }),
});

export const asRequesters = ({ openedBy, alsoOpenedBy }: Openers) => ({
  ...(openedBy !== undefined && { requestedBy: openedBy }),
  ...(alsoOpenedBy && { alsoRequestedBy: alsoOpenedBy }),
});
