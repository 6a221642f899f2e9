/**
 * The stretch of months that shares a segment, named by the first month that it may hold: of each year the quarters that are over, and each
 * month of the running quarter alone. A new reader fetches each segment once: after a year there are three where months would make twelve,
 * and one for each year more. The price is that a year's segment is written again at the end of a quarter, some 100 KB.
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
