import { formatBytes, formatCount } from '../../../../shared/format/amount.ts';
import { en } from '../../../../shared/i18n/en.ts';
import type { Notice } from '../../../../shared/ipc/payloads.ts';
import { hashOf } from '../../../../shared/ipc/route.ts';
import type { TeamTextSize } from '../../text-packs/team-texts.ts';

/** What a page says before the text of the team's logs is pulled for the first time: how much it is, and where it can be turned off. */
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
