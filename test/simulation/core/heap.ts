/** A priority queue by `at`; entries with the same time keep their order of insertion. */
export class Heap<T extends { readonly at: number; readonly seq: number }> {
  private readonly items: T[] = [];

  get first(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    const { items } = this;
    let at = items.length;
    items.push(item);
    for (let up = (at - 1) >> 1; at > 0 && before(item, items[up] as T); up = (at - 1) >> 1) {
      items[at] = items[up] as T;
      at = up;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (!last || items.length === 0) return first;
    let at = 0;
    for (let down = 1; down < items.length; down = 2 * at + 1) {
      if (down + 1 < items.length && before(items[down + 1] as T, items[down] as T)) down += 1;
      if (!before(items[down] as T, last)) break;
      items[at] = items[down] as T;
      at = down;
    }
    items[at] = last;
    return first;
  }
}

const before = (a: { at: number; seq: number }, b: { at: number; seq: number }): boolean => (a.at === b.at ? a.seq < b.seq : a.at < b.at);
