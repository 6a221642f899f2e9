import { refreshLocal } from '../logs/refresh-local.ts';
import type { DataFolderWatchParts } from './data-folder-watch.ts';
import type { Wiring } from './wiring.ts';

/** What follows when files of the data folder have changed. */
export function followChanges(wiring: () => Wiring): DataFolderWatchParts['follow'] {
  return {
    async logs(ids) {
      const { holder, index, status } = wiring();
      await holder.use((core) => refreshLocal(core.sync));
      await index.check(ids);
      await status.look();
    },
    async index() {
      if (await wiring().index.check()) await wiring().notes.check();
    },
    notes: () => wiring().notes.check(),
    async hooks() {
      wiring().auto.hooksQueued();
      await wiring().status.look();
    },
    journal: () => wiring().status.look(),
    async settings() {
      const { parts, settingsNow, lifecycle } = wiring();
      const present = parts.settings.get();
      if (present.ok) await lifecycle.settingsChanged(settingsNow, present.value);
    },
    async identity() {
      const { holder, parts, lifecycle } = wiring();
      if (!holder.now.ok) return void (await lifecycle.reopen());
      const bytes = await parts.files.read(parts.paths.machineId);
      const document = new TextDecoder().decode(bytes.ok ? (bytes.value ?? undefined) : undefined);
      const known = JSON.stringify(holder.now.value.sync.self.identity);
      if (bytes.ok && bytes.value !== null && !sameJson(document, known)) await lifecycle.reopen();
    },
  };
}

function sameJson(one: string, other: string): boolean {
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
  } catch {
    return false;
  }
}
