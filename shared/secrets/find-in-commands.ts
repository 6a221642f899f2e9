import type { Finding } from './finding.ts';
import { isPlaceholder } from './judge-value.ts';

/** Passwords that commands take without a preceding name; the last group is the value. A text without the words contains none. */
const COMMANDS: readonly { readonly words: readonly string[]; readonly pattern: RegExp }[] = [
  {
    words: ['curl', 'wget', 'xh', 'http'],
    pattern:
      /\b(?:curl|wget|xh|https?)\s(?:[^\n|;]{0,300}?\s)?(?:-u|--user)(?:\s{1,4}|=|(?=["']))["']?[^\s:"'$<]{1,64}:([^\s"'`]{6,100})/g,
  },
  { words: ['sshpass'], pattern: /\bsshpass\s{1,4}-p\s{0,4}["']?([^\s"'`]{6,100})/g },
  {
    words: ['mysql', 'mariadb'],
    pattern:
      /\b(?:mysql|mariadb)(?:dump|admin|-dump|-admin)?\s(?:[^\n|;]{0,200}?\s)?-p["']?([^\s"'`-][^\s"'`]{5,100})/g,
  },
  { words: ['redis-cli'], pattern: /\bredis-cli\s(?:[^\n|;]{0,200}?\s)?-a\s{1,4}["']?([^\s"'`]{6,100})/g },
];
const FLAG = /(?<=\s)-(?:[upa]|-user)/y;
const VARIABLE = /^[$%{<([*]|\$\{|\{\{/;

/** Finds passwords in commands: `curl -u mara:…`, `mysql -p…`, `sshpass -p …`. */
export function findInCommands(text: string): Finding[] {
  if (!hasFlag(text)) return [];
  return COMMANDS.filter(({ words }) => words.some((word) => text.includes(word))).flatMap(({ pattern }) =>
    Array.from(text.matchAll(pattern)).flatMap(({ index, 0: whole, 1: value = '' }): Finding[] => {
      if (VARIABLE.test(value) || isPlaceholder(value)) return [];
      const end = index + whole.length;
      return [{ start: end - value.length, end, kind: 'password', rule: 'named' }];
    }),
  );
}

/** Whether one of the flags is in the text: found sooner than the words. */
function hasFlag(text: string): boolean {
  for (let at = text.indexOf('-'); at !== -1; at = text.indexOf('-', at + 1)) {
    FLAG.lastIndex = at;
    if (FLAG.test(text)) return true;
  }
  return false;
}
