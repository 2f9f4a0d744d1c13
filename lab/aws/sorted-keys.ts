/** Keys in UTF-8 binary order, the order of S3's listings. */
export interface SortedKeys {
  add(key: string): void;
  delete(key: string): void;
  readonly size: number;
  /** Yields the keys from the first one that is `>= start` on. */
  from(start: string): Iterable<string>;
}

/** JavaScript's own `<` orders by UTF-16 units, which puts emoji before U+FF5E. */
export function compareUtf8(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

export function createSortedKeys(keys: Iterable<string> = []): SortedKeys {
  const sorted = [...keys].sort(compareUtf8);
  const position = (key: string): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareUtf8(sorted[middle] ?? "", key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    add: (key) => {
      const index = position(key);
      if (sorted[index] !== key) sorted.splice(index, 0, key);
    },
    delete: (key) => {
      const index = position(key);
      if (sorted[index] === key) sorted.splice(index, 1);
    },
    get size() {
      return sorted.length;
    },
    from: (start) => sorted.slice(position(start)).values(),
  };
}
