/** Items that belong together, under the name that they share. */
export interface Group<T> {
  readonly name: string;
  readonly items: readonly T[];
}

/** Puts items into groups by a name, in the order in which the names first come. */
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
