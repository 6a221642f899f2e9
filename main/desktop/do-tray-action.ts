import type { Answer } from '../../shared/app-error.ts';
import { hashOf } from '../../shared/ipc/route.ts';
import type { SyncService } from '../core/app/app-service.ts';
import type { StartingAction, TrayAction } from './tray/tray-menu.ts';

/** What the tray's menu can reach. */
export interface TrayReach {
  /** A promise: the menu exists before the core is open. */
  readonly sync: () => Promise<Pick<SyncService, 'push' | 'index' | 'full' | 'git' | 'pause' | 'resume'>>;
  readonly showBrowser: (route?: string) => void;
  readonly togglePanel: () => void;
  readonly quit: () => void;
}

/** Carries out a menu item. A failure to start is explained where it can be repaired: on the sync page. */
export async function doTrayAction(action: TrayAction, reach: TrayReach): Promise<void> {
  if (action.do === 'browse') return reach.showBrowser(action.route);
  if (action.do === 'panel') return reach.togglePanel();
  if (action.do === 'quit') return reach.quit();
  const started = await begin(action, await reach.sync());
  if (!started.ok) reach.showBrowser(hashOf({ view: 'sync' }));
}

function begin(action: StartingAction, sync: Awaited<ReturnType<TrayReach['sync']>>): Answer<unknown> {
  switch (action.do) {
    case 'push':
      return sync.push();
    case 'index':
      return sync.index();
    case 'full':
      return sync.full();
    case 'git':
      return sync.git({});
    case 'resume':
      return sync.resume();
    case 'pause':
      return sync.pause({ for: action.for });
  }
}
