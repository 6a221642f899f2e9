import { describe, expect, it } from 'vitest';
import { heldSecretsOf } from '../../../shared/domain/held-secrets.ts';
import { ok } from '../../../shared/result.ts';
import { createMemoryFiles } from '../../testing/memory-files.ts';
import { plantedSecrets } from '../../testing/planted-secrets.ts';
import { createVirtualClock } from '../../testing/virtual-clock.ts';
import type { Forge } from '../ports/forge.ts';
import type { GitSyncRequest } from './git-sync-deps.ts';
import { holdSecrets } from './hold-secrets.ts';
import type { Selection } from './own-paths.ts';
import type { TreeRun } from './tree-run.ts';

const REMOTE = 'git@forge.example:acme/app.git';

/** What is held of a log with a secret, and what the forge was asked. */
async function hold(
  withSecrets: GitSyncRequest['withSecrets'],
  answer: Awaited<ReturnType<Forge['isPublic']>>,
  named = '',
) {
  const files = createMemoryFiles(createVirtualClock());
  files.put('/w/session-logs/a.md', '# Log\n\nUse TOKEN here.\n');
  files.put('/w/session-logs/b.md', '# Log\n');
  if (named !== '') files.put(`/w/${named}`, '# Log\n');
  const asked: string[] = [];
  const isPublic: Forge['isPublic'] = async (url) => {
    asked.push(url);
    return answer;
  };
  const find = async (bytes: Uint8Array) => {
    const at = new TextDecoder().decode(bytes).indexOf('TOKEN');
    return ok(at === -1 ? [] : [{ start: at, end: at + 5, kind: 'github token', rule: 'format' as const }]);
  };
  const run = {
    deps: { files, forge: { isPublic }, secrets: { find, idOf: () => '0123abcd' } },
    request: { withSecrets },
    repo: { tree: '/w', config: new Map([['remote.origin.url', [REMOTE]]]) },
  } as unknown as TreeRun;
  const commit = ['session-logs/a.md', 'session-logs/b.md', ...(named === '' ? [] : [named])];
  const { selection, held } = await holdSecrets(run, { commit, untracked: commit } as unknown as Selection);
  return { asked, held, stay: selection.commit };
}

describe('a log with a secret that is about to be committed', () => {
  it('is left out when the secret is in its name, which nothing repeats', async () => {
    const token = plantedSecrets(3, 1).find(({ kind }) => kind === 'github classic token')?.value ?? '';
    const { held, stay } = await hold(undefined, 'yes', `session-logs/2026-06-05-mike-${token}.md`);
    expect(stay).toEqual(['session-logs/b.md']);
    expect(held?.message).toContain('session-logs/2026-06-05-mike-….md: github token in its name');
    expect(held?.remedy).toMatch(/^Rename a file with a secret in its name\./);
    expect(JSON.stringify(held)).not.toContain(token);
  });

  it('is left out, and named with its line and kind', async () => {
    const { asked, held, stay } = await hold(undefined, 'yes');
    expect([asked, stay]).toEqual([[], ['session-logs/b.md']]);
    expect(heldSecretsOf(held ?? {})).toEqual({
      tree: '/w',
      secrets: [{ path: 'session-logs/a.md', line: 3, kind: 'github token', id: '0123abcd' }],
      open: null,
    });
    expect(held?.message).not.toContain('TOKEN');
  });

  it('is committed when a person says so, and nobody is asked', async () => {
    expect(await hold(true, 'yes')).toMatchObject({ asked: [], held: null });
  });

  it('is left out of a workspace that takes secrets where anyone can read the remote (git.askIfPublic)', async () => {
    const { asked, held, stay } = await hold('unless-public', 'yes');
    expect([asked, stay]).toEqual([['https://forge.example/acme/app.git'], ['session-logs/b.md']]);
    expect(heldSecretsOf(held ?? {})?.open).toBe('https://forge.example/acme/app.git');
    expect(held?.message).toContain('anyone can read https://forge.example/acme/app.git');
  });

  it.each(['no', 'unknown'] as const)('is committed there when the answer is %s', async (answer) => {
    expect(await hold('unless-public', answer)).toMatchObject({ held: null, asked: [expect.any(String)] });
  });
});
