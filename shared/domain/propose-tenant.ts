/**
 * Derives a team name for the store from typed text (`Acme Team` → `acme-team`): lower case, without accents, with a dash for everything
 * but letters and digits.
 * @returns `''` when nothing in it is usable
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
