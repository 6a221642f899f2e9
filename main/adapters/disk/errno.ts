/** Returns the `code` of a system error; empty for any other error (Node's own begin with `ERR_`). */
export function errnoOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' && /^(?:E[A-Z0-9]+|UNKNOWN)$/.test(code) ? code : '';
}
