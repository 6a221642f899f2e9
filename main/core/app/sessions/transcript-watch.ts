import type { TranscriptSource } from '../../ports/transcript-source.ts';
import type { Files } from '../../ports/files.ts';
import type { Watch, Watcher } from '../../ports/watcher.ts';

/** Watches agents' session folders. */
export interface TranscriptWatch {
  /** Watches exactly these sources' existing roots, except those that hold far more. Does nothing when called with the same ones. */
  follow(files: Files, sources: readonly TranscriptSource[]): Promise<void>;
  stop(): Promise<void>;
}

/** @param touched called when something below a root changes */
export function createTranscriptWatch(watcher: Watcher, touched: () => void): TranscriptWatch {
  let watches: readonly Watch[] = [];
  let followed = '';
  let isStopped = false;
  const close = (): Promise<unknown> => Promise.all(watches.map((watch) => watch.close()));
  return {
    async follow(files, sources) {
      const there: string[] = [];
      const watched = sources.flatMap(({ roots, unwatched = [] }) =>
        roots.filter((root) => !unwatched.includes(root)),
      );
      for (const root of new Set(watched)) {
        const facts = await files.stat(root);
        if (facts.ok && facts.value?.kind === 'folder') there.push(root);
      }
      if (there.join('\n') === followed) return;
      followed = there.join('\n');
      await close();
      watches = await Promise.all(
        there.map((folder) => watcher.watch({ folder, ignore: [], onChange: touched })),
      );
      // An open watch would keep the program alive.
      if (isStopped) await close();
    },
    async stop() {
      isStopped = true;
      await close();
    },
  };
}
