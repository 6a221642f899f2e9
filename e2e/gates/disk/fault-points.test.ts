import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { asyncDisk, syncDisk, type AsyncDiskCalls } from '../../../main/adapters/disk/disk.ts';
import { diskError } from '../../../main/adapters/disk/disk-error.ts';
import { isTemporaryName } from '../../../shared/domain/temporary-name.ts';
import { err, ok } from '../../../shared/result.ts';
import { makeDiskFolder } from '../disk-folder.ts';
import { faultyDisk, Killed, type Fault, type FaultyDisk } from './faulty-disk.ts';
import { NEW, WRITERS, type Writer } from './writers.ts';

/**
 * Every call of every writer, on the real disk, times every fault. After each: the file is old or new, success means new, a
 * failure names the file and its cause, and nothing is left open or lying about.
 */
const ERRNOS = ['EIO', 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EMFILE', 'EINTR'] as const;
const FAULTS: readonly Fault[] = [
  ...ERRNOS.map((code): Fault => ({ kind: 'errno', code })),
  { kind: 'lost', code: 'EIO' },
  { kind: 'lost', code: 'EINTR' },
  { kind: 'short' },
  { kind: 'kill' },
  { kind: 'killed-after' },
  { kind: 'torn' },
];
const CODES: Readonly<Record<string, readonly string[]>> = {
  EIO: ['io'],
  ENOSPC: ['disk-full'],
  EDQUOT: ['disk-full'],
  EROFS: ['denied'],
  EACCES: ['denied'],
  EMFILE: ['io'],
};
/** An interrupted call whose work was done, so that asking again fails differently. */
const LOST_EINTR = ['io', 'not-found', 'invalid-input', 'attention'];

let runs = 0;
afterAll(() => {
  console.log(`fault points: ${runs} runs of ${WRITERS.length} writers`);
});

interface Outcome {
  readonly disk: FaultyDisk;
  readonly result: 'ok' | 'killed' | { readonly code: string; readonly message: string };
  readonly content: Uint8Array | null;
  readonly temporary: readonly string[];
  readonly others: Readonly<Record<string, string>>;
}

async function runWith(writer: Writer, at: number, fault: Fault): Promise<Outcome> {
  const folder = makeDiskFolder('fault-points-');
  try {
    for (const [path, bytes] of Object.entries(writer.before)) {
      fs.mkdirSync(dirname(join(folder, path)), { recursive: true });
      fs.writeFileSync(join(folder, path), bytes);
    }
    const disk = faultyDisk(syncDisk, at, fault);
    let result: Outcome['result'];
    try {
      const answer = await writer.run(folder, disk.deps);
      result = answer.ok ? 'ok' : { code: answer.error.code, message: answer.error.message };
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      result = 'killed';
    }
    if (disk.dead()) result = 'killed';
    runs += 1;
    const all = fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const target = join(folder, writer.target);
    return {
      disk,
      result,
      content: fs.existsSync(target) ? fs.readFileSync(target) : null,
      temporary: all.filter((path) => isTemporaryName(path.split('/').at(-1) ?? '')),
      others: Object.fromEntries(
        all
          .filter(
            (path) => path !== target && Object.keys(writer.before).includes(path.slice(folder.length + 1)),
          )
          .map((path) => [path.slice(folder.length + 1), fs.readFileSync(path, 'latin1')]),
      ),
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function check(writer: Writer, at: number, fault: Fault, outcome: Outcome): void {
  const { disk, result, content } = outcome;
  const name = disk.calls[at] ?? 'none';
  const where = `${JSON.stringify(fault)} at call ${at} (${name}) of ${disk.calls.join(' ')}`;
  const [isOld, isNew] = [writer.isOld(content), writer.isNew(content)];
  if (result === 'killed') {
    expect(isOld || isNew || writer.mayTear(content), where).toBe(true);
    return;
  }
  // Only where an answer was lost may the claim of a volume without links, or the end of a journal, stay behind.
  const torn = fault.kind === 'lost' && writer.mayTear(content);
  expect(isOld || isNew || torn, `${where}: a third content`).toBe(true);
  if (result === 'ok') expect(isNew, `${where}: reported success`).toBe(true);
  else {
    expect(result.message, where).toMatch(/^Could not [a-z ]+ "/);
    const code = fault.kind === 'errno' || fault.kind === 'lost' ? fault.code : '';
    const expected = fault.kind === 'lost' && code === 'EINTR' ? LOST_EINTR : CODES[code];
    expect(expected ?? ['no failure was expected'], where).toContain(result.code);
    // A failure before the name changed hands must have left the old content.
    const named = disk.calls.findIndex((made) => made === 'rename' || made === 'link');
    if (isNew && !isOld) expect(at, `${where}: failed with new content`).toBeGreaterThanOrEqual(named);
  }
  expect(disk.open(), `${where}: left open`).toBe(0);
  // A refused or unanswered unlink of the temporary file is the one case in which one may stay.
  if (name !== 'unlink') expect(outcome.temporary, where).toEqual([]);
}

describe.each(WRITERS.map((writer) => [writer.name, writer] as const))('%s', (_, writer) => {
  it('leaves old or new at every call and every fault', async () => {
    const clean = await runWith(writer, Infinity, { kind: 'kill' });
    expect(clean.result).toBe('ok');
    expect(writer.isNew(clean.content)).toBe(true);
    expect(clean.temporary).toEqual([]);
    expect(clean.disk.calls.length).toBeGreaterThan(3);
    for (const fault of FAULTS)
      for (let at = 0; at < clean.disk.calls.length; at++) {
        // write(2) with EINTR has taken nothing: no system loses the answer of one that has.
        if (fault.kind === 'lost' && fault.code === 'EINTR' && clean.disk.calls[at] === 'write') continue;
        const outcome = await runWith(writer, at, fault);
        check(writer, at, fault, outcome);
        for (const [path, text] of Object.entries(outcome.others))
          expect(text, `${path} was not the one to change`).toBe(
            Buffer.from(writer.before[path] ?? []).toString('latin1'),
          );
      }
  });

  it('is not stopped by a signal that interrupts a call', async () => {
    const { disk } = await runWith(writer, Infinity, { kind: 'kill' });
    for (let at = 0; at < disk.calls.length; at++) {
      const outcome = await runWith(writer, at, { kind: 'errno', code: 'EINTR' });
      expect(outcome.result, `EINTR at call ${at} of ${disk.calls.join(' ')}`).toBe('ok');
    }
  });
});

describe('known-bad writers are found out', () => {
  const bad = (name: string, run: (path: string, disk: AsyncDiskCalls) => Promise<void>): Writer => ({
    ...(WRITERS[0] as Writer),
    name,
    run: async (folder, { disk }) => {
      const path = join(folder, 'state/index.json');
      try {
        await run(path, disk ?? asyncDisk);
        return ok(undefined);
      } catch (error) {
        return err(diskError('write', path, error));
      }
    },
  });
  const fill = async (disk: AsyncDiskCalls, fd: number): Promise<void> => {
    for (let done = 0; done < NEW.length;) done += await disk.write(fd, NEW, done, NEW.length - done);
  };
  const flags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_TRUNC;
  const BAD: readonly (readonly [Writer, Fault])[] = [
    [
      bad('trusts one write', async (path, disk) => {
        const fd = await disk.open(`${path}.tmp`, flags, 0o600);
        await disk.write(fd, NEW, 0, NEW.length);
        await disk.close(fd);
        await disk.rename(`${path}.tmp`, path);
      }),
      { kind: 'short' },
    ],
    [
      bad('writes in place', async (path, disk) => {
        const fd = await disk.open(path, flags, 0o600);
        await fill(disk, fd);
        await disk.close(fd);
      }),
      { kind: 'torn' },
    ],
    [
      bad('removes before it renames', async (path, disk) => {
        const fd = await disk.open(`${path}.tmp`, flags, 0o600);
        await fill(disk, fd);
        await disk.close(fd);
        await disk.unlink(path);
        await disk.rename(`${path}.tmp`, path);
      }),
      { kind: 'kill' },
    ],
    [
      bad('swallows the failure', async (path, disk) => {
        const fd = await disk.open(`${path}.tmp`, flags, 0o600);
        try {
          await fill(disk, fd);
          await disk.rename(`${path}.tmp`, path);
        } catch {
          await disk.unlink(`${path}.tmp`);
        }
        await disk.close(fd);
      }),
      { kind: 'errno', code: 'ENOSPC' },
    ],
    [
      bad('forgets to close', async (path, disk) => {
        const fd = await disk.open(`${path}.tmp`, flags, 0o600);
        await fill(disk, fd);
        await disk.close(fd);
        await disk.rename(`${path}.tmp`, path);
      }),
      { kind: 'errno', code: 'EIO' },
    ],
  ];

  it.each(BAD.map(([writer, fault]) => [writer.name, writer, fault] as const))(
    '%s',
    async (_, writer, fault) => {
      const clean = await runWith(writer, Infinity, { kind: 'kill' });
      expect(clean.result).toBe('ok');
      let found = 0;
      for (let at = 0; at < clean.disk.calls.length; at++) {
        const outcome = await runWith(writer, at, fault);
        try {
          check(writer, at, fault, outcome);
        } catch {
          found += 1;
        }
      }
      expect(found).toBeGreaterThan(0);
    },
  );
});
