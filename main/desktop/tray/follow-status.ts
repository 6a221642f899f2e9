import type { AppService } from '../../core/app/app-service.ts';
import type { AppEvent } from '../../../shared/ipc/contract.ts';
import type { StatusSnapshot } from '../../../shared/ipc/status.ts';
import { NOTHING_LISTED, type TrayLists } from './tray-menu.ts';

const LISTED = 5;
/** Changes come in bursts; the lists are refetched after a burst. Not a poll: it runs only after a change. */
const CALM_MS = 400;

/**
 * Keeps the tray in sync with the core.
 * @param show displays it
 */
export function followStatus(
  app: Pick<AppService, 'status' | 'logs' | 'notes' | 'events'>,
  show: (status: StatusSnapshot, lists: TrayLists) => void,
): void {
  let lists = NOTHING_LISTED;
  let status: StatusSnapshot | null = null;
  let calm: NodeJS.Timeout | null = null;

  async function list(): Promise<void> {
    const [recent, notes] = await Promise.all([
      app.logs.page({ limit: LISTED }),
      app.notes.list({ show: 'unread', limit: LISTED }),
    ]);
    // What cannot be read now keeps its previous value.
    lists = {
      recent: recent.ok ? recent.value.rows : lists.recent,
      notes: notes.ok ? notes.value.notes : lists.notes,
    };
    if (status !== null) show(status, lists);
  }

  function listSoon(): void {
    if (calm !== null) clearTimeout(calm);
    calm = setTimeout(() => void list(), CALM_MS);
  }

  app.events.subscribe((event: AppEvent) => {
    if (event.event === 'status.changed') {
      status = event.payload;
      show(status, lists);
    }
    if (event.event === 'index.changed' || event.event === 'notes.changed') listSoon();
  });
  async function begin(): Promise<void> {
    const first = await app.status.get();
    if (!first.ok) return;
    status ??= first.value;
    show(status, lists);
    listSoon();
  }
  void begin();
}
