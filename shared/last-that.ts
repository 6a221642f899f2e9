/** Index of the last item that passes, where those that pass come first; -1 for none. */
export function lastThat(count: number, passes: (index: number) => boolean): number {
  let [low, high] = [-1, count - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (passes(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
