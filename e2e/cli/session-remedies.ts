import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createSeededRandom } from '../../main/testing/seeded-random.ts';
import { writeClaudeSession } from '../../main/testing/transcripts/write-claude-code.ts';
import { writeSessions } from '../../main/testing/transcripts/written-session.ts';
import type { Box, Row } from './remedy-box.ts';

const SESSION = writeClaudeSession(createSeededRandom(7), '2.1.284');

async function captured(box: Box): Promise<void> {
  writeSessions(join(box.userHome, '.claude'), [SESSION]);
  await box.done('sessions', 'capture', '--all');
}

/** Remedies of agents' sessions. */
export const SESSION_ROWS: readonly Row[] = [
  {
    state: 'a session that is not there',
    bring: (box) => box.run('sessions', 'show', 'zzz'),
    command: /^sessions$/,
  },
  {
    state: 'copies of sessions that stay out of a store in the clear',
    bring: async (box) => {
      await box.push();
      await captured(box);
      return box.run('sync', '--push', '--dry-run');
    },
    command: /^config set capture\.copiesToStore always$/,
    after: async (box) =>
      expect((await box.run('sync', '--push')).out).toContain('Pushed the copies of 1 session'),
  },
  {
    state: 'a copy of a session that is damaged while its agent has the session',
    bring: async (box) => {
      await captured(box);
      const copies = join(box.home, 'transcripts');
      for (const name of readdirSync(copies, { recursive: true, encoding: 'utf8' }))
        if (name.endsWith('.gz')) writeFileSync(join(copies, name), 'bad');
      const [, side = ''] = SESSION.files.keys();
      rmSync(join(box.userHome, '.claude', side));
      return box.run('sessions', 'restore', SESSION.id);
    },
    command: /^sessions capture --all$/,
    after: (box) => box.done('sessions', 'show', SESSION.id),
  },
];
