import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeFiles } from '../../../main/adapters/disk/node-files.ts';
import {
  mountSmallDisk,
  PAGE,
  SMALL_DISK_BYTES,
  smallDiskProblem,
  writeAndLook,
  writeNearlyFull,
  type FullDiskRun,
  type SmallDisk,
} from './small-disk.ts';
import { WRITERS, type Writer } from './writers.ts';

/** A real disk of one mebibyte with every free size from nothing to all of it, page by page. */
const FREE = Array.from({ length: SMALL_DISK_BYTES / PAGE + 1 }, (_, pages) => pages * PAGE);

/** As large as needed to meet a full disk at a hundred of those sizes. */
const LARGE = new Uint8Array(400_000).fill(0x6c);
const LARGE_WRITER: Writer = {
  ...WRITERS[0]!,
  name: 'replace a small file by a large one',
  isNew: (content) => content !== null && Buffer.compare(content, LARGE) === 0,
  run: (folder, disk) => createNodeFiles(disk).replace(join(folder, 'state/index.json'), LARGE),
};
const ALL = [...WRITERS, LARGE_WRITER];
const problem = smallDiskProblem();

describe('a disk that is nearly full', () => {
  if (problem !== null) {
    it('cannot be had here', (test) => {
      test.skip(problem);
    });
    return;
  }
  let disk: SmallDisk;
  beforeAll(() => {
    disk = mountSmallDisk();
  });
  afterAll(() => {
    disk.unmount();
  });

  it.each(ALL.map((writer) => [writer.name, writer] as const))('%s', async (_, writer) => {
    let [written, refused] = [0, 0];
    for (const free of FREE) {
      const run = await writeNearlyFull(disk, writer, free);
      expect(run, `${free} bytes free`).toSatisfy(isHonest);
      if (run.result === 'ok') written += 1;
      else refused += 1;
    }
    console.log(`${writer.name}: ${written} written, ${refused} refused, of ${FREE.length} free sizes`);
    expect(written).toBeGreaterThan(0);
    // A rename needs no room; every other writer must have met a full disk too.
    if (!writer.name.startsWith('move')) expect(refused).toBeGreaterThan(0);
    if (writer === LARGE_WRITER) expect(refused).toBeGreaterThan(90);
  });

  it('says what to do', async () => {
    const run = await writeNearlyFull(disk, WRITERS[0]!, 0);
    expect(run.remedy).toContain('Free space on the disk');
  });
});

describe('other ways in which a disk refuses', () => {
  if (problem !== null) {
    it('cannot be had here', (test) => {
      test.skip(problem);
    });
    return;
  }

  it.each(WRITERS.map((writer) => [writer.name, writer] as const))(
    'no file can be added: %s',
    async (_, writer) => {
      const disk = mountSmallDisk('nr_inodes=24');
      try {
        disk.clear();
        for (const [path, bytes] of Object.entries(writer.before)) {
          fs.mkdirSync(join(disk.folder, path, '..'), { recursive: true });
          fs.writeFileSync(join(disk.folder, path), bytes);
        }
        for (let n = 0; ; n++)
          try {
            fs.writeFileSync(join(disk.folder, `inode-${n}`), '');
          } catch {
            break;
          }
        const run = await writeAndLook(disk.folder, writer);
        expect(run).toSatisfy(isHonest);
        if (!/^(?:move|append)/.test(writer.name)) expect(run.result).toBe('disk-full');
      } finally {
        disk.unmount();
      }
    },
  );

  it.each(WRITERS.map((writer) => [writer.name, writer] as const))(
    'it is read-only: %s',
    async (_, writer) => {
      const disk = mountSmallDisk();
      try {
        for (const [path, bytes] of Object.entries(writer.before)) {
          fs.mkdirSync(join(disk.folder, path, '..'), { recursive: true });
          fs.writeFileSync(join(disk.folder, path), bytes);
        }
        disk.remount('ro');
        const run = await writeAndLook(disk.folder, writer);
        expect(run).toMatchObject({ result: 'denied', isOld: true, leftOver: 0 });
        expect(run.remedy).toContain('SESSION_LOG_HOME');
        expect(await createNodeFiles().freeBytes(disk.folder)).toBeGreaterThan(0);
      } finally {
        disk.remount('rw');
        disk.unmount();
      }
    },
  );
});

function isHonest(run: FullDiskRun): boolean {
  const whole = run.isOld || run.isNew;
  const truthful = run.result === 'ok' ? run.isNew : run.result === 'disk-full' && run.isOld;
  return whole && truthful && run.leftOver === 0;
}
