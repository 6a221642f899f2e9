import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ok, unwrap } from '../../shared/result.ts';
import { createSessionCopies, type SessionCopiesDeps } from '../core/capture/session-copies.ts';
import { noteCopied } from '../core/capture/copied-journal.ts';
import { copySession } from '../core/capture/safe-copy.ts';
import { folderOf, type CopyPlace } from '../core/capture/copy-place.ts';
import type { TranscriptFile, TranscriptSource } from '../core/ports/transcript-source.ts';
import type { CopiesStay, CopiesPushed } from '../core/sync/session-copies.ts';
import { failingCalls, type Blow } from './failing-calls.ts';
import type { TestMachine } from './sync-world.ts';

/** A machine of a test with an agent's sessions and their safe copies. */
export interface CopiesMachine {
  readonly machine: TestMachine;
  readonly deps: SessionCopiesDeps;
  /** Why no copy may leave; they may unless a test says otherwise. */
  why: CopiesStay | null;
  /** Sessions that stay here. */
  stay: (place: CopyPlace) => boolean;
  place(id: string, month?: string): CopyPlace;
  /** The folder of a session's copy. */
  folder(place: CopyPlace): string;
  /** Gives the agent's session this text, and brings its copy up to it. */
  keep(place: CopyPlace, text: string): Promise<void>;
  /** The agent's own file. */
  transcript(place: CopyPlace): string;
  /** Names of the pieces that are on this disk. */
  pieces(place: CopyPlace): readonly string[];
  /** Loses what is on this disk below a path of the data folder. */
  lose(path: string): void;
  push(deps?: SessionCopiesDeps): Promise<CopiesPushed>;
  /** The same with a program that is killed, or met by an error, at the n-th change of disk or store. */
  struck(at: number, blow: Blow): { readonly deps: SessionCopiesDeps; readonly changes: () => number };
}

const CHANGES = new Set(['replace', 'replaceFrom', 'append', 'create', 'remove', 'move', 'put']);

/** Gives a machine an agent. @param project its folder, as the agent names it */
export function withCopies(machine: TestMachine, project = '-p'): CopiesMachine {
  const { files, bytes } = machine.deps;
  const root = join(machine.paths.home, '..', `agent-${machine.deps.self.hostname}`);
  const source: Pick<TranscriptSource, 'read'> = {
    async *read(file, offset = 0) {
      yield new Uint8Array(readFileSync(file.path)).subarray(offset);
    },
  };
  const world: CopiesMachine = {
    machine,
    why: null,
    stay: () => false,
    get deps() {
      const rules = { why: async () => ok(world.why), staying: async () => ok(world.stay) };
      return { ...machine.deps, paths: machine.paths, rules };
    },
    place: (id, month = '2026-03') => ({ agent: 'claude-code', month, id }),
    folder: (place) => folderOf(machine.paths.transcripts, place),
    transcript: ({ id }) => join(root, 'projects', project, `${id}.jsonl`),
    async keep(place, text) {
      const path = world.transcript(place);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      const file: TranscriptFile = {
        path,
        name: `projects/${project}/${place.id}.jsonl`,
        role: 'main',
        subagent: null,
        size: text.length,
        mtimeMs: 0,
        grows: 'appended',
      };
      unwrap(await noteCopied(files, machine.paths.transcripts, place));
      unwrap(await copySession({ files, bytes }, source, world.folder(place), { root, files: [file] }));
    },
    pieces: (place) => readdirSync(world.folder(place)).filter((name) => name.endsWith('.gz')),
    lose: (path) => rmSync(join(machine.paths.home, path), { recursive: true, force: true }),
    async push(deps = world.deps) {
      const { report, problem } = await createSessionCopies(deps).push({}, async () => ok(undefined));
      if (problem !== null) throw new Error(problem.message);
      return report;
    },
    struck(at, blow) {
      const { store } = machine.deps;
      const table = { ...files, put: store.put.bind(store) };
      const { calls, ...failing } = failingCalls(table, at, blow, CHANGES, () => false);
      const { put, ...disk } = calls;
      return {
        deps: { ...world.deps, files: disk, store: { ...store, put } },
        changes: () => failing.changes,
      };
    },
  };
  return world;
}
