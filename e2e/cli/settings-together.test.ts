import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { builtProgram } from './built-cli.ts';

const CLI = builtProgram();

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'settings-together-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function run(...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, SESSION_LOG_HOME: home };
    execFile(process.execPath, [CLI, ...args], { env }, (error, stdout) =>
      error ? reject(error) : resolve(stdout.trim()),
    );
  });
}

it('Settings that several processes write at once are all kept.', async () => {
  for (let round = 1; round <= 3; round++) {
    const wanted = {
      'git.lockWaitSeconds': `${round}`,
      'git.wikiTimeoutSeconds': `${round + 1}`,
      'store.tenant': `team-${round}`,
      'app.timeZone': round % 2 === 0 ? 'Europe/Berlin' : 'Asia/Tokyo',
    };
    await Promise.all(Object.entries(wanted).map(([key, value]) => run('config', 'set', key, value)));
    for (const [key, value] of Object.entries(wanted)) expect(await run('config', 'get', key)).toBe(value);
  }
});
