/** The `code` of an error that the system gave, or an empty text for any other (Node's own begin with `ERR_`). */
export function errnoOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' && /^(?:E[A-Z0-9]+|UNKNOWN)$/.test(code) ? code : '';
}
