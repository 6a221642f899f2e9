import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { AddedRows } from './shard-rows.ts';
import { writeAll } from './write-all.ts';

/**
 * An export that is begun while machines are still being brought in. Their entries are at hand as text when they are put; to read all of
 * them back from the tables takes longer than everything else that is left to do then.
 */
export interface ExportDraft {
  /** Notes a machine that had no rows before. Call it after the rows' transaction. Never fails: what is not noted is read. */
  add(machine: MachineUuid, generation: string, rows: AddedRows): void;
  /**
   * Gives the file away; whoever takes it closes it and renames or removes it. Afterwards there is no draft any more.
   * @param generations of the machines that there are now
   * @returns null when there is none, or one that says something else of a machine by now
   */
  take(generations: ReadonlyMap<MachineUuid, string>): BegunExport | null;
  close(): void;
}

/** A file that holds the entries of some machines from {@link HEADER_ROOM} on; what is before them is still to be written. */
export interface BegunExport {
  readonly path: string;
  readonly fd: number;
  readonly end: number;
  readonly machines: ReadonlyMap<MachineUuid, string>;
}

/** Between two entries of an export. */
export const BETWEEN = ',\n';
/** Bytes kept free for the first line, which nobody knows before the end: some 500 machines. */
export const HEADER_ROOM = 128 * 1024;

const PREFIX = '.export-draft.';
/** A draft that was not written to for so long was left behind by a process that was killed. */
const ABANDONED_MS = 10 * 60 * 1000;
/** UTF-8 takes at most as many for one unit of a string. */
const BYTES_PER_UNIT = 3;
const COMMA = 0x2c;

/**
 * Makes an empty draft.
 * @param index the index; the draft lies beside it, on the disk of the export too
 */
export function createExportDraft(index: string): ExportDraft {
  const write = textWriter();
  let begun: (BegunExport & { readonly machines: Map<MachineUuid, string> }) | null = null;
  let usable = true;
  const drop = (): void => {
    const last = begun;
    [begun, usable] = [null, false];
    if (last === null) return;
    closeSync(last.fd);
    rmSync(last.path, { force: true });
  };
  const giveUp = (): void => {
    try {
      drop();
    } catch {
      // It held nothing that is not in the index.
    }
  };
  return {
    add: (machine, generation, rows) => {
      if (!usable || rows.length === 0) return;
      try {
        begun ??= { ...openDraft(dirname(index)), end: HEADER_ROOM, machines: new Map() };
        const text = write(machine, rows, begun.machines.size > 0);
        writeAll(begun.fd, text, begun.end);
        begun.machines.set(machine, generation);
        begun = { ...begun, end: begun.end + text.length };
      } catch {
        // A full disk, most likely. The rows are in the index, and the export will say what it is short of.
        giveUp();
      }
    },
    take: (generations) => {
      const last = begun;
      const isTrue =
        last !== null && [...last.machines].every(([machine, at]) => generations.get(machine) === at);
      if (!isTrue) giveUp();
      [begun, usable] = [null, false];
      return isTrue ? last : null;
    },
    close: giveUp,
  };
}

/** Makes the text of a machine's entries, as `entriesOf` reads it from the tables; it stands until the next is made. */
function textWriter(): (machine: MachineUuid, rows: AddedRows, follows: boolean) => Uint8Array {
  // Written piece by piece into one buffer: to join the pieces as strings and turn them into bytes takes four times as long.
  let buffer = Buffer.allocUnsafe(1024 * 1024);
  return (machine, rows, follows) => {
    const before = `${BETWEEN}{"machine":${JSON.stringify(machine)},"path":`;
    let end = 0;
    for (const { path, from, at } of rows) {
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
    return buffer.subarray(follows ? 0 : BETWEEN.length, end);
  };
}

function openDraft(folder: string): { readonly path: string; readonly fd: number } {
  const path = join(folder, `${PREFIX}${randomBytes(6).toString('hex')}.tmp`);
  return { path, fd: openSync(path, 'wx', 0o600) };
}

/**
 * Removes what killed processes left behind, as far as that can be done.
 * @param index the index that the drafts lie beside
 */
export function removeAbandonedDrafts(index: string): void {
  try {
    for (const name of readdirSync(dirname(index))) {
      if (!name.startsWith(PREFIX)) continue;
      const path = join(dirname(index), name);
      const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > ABANDONED_MS) rmSync(path, { force: true });
    }
  } catch {
    // They take up room and do no other harm; the next export tries again.
  }
}
