import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forTerminal } from '../../shared/domain/terminal-text.ts';
import { runBuilt } from './built-cli.ts';

/** A title, a clear screen, the clipboard, and a text that runs backwards. */
const CONTROLS = '\u001b]0;owned\u0007\u001b[2J\u001b]52;c;eA==\u0007 \u009b2J\u202e';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'session-log-hostile-'));
  const logs = join(home, 'session-logs');
  mkdirSync(logs, { recursive: true });
  const text = `# ${CONTROLS}\n\n## User\n\n- **User:** ${CONTROLS} (m)\n\n## Note for all\n\n${CONTROLS}\n`;
  writeFileSync(join(logs, `2026-01-05-mara-esc${CONTROLS.replaceAll('/', '')}.md`), text);
  writeFileSync(join(logs, '2026-01-06-mara-plain.md'), text);
  mkdirSync(join(home, 'store', 'tenant-default', 'index', 'machines'), { recursive: true });
  writeFileSync(join(home, 'store', 'tenant-default', 'index', 'machines', `x${CONTROLS}.txt`), 'x');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('names and texts with terminal controls in them', () => {
  it.each([
    ['sync', '--push'],
    ['sync', '--index'],
    ['sync', '--full'],
    ['list'],
    ['list', '--json'],
    ['show', 'plain'],
    ['show', 'plain', '--json'],
    ['status'],
    ['doctor'],
    ['verify'],
    ['machines'],
    ['notes', '--all'],
    ['lint'],
    ['config', 'set', `x${CONTROLS}`, 'y'],
    [`x${CONTROLS}`],
  ])('reach no terminal: %s %s %s', async (...words) => {
    const { out, err } = await runBuilt('cli.js', words, { cwd: home, env: { SESSION_LOG_HOME: home } });
    expect(`${out}${err}`).not.toBe('');
    expect(forTerminal(`${out}${err}`)).toBe(`${out}${err}`);
  });

  it('are printed as they are when somebody asks for the bytes', async () => {
    const shown = await runBuilt('cli.js', ['show', 'plain', '--raw'], { env: { SESSION_LOG_HOME: home } });
    expect(shown.out).toContain(CONTROLS);
  });
});
