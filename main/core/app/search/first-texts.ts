import { formatBytes, formatCount } from '../../../../shared/format/amount.ts';
import { en } from '../../../../shared/i18n/en.ts';
import type { Notice } from '../../../../shared/ipc/payloads.ts';
import { hashOf } from '../../../../shared/ipc/route.ts';
import type { TeamTextSize } from '../../text-packs/team-texts.ts';

/** A page's notice before the first pull of the team's texts: their size, and where to turn it off. */
export function firstTexts({ machines, logs, bytes }: TeamTextSize): Notice {
  const { title, body } = en.search.first;
  return {
    id: 'first-texts',
    tone: 'info',
    title: title(formatBytes(bytes)),
    body: body(formatCount(logs), machines),
    route: hashOf({ view: 'settings', page: 'schedule' }),
  };
}
