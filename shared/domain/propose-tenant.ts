/**
 * A name of the team for the store, made of what a person typed (`Acme Team` → `acme-team`): lower case, without accents, everything else than
 * letters and digits becomes a dash.
 * @returns `''` when nothing of it can be used
 */
export function proposeTenant(text: string): string {
  return text
    .slice(0, 500)
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}
