import { useEffect, useRef } from 'react';

/** How far a row is looked for when others came or went above it. */
const NEAR = 200;

export interface KeptList {
  /** Names what is listed: in another list there is no row to stay with. */
  readonly key: string;
  /** The row with the cursor; -1 when none has it. */
  readonly active: number;
  readonly count: number;
  /** What a row is known by wherever it stands; null while it is not loaded. */
  readonly idAt: (index: number) => string | null;
}

/**
 * When rows come or go above it, the cursor stays with its row.
 * @param onMoved the row stands there now
 */
export function useKeepPlace(list: KeptList, onMoved: (index: number) => void): void {
  const place = useRef<{ readonly key: string; readonly index: number; readonly id: string | null }>({
    key: '',
    index: -1,
    id: null,
  });
  useEffect(() => {
    const { active } = list;
    const here = active < 0 ? null : list.idAt(active);
    const { key, index, id } = place.current;
    // A person moved, the list is another one, or the row's page has only now arrived: this is the row to stay with.
    if (key !== list.key || index !== active || id === null)
      place.current = { key: list.key, index: active, id: here };
    else if (here !== null && here !== id) {
      const found = findNear(list, id);
      if (found !== null) onMoved(found);
      else place.current = { key: list.key, index: active, id: here };
    }
  });
}

/** Where the row with that id stands now, looked for around where it stood; null when it is not near. */
export function findNear({ active, count, idAt }: Omit<KeptList, 'key'>, id: string): number | null {
  for (let distance = 1; distance <= NEAR; distance++) {
    for (const index of [active + distance, active - distance]) {
      if (index >= 0 && index < count && idAt(index) === id) return index;
    }
  }
  return null;
}
