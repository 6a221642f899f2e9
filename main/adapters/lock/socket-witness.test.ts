import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { socketWitness } from './socket-witness.ts';

const folder = mkdtempSync(join(tmpdir(), 'witness-'));
const address = (token: string): string => join(folder, token.slice(0, 8));
const witness = socketWitness(address);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the second witness', () => {
  it('answers while its owner stands', async () => {
    expect(await witness.answers('a record')).toBe(false);
    const sitDown = await witness.stand('a record');
    expect(await witness.answers('a record')).toBe(true);
    expect(await witness.answers('another record')).toBe(false);
    sitDown();
    expect(await witness.answers('a record')).toBe(false);
  });

  it('cannot stand twice, and failing costs nothing', async () => {
    const sitDown = await witness.stand('taken');
    const second = await witness.stand('taken');
    second();
    expect(await witness.answers('taken')).toBe(true);
    sitDown();
  });

  it('falls silent with its process, and answers for a stopped one', async () => {
    const module = new URL('socket-witness.ts', import.meta.url).href;
    const script = join(folder, 'owner.mjs');
    writeFileSync(
      script,
      `import { socketWitness } from ${JSON.stringify(module)};
       await socketWitness((token) => ${JSON.stringify(folder)} + '/' + token.slice(0, 8)).stand('of a child');
       process.on('message', () => {});
       process.send('stands');`,
    );
    const child = fork(script, { execArgv: [] });
    await once(child, 'message');
    expect(await witness.answers('of a child')).toBe(true);
    child.kill('SIGSTOP');
    expect(await witness.answers('of a child')).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await witness.answers('of a child')).toBe(false);
  });
});
