import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { redact } from './file-logger.ts';

const root = mkdtempSync(join(tmpdir(), 'session-log-logger-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const MODULE = pathToFileURL(join(import.meta.dirname, 'file-logger.ts')).href;

it.skipIf(process.platform === 'win32')(
  'writes to a file of its own user, in a working folder that belongs to no package',
  () => {
    const file = join(root, 'state', 'session-log.log');
    const script = `import { createFileLogger } from ${JSON.stringify(MODULE)};
createFileLogger(${JSON.stringify(file)}, null).info('a line', { count: 1 });`;
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
    expect(readFileSync(file, 'utf8')).toMatch(/\[info\]\s+a line {"count":1}\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  },
);

it.skipIf(process.platform === 'win32')(
  'says nothing on the terminal when it cannot be written, and the work goes on',
  () => {
    const place = join(root, 'taken');
    writeFileSync(place, '');
    // A file where its folder should be, and a folder in its own place.
    for (const file of [join(place, 'session-log.log'), root]) {
      const script = `import { createFileLogger } from ${JSON.stringify(MODULE)};
const log = createFileLogger(${JSON.stringify(file)}, null);
log.warn('a line');
log.error('another');
setTimeout(() => process.stdout.write('done'), 300);`;
      const ran = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
        encoding: 'utf8',
      });
      expect([ran.status, ran.stdout, ran.stderr]).toEqual([0, 'done', '']);
    }
  },
);

it('leaves out the home folder and what is secret', () => {
  const secrets = 'https://ada:pw@example.com Bearer abc.def ya29.xyz token=t0k';
  expect(redact(`/home/ada/logs ${secrets}`, '/home/ada')).toBe(
    '~/logs https://***@example.com *** *** token=***',
  );
});
