/**
 * The range of months in one segment, named by the first month it may hold: finished quarters of each year, and each month of the current
 * quarter alone. A new reader fetches each segment once: after a year there are three instead of twelve monthly ones, and one more for each
 * year. In exchange a year's segment is rewritten at the end of a quarter, some 100 KB.
 * @param month of an entry, `YYYY-MM`
 * @param current month
 */
export function stretchOf(month: string, current: string): string {
  return firstOfQuarter(month) < firstOfQuarter(current) ? `${month.slice(0, 4)}-01` : month;
}

function firstOfQuarter(month: string): string {
  const number = Math.floor((Number(month.slice(5, 7)) - 1) / 3) * 3 + 1;
  return `${month.slice(0, 5)}${String(number).padStart(2, '0')}`;
}
