import type { AppError } from '../../../../shared/app-error.ts';
import type { Result } from '../../../../shared/result.ts';
import { refreshWorkspaces, type WorkspaceNotice } from '../../workspaces/refresh-workspaces.ts';
import { refreshLocal } from '../../logs/refresh-local.ts';
import type { DataFolderWatchParts } from './data-folder-watch.ts';
import { concernOfCore } from '../attention/concerns.ts';
import { noteCore } from '../lifecycle.ts';
import type { Wiring } from '../wiring.ts';

/** Logs of workspaces are looked for this often, in milliseconds: nobody tells when other programs write there. */
const WORKSPACES_MS = 5 * 60_000;

/** What follows when files of the data folder have changed. */
export function followChanges(wiring: () => Wiring): DataFolderWatchParts['follow'] {
  const said = { last: '[]', isBroken: false };
  return {
    async logs(ids) {
      const { holder, index, status } = wiring();
      tell(wiring(), said, await holder.use((core) => refreshLocal(core.sync)));
      await index.check(ids);
      await status.look();
    },
    async workspaces() {
      const { holder, index, folder, parts, settingsNow } = wiring();
      tell(wiring(), said, await holder.use((core) => refreshWorkspaces(core.sync)));
      await index.check();
      const { workspaces, vault } = settingsNow.git;
      if (workspaces.length > 0 || vault !== '') folder.at('workspaces', parts.clock.now() + WORKSPACES_MS);
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
      const { parts, settingsNow, lifecycle, attention, bus, holder } = wiring();
      const present = parts.settings.get();
      if (!present.ok) {
        said.isBroken = true;
        // The work goes on with the settings from before; pages and tray say what is wrong with the file.
        attention.replace('core', [
          concernOfCore(present.error, parts.paths.settings, parts.paths.machineId),
        ]);
        return bus.emit({ event: 'settings.changed', payload: settingsNow });
      }
      await lifecycle.settingsChanged(settingsNow, present.value);
      if (!holder.now.ok && said.isBroken) await lifecycle.reopen();
      noteCore(wiring());
      if (said.isBroken) bus.emit({ event: 'settings.changed', payload: present.value });
      said.isBroken = false;
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

/** Writes down what is wrong with workspaces when it is something new. */
function tell(
  { parts }: Wiring,
  said: { last: string },
  notices: Result<readonly WorkspaceNotice[], AppError>,
): void {
  if (!notices.ok) return;
  const words = JSON.stringify(notices.value);
  if (words !== said.last)
    for (const { root, problem } of notices.value) parts.logger.warn('a workspace', { root, problem });
  said.last = words;
}

function sameJson(one: string, other: string): boolean {
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
  } catch {
    return false;
  }
}
