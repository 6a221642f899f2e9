import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtProgram } from './built-cli.ts';
import { only } from '../../main/testing/only.ts';

/** As JSON they are several times what a pipe holds. */
const LOGS = 900;
const LIST = ['list', '--json', '--limit', '1000'];
/** Begins to read when the first byte has come, and then leaves the writer time to fill the pipe. */
const SLOW_READER = '{ IFS= read -r -N 1 first; sleep 0.5; printf %s "$first"; cat; }';

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'session-log-output-'));
  mkdirSync(join(home, 'session-logs'), { recursive: true });
  for (let at = 0; at < LOGS; at++)
    writeFileSync(join(home, 'session-logs', `2026-11-05-mara-topic-${at}.md`), `# Topic ${at}\n`);
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Runs a command in a shell, where `$0` is Node and `$1` the program. */
function inShell(script: string): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((settle) => {
    const child = spawn('bash', ['-c', script, process.execPath, builtProgram()], {
      env: { ...process.env, SESSION_LOG_HOME: home },
    });
    const text = { out: '', err: '' };
    child.stdout.on('data', (part: Buffer) => (text.out += part.toString()));
    child.stderr.on('data', (part: Buffer) => (text.err += part.toString()));
    child.on('close', (code) => settle({ code, ...text }));
  });
}

describe('what a command prints', () => {
  it('arrives whole through a pipe that is read slowly', async () => {
    const { out } = await inShell(`"$0" "$1" ${LIST.join(' ')} | ${SLOW_READER}`);
    expect((JSON.parse(out) as { value: { rows: unknown[] } }).value.rows).toHaveLength(LOGS);
  });

  it('arrives whole through a pipe that does not wait', async () => {
    const nonBlocking = 'use Fcntl; fcntl(STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK) or die; exec @ARGV';
    const { out, err } = await inShell(
      `perl -e '${nonBlocking}' "$0" "$1" ${LIST.join(' ')} | ${SLOW_READER}`,
    );
    expect(err).toBe('');
    expect((JSON.parse(out) as { value: { rows: unknown[] } }).value.rows).toHaveLength(LOGS);
  });

  it.each([
    ['a long list', LIST.join(' ')],
    ['the status', 'status'],
    ['the help', '--help'],
  ])('may be left by its reader: %s', async (_, words) => {
    const ended = await inShell(`{ "$0" "$1" ${words}; echo "code $?" >&2; } | true`);
    expect(ended.err).toBe('code 0\n');
  });

  it('may be left by the reader of its errors', async () => {
    const ended = await inShell('"$0" "$1" show nothing-like-this 2> >(true); echo "code $?"');
    expect(ended.out).toBe('code 65\n');
  });

  only(existsSync('/dev/full'), 'needs /dev/full').it(
    'is said to be lost when the disk is full',
    async () => {
      const ended = await inShell('"$0" "$1" status > /dev/full');
      expect(ended).toMatchObject({
        code: 74,
        err: expect.stringMatching(/could not be written \(ENOSPC\)/),
      });
    },
  );
});
