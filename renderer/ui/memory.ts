/** Small values a window remembers between visits: widths, folded sections. Losing them costs nothing, so failures are ignored. */

/** Reads a remembered value of the fallback's type; the fallback when there is none or it is not `acceptable`. */
export function recall(name: string, fallback: boolean): boolean;
export function recall(name: string, fallback: number, acceptable: (value: number) => boolean): number;
export function recall(
  name: string,
  fallback: boolean | number,
  acceptable: (value: number) => boolean = () => true,
): boolean | number {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`session-log.${name}`) ?? 'null');
    if (typeof value === 'boolean') return typeof fallback === 'boolean' ? value : fallback;
    return typeof value === 'number' && typeof fallback === 'number' && acceptable(value) ? value : fallback;
  } catch {
    return fallback;
  }
}

/** Remembers a value. */
export function remember(name: string, value: number | boolean): void {
  try {
    localStorage.setItem(`session-log.${name}`, JSON.stringify(value));
  } catch {
    // Storage is full or disabled: the next window starts with the default.
  }
}
