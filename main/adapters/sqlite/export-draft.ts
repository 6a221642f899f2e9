import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { AddedRows } from './shard-rows.ts';
import { writeAll } from './write-all.ts';

/**
 * What an export will say of the machines that are being brought in. Their entries are at hand as text when they are put; to read all of them
 * back from the tables takes longer than everything else that is left to do then.
 */
export interface ExportDraft {
  /** Notes a machine that had no rows before. Call it after the rows' transaction. Never fails: what is not noted is read. */
  add(machine: MachineUuid, generation: string, rows: AddedRows): void;
  /**
   * The entries of a machine in pieces, as {@link add} noted them; null when it did not, or of another generation. A piece stands until the
   * next one is asked for.
   */
  read(machine: MachineUuid, generation: string): Iterable<Uint8Array> | null;
  close(): void;
}

/** Between two entries of an export. */
export const BETWEEN = ',\n';
const PIECE = 256 * 1024;
/** UTF-8 takes at most as many for one unit of a string. */
const BYTES_PER_UNIT = 3;
const COMMA = 0x2c;

interface Noted {
  readonly generation: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Makes an empty draft in a file of its own, that is not held in memory and leaves nothing behind.
 * @param index the index; the draft lies on the same disk
 */
export function createExportDraft(index: string): ExportDraft {
  const machines = new Map<MachineUuid, Noted>();
  const write = textWriter();
  let fd: number | null = null;
  let end = 0;
  // Windows cannot take the name from an open file, and a crash would leave it there.
  let usable = process.platform !== 'win32';
  const close = (): void => {
    const last = fd;
    [fd, end, usable] = [null, 0, false];
    machines.clear();
    if (last !== null) closeSync(last);
  };
  const giveUp = (): void => {
    try {
      close();
    } catch {
      // It held nothing that is not in the index.
    }
  };
  function* pieces({ from, to }: Noted): Generator<Uint8Array> {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, to - from));
    for (let at = from; at < to;) {
      // Its number may be another file's by now.
      if (fd === null) throw new Error('the draft of an export was closed');
      const read = readSync(fd, piece, 0, Math.min(piece.length, to - at), at);
      if (read === 0) throw new Error('the draft of an export ends too soon');
      yield piece.subarray(0, read);
      at += read;
    }
  }
  return {
    add: (machine, generation, rows) => {
      if (!usable || rows.length === 0) return;
      try {
        fd ??= openNameless(dirname(index));
        const text = write(machine, rows);
        writeAll(fd, text, end);
        machines.set(machine, { generation, from: end, to: end + text.length });
        end += text.length;
      } catch {
        // A full disk, most likely. The rows are in the index, and the export will say what it is short of.
        giveUp();
      }
    },
    read: (machine, generation) => {
      const noted = machines.get(machine);
      return noted?.generation === generation ? pieces(noted) : null;
    },
    close,
  };
}

/** Makes the text of a machine's entries, as `mergedIndex` reads it from the tables; it stands until the next is made. */
function textWriter(): (machine: MachineUuid, rows: AddedRows) => Uint8Array {
  // Written piece by piece into one buffer: to join the pieces as strings and turn them into bytes takes four times as long.
  let buffer = Buffer.allocUnsafe(1024 * 1024);
  return (machine, rows) => {
    const before = `${BETWEEN}{"machine":${JSON.stringify(machine)},"path":`;
    let end = 0;
    for (const [path, { from, at }] of rows) {
      const name = JSON.stringify(path);
      const [first, last] = [from.starts[at] as number, from.ends[at] as number];
      const most = end + (before.length + name.length) * BYTES_PER_UNIT + last - first;
      if (most > buffer.length) buffer = Buffer.concat([buffer.subarray(0, end)], most * 2);
      end += buffer.write(before, end);
      end += buffer.write(name, end);
      const brace = end;
      end += from.bytes.copy(buffer, end, first, last);
      // The object has begun already.
      buffer[brace] = COMMA;
    }
    return buffer.subarray(BETWEEN.length, end);
  };
}

function openNameless(folder: string): number {
  const path = join(folder, `.export-draft.${randomBytes(6).toString('hex')}.tmp`);
  const fd = openSync(path, 'wx+', 0o600);
  rmSync(path);
  return fd;
}
