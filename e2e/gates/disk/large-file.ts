import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { crc32c } from '../../../shared/domain/checksum.ts';
import { makeDiskFolder } from '../disk-folder.ts';

/** What {@link measureLarge} saw. */
export interface LargeFileRun {
  readonly size: number;
  readonly streamed: number;
  readonly right: boolean;
  readonly kibibytes: { readonly measure: number; readonly stream: number };
}

/** Lays a file of that size, has a process of its own measure and stream it, and compares the sums. */
export function measureLarge(size: number): LargeFileRun {
  const folder = makeDiskFolder('large-file-');
  try {
    const path = join(folder, 'large.md');
    const fd = fs.openSync(path, 'w');
    const block = Buffer.alloc(1024 * 1024);
    const hash = createHash('sha256');
    let crc = 0;
    for (let at = 0; at < size; at += block.length) {
      const part = block.subarray(0, Math.min(block.length, size - at));
      part.fill((at / block.length) & 0xff);
      for (let done = 0; done < part.length;) done += fs.writeSync(fd, part, done);
      hash.update(part);
      crc = crc32c(part, crc);
    }
    fs.closeSync(fd);
    const child = spawnSync(
      process.execPath,
      [new URL('./measure-child.ts', import.meta.url).pathname, path],
      {
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      },
    );
    if (child.status !== 0) throw new Error(child.stderr);
    const told = JSON.parse(child.stdout) as LargeFileRun & {
      readonly sha256: string;
      readonly crc32c: number;
    };
    return { ...told, right: told.sha256 === hash.digest('hex') && told.crc32c === crc };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
