const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];
/** Bytes in decimal units, three digits at most: `820 B`, `1.4 KB`, `23 MB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 9.95 ? value.toFixed(0) : value.toFixed(1);
  return `${digits} ${UNITS[unit] ?? ''}`;
}

/** A whole number with separators: `100,000`. */
export function formatCount(count: number): string {
  // Not by Intl: its tables take ten milliseconds to load, a third of what a short command lasts.
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A count with its word: `1 log`, `3 logs`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
