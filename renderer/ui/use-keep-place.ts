import { useEffect, useRef } from 'react';

/** How far to search for a row when others were added or removed above it. */
const NEAR = 200;

export interface KeptList {
  /** Identifies the list: in another list there is no row to stay with. */
  readonly key: string;
  /** The row with the cursor; -1 for none. */
  readonly active: number;
  readonly count: number;
  /** A row's id, independent of its position; null while it is not loaded. */
  readonly idAt: (index: number) => string | null;
}

/**
 * Keeps the cursor on its row when rows are added or removed above it.
 * @param onMoved called with the row's new index
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

/** The current index of the row with that id, searched around its old index; null when it is not near. */
export function findNear({ active, count, idAt }: Omit<KeptList, 'key'>, id: string): number | null {
  for (let distance = 1; distance <= NEAR; distance++) {
    for (const index of [active + distance, active - distance]) {
      if (index >= 0 && index < count && idAt(index) === id) return index;
    }
  }
  return null;
}
