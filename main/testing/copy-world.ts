import {
  appendFileSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { appError } from '../../shared/app-error.ts';
import { err, ok, unwrap } from '../../shared/result.ts';
import { createNodeFiles } from '../adapters/disk/node-files.ts';
import { createNodeBytes } from '../adapters/system/node-bytes.ts';
import type { CopyDeps, CopyReport } from '../core/capture/safe-copy.ts';
import { copySession } from '../core/capture/safe-copy.ts';
import type { FoundSession, TranscriptFile, TranscriptSource } from '../core/ports/transcript-source.ts';

/** An agent's folder and the copies of its sessions, on the real disk. */
export interface CopyWorld {
  /** Where the agent keeps its files. */
  readonly root: string;
  /** Of the copy of the one session. */
  readonly folder: string;
  readonly deps: CopyDeps;
  readonly source: Pick<TranscriptSource, 'read' | 'roots' | 'restorePlace'>;
  write(name: string, content: string | Uint8Array): void;
  append(name: string, content: string): void;
  remove(name: string): void;
  bytes(name: string): Buffer;
  /** The session as the agent's folder has it now. */
  session(...names: readonly string[]): Pick<FoundSession, 'root' | 'files'>;
  /** Copies what must succeed. */
  copy(...names: readonly string[]): Promise<CopyReport>;
  end(): void;
}

/** Makes a world with nothing in it. Call `end` after the test. */
export function createCopyWorld(grows: TranscriptFile['grows'] = 'appended'): CopyWorld {
  const base = mkdtempSync(join(tmpdir(), 'session-log-copy-'));
  const [root, folder] = [join(base, 'agent'), join(base, 'home', 'transcripts', 's-1')];
  mkdirSync(root);
  const at = (name: string): string => join(root, name);
  const world: CopyWorld = {
    root,
    folder,
    deps: { files: createNodeFiles(), bytes: createNodeBytes() },
    source: {
      roots: [root],
      restorePlace: (below, name) =>
        name.split('/').includes('..')
          ? err(appError('invalid-input', `${name} leaves the root.`, 'Rename it.'))
          : ok({ how: 'file', path: join(below, name) }),
      async *read(file, offset = 0) {
        try {
          for await (const chunk of createReadStream(file.path, { start: offset })) yield chunk as Uint8Array;
        } catch {
          throw appError('not-found', `${file.path} is gone.`, 'None.');
        }
      },
    },
    write(name, content) {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
    },
    append: (name, content) => appendFileSync(at(name), content),
    remove: (name) => rmSync(at(name)),
    bytes: (name) => readFileSync(at(name)),
    session: (...names) => ({
      root,
      files: names.map((name, index) => {
        const facts = statSync(at(name), { throwIfNoEntry: false });
        return {
          path: at(name),
          name,
          role: index === 0 ? ('main' as const) : ('subagent' as const),
          subagent: null,
          size: facts?.size ?? 0,
          mtimeMs: facts?.mtimeMs ?? 0,
          grows,
        };
      }),
    }),
    copy: async (...names) =>
      unwrap(await copySession(world.deps, world.source, folder, world.session(...names))),
    end: () => rmSync(base, { recursive: true, force: true }),
  };
  return world;
}
