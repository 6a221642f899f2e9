const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];
/** Formats bytes in decimal units, at most three digits: `820 B`, `1.4 KB`, `23 MB`. */
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

/** Formats a whole number with separators: `100,000`. */
export function formatCount(count: number): string {
  // Not with Intl: its tables take ten milliseconds to load, a third of a short command's run time.
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Formats a count with its noun: `1 log`, `3 logs`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
