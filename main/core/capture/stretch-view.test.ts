import { expect, it } from 'vitest';
import { isLook } from './stretch-view.ts';

it.each([
  'git --no-pager diff --stat && git --no-pager branch --show-current',
  'for f in a.ts b.ts; do echo "$f"; cat "$f"; done',
  'cd src && grep -rn lookup . | head -20',
  'git -C /src/harbour log -3',
])('%s only looks', (command) => expect(isLook(command)).toBe(true));

it.each([
  'git commit -m "while at it"',
  'for f in *.ts; do rm "$f"; done',
  'git branch -D old',
  'while true; do make; done',
  'cat a > b',
])('%s may change something', (command) => expect(isLook(command)).toBe(false));
