/** Related items under their common name. */
export interface Group<T> {
  readonly name: string;
  readonly items: readonly T[];
}

/** Groups items by name, in order of first appearance. */
export function groupBy<T>(items: readonly T[], nameOf: (item: T) => string): readonly Group<T>[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return [...groups].map(([name, own]) => ({ name, items: own }));
}
