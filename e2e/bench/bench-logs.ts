import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSeededRandom } from '../../main/testing/seeded-random.ts';

const WORDS = [
  'retry',
  'queue',
  'ledger',
  'deploy',
  'index',
  'shard',
  'token',
  'cache',
  'webhook',
  'schema',
  'failover',
  'build',
  'runner',
  'image',
  'alert',
  'backup',
  'restore',
  'tenant',
  'region',
  'batch',
] as const;

/**
 * Writes session logs of a given size, spread over months as a busy machine leaves them.
 * @param folder absolute; made when missing
 * @param size bytes of each
 */
export function writeBenchLogs(folder: string, count: number, size: number): void {
  const random = createSeededRandom(count);
  for (let at = 0; at < count; at++) {
    const month = `2025-${String(1 + (at % 12)).padStart(2, '0')}`;
    const day = `${month}-${String(1 + (at % 28)).padStart(2, '0')}`;
    mkdirSync(join(folder, month), { recursive: true });
    let text = `# Work on ${random.pick(WORDS)} ${at}\n\n## User\n\n- **User:** Mara Lindqvist (mara)\n\n## Session Summary\n\n`;
    while (text.length < size) text += `${random.pick(WORDS)} `;
    writeFileSync(join(folder, month, `${day}-mara-topic-${at}.md`), text.slice(0, size));
  }
}
