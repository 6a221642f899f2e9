/**
 * Names the rules by which secrets are found, so that logs scanned with others are scanned again. Changes with everything that findings
 * depend on: `rules.test.ts` computes it and says what to write here.
 */
export const RULES = '8b887a9f';
