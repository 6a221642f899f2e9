const FORM = /^\d{4}-\d{2}-\d{2}$/;
const [DASH, ZERO] = [0x2d, 0x30];

/** `2026-01-06` -> 20260106; null for any other form. */
export function dayNumber(date: string): number | null {
  if (!FORM.test(date)) return null;
  let day = 0;
  for (let at = 0; at < date.length; at++) {
    const code = date.charCodeAt(at);
    if (code !== DASH) day = day * 10 + code - ZERO;
  }
  return day;
}

/** 20260106 -> `2026-01-06` */
export function dayText(day: number): string {
  const digits = String(day).padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}
