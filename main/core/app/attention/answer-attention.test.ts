import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { err, ok, unwrap } from '../../../../shared/result.ts';
import type { AttentionAnswer, AttentionKind } from '../../../../shared/ipc/status.ts';
import { testUuid } from '../../../testing/sync-world.ts';
import { createRoomWorld, newsOf, openRooms } from '../../../testing/room-world.ts';
import type { IdentityService, SettingsService } from '../app-service.ts';
import { createOperations } from '../operations/operations.ts';
import { createSyncRuns } from '../operations/sync-runs.ts';
import { answerAttention } from './answer-attention.ts';
import { createSecretsService } from '../secrets/secrets-service.ts';
import { concernOfTree } from './concerns.ts';
import { createAttentionList } from './attention-list.ts';

async function world() {
  const room = createRoomWorld();
  const { bus, present, settings } = await openRooms(room);
  const { files, clock, random, logger, git, forge, systemUser } = room.parts;
  const operations = createOperations({ files, clock, random, logger, bus, path: '/state/operations.json' });
  const runs = createSyncRuns({ present, operations, git, forge, systemUser, bus });
  const attention = createAttentionList(clock, bus);
  const asked: string[] = [];
  const change = (what: string) => async (how?: object) => {
    asked.push([what, ...Object.values(how ?? {})].join(' '));
    return room.coreProblem === null ? ok({} as never) : err(room.coreProblem);
  };
  const identity = {
    split: change('split'),
    acceptHostname: change('accept'),
    adopt: change('adopt'),
  } as unknown as IdentityService;
  const settingsService = {
    set: async ({ change: { git } }: Parameters<SettingsService['set']>[0]) => {
      asked.push(`set ${JSON.stringify(git)}`);
      return ok({} as never);
    },
  };
  const taken = { reopen: change('reopen') };
  const plain = {
    leave: async (machine: string) => void asked.push(`leave ${machine}`),
  };
  const parts = { plain, attention, runs: { ...runs }, identity, present, settings, settingsService, taken };
  const done = newsOf(bus, 'operation.done');
  return {
    room,
    parts,
    attention,
    asked,
    answer: async (kind: AttentionKind, answer: AttentionAnswer, subject = 'a.md') => {
      const error = appError('attention', 'x', 'y', { details: { machine: testUuid('a') } });
      attention.replace('test', [{ kind, subject, error, answers: [answer] }]);
      const answered = await answerAttention(parts, { item: `${kind}:${subject}`, answer });
      await operations.settled();
      return answered;
    },
    ask: (item: string, answer: AttentionAnswer) => answerAttention(parts, { item, answer }),
    started: () => done.map(({ kind }) => kind),
  };
}

describe('an answer to what needs a person', () => {
  it.each([
    ['log-shrunk', 'push-as-is', 'push'],
    ['denied', 'retry', 'push'],
    // Only a full sync looks at what lies damaged.
    ['corrupt', 'retry', 'full'],
    ['git-conflict', 'retry', 'git-sync'],
    ['git-state', 'retry', 'git-sync'],
  ] as const)('to %s starts with %s what it asks for', async (kind, answer, operation) => {
    const { answer: give, started } = await world();
    expect(unwrap(await give(kind, answer, kind.startsWith('git') ? '/w' : 'a.md'))?.operation).toMatch(
      /^op-/,
    );
    expect(started()).toEqual([operation]);
  });

  it('leaves a machine in the clear as it is', async () => {
    const { answer, asked } = await world();
    unwrap(await answer('stores-plain', 'leave-plain', 'mara-mbp'));
    expect(asked).toEqual([`leave ${testUuid('a')}`]);
  });

  it('takes the stored log back, and the item is gone when that is done', async () => {
    const { room, attention, answer } = await world();
    room.files.put(`${room.paths.sessionLogs}/a.md`, '# Long\n\nall\n');
    await answer('denied', 'retry');
    room.files.put(`${room.paths.sessionLogs}/a.md`, '# Long');
    await answer('log-shrunk', 'take-remote');
    expect(attention.items.filter(({ kind }) => kind === 'log-shrunk')).toEqual([]);
    expect(room.files.text(`${room.paths.sessionLogs}/a.md`)).toContain('all');
  });

  it('brings every lost log back, and the item is gone when that is done', async () => {
    const { room, attention, answer, started } = await world();
    const logs = ['2026-01-05-hal-a.md', '2026-01-06-hal-b.md'].map(
      (name) => `${room.paths.sessionLogs}/${name}`,
    );
    for (const path of logs) room.files.put(path, `# ${path}\n`);
    await answer('denied', 'retry');
    for (const path of logs) unwrap(await room.files.remove(path));
    await answer('logs-lost', 'restore-all', 'session-logs');
    expect(attention.items.filter(({ kind }) => kind === 'logs-lost')).toEqual([]);
    for (const path of logs) expect(room.files.text(path)).toBe(`# ${path}\n`);
    expect(started()).toEqual(['push', 'restore']);
  });

  it('counts lost logs as deleted when a person says so, and does not bring them back', async () => {
    const { room, answer, started } = await world();
    const log = `${room.paths.sessionLogs}/2026-01-05-hal-a.md`;
    room.files.put(log, '# A\n');
    await answer('denied', 'retry');
    unwrap(await room.files.remove(log));
    await answer('logs-lost', 'forget-lost', 'session-logs');
    expect(started()).toEqual(['push', 'push']);
    await answer('corrupt', 'retry');
    expect(unwrap(await room.files.read(log))).toBeNull();
  });

  it.each([
    ['clone-alarm', 'split-machine', 'split machine'],
    ['second-account', 'own-account', 'split account'],
    ['second-account', 'go-on-as', `adopt ${testUuid('a')}`],
    ['hostname-changed', 'accept-hostname', 'accept'],
    ['identity', 'start-fresh', 'split machine'],
  ] as const)('to %s changes the identity and pushes by it', async (kind, answer, what) => {
    const { asked, attention, started, answer: give } = await world();
    unwrap(await give(kind, answer));
    expect([asked, attention.items, started()]).toEqual([[what], [], ['push']]);
  });

  it('opens the core again for what kept it from opening, and says why that failed', async () => {
    const { room, asked, answer } = await world();
    expect(unwrap(await answer('settings', 'retry'))).toBeNull();
    expect(asked).toEqual(['reopen']);
    room.coreProblem = appError('corrupt', 'Still broken.', 'y');
    expect(await answer('identity', 'retry')).toMatchObject({ error: { message: 'Still broken.' } });
  });

  describe('about logs with secrets', () => {
    const log = '/w/session-logs/a.md';
    /** A workspace with a log that a secret keeps from being committed. */
    async function held() {
      const opened = await world();
      const { room } = opened;
      const { bytes } = room.core().sync;
      room.files.put(log, 'Use TOKEN here.\n');
      room.secrets = {
        ...room.secrets,
        watch: {
          find: async (text) => {
            const at = new TextDecoder().decode(text).indexOf('TOKEN');
            return ok(at === -1 ? [] : [{ start: at, end: at + 5, kind: 'github token', rule: 'format' }]);
          },
          idOf: (value) => bytes.sha256(value).slice(0, 8),
        },
      };
      await opened.parts.present.reopen();
      const id = bytes.sha256(new TextEncoder().encode('TOKEN')).slice(0, 8);
      const secrets = [{ path: 'session-logs/a.md', line: 1, kind: 'github token', id }];
      const details = { cause: 'secrets', tree: '/w', secrets };
      opened.attention.replace('test', [concernOfTree('/w', appError('attention', 'x', 'y', { details }))]);
      const trees: object[] = [];
      const { runs } = opened.parts;
      const git = runs.git.bind(runs);
      runs.git = (request, cause) => {
        trees.push(request);
        return git(request, cause);
      };
      return { ...opened, trees, id };
    }
    it('puts labels into the logs that it names and syncs their workspace', async () => {
      const { room, ask, trees } = await held();
      unwrap(await ask('git-secrets:/w', 'withhold-secrets'));
      expect(room.files.text(log)).toBe('Use [secret: github token, kept on host-a] here.\n');
      expect(unwrap(await room.secrets.kept.of(log))?.values).toMatchObject([{ value: 'TOKEN', at: 4 }]);
      expect(trees).toEqual([{ trees: ['/w'], all: false }]);
    });

    it('commits exactly the logs that it names as they are', async () => {
      const { room, ask, trees } = await held();
      unwrap(await ask('git-secrets:/w', 'commit-secrets'));
      expect(room.files.text(log)).toContain('TOKEN');
      expect(trees).toEqual([{ trees: ['/w'], all: false, withSecrets: [log] }]);
    });

    it('lets the workspace take secrets from then on', async () => {
      const { ask, asked, trees } = await held();
      unwrap(await ask('git-secrets:/w', 'always-commit-secrets'));
      expect([asked, trees]).toEqual([['set {"withSecrets":["/w"]}'], [{ trees: ['/w'], all: false }]]);
    });

    it('leaves them where they are, and does not ask again before something is new', async () => {
      const { ask, attention, trees } = await held();
      unwrap(await ask('git-secrets:/w', 'leave-secrets'));
      expect([attention.items, trees]).toEqual([[], []]);
    });

    it('takes a value for no secret any more and syncs again', async () => {
      const { parts, room, id, trees } = await held();
      const service = createSecretsService(parts);
      expect(await service.allow({ item: 'git-secrets:/w', id: 'ffffffff' })).toMatchObject({ ok: false });
      unwrap(await service.allow({ item: 'git-secrets:/w', id }));
      expect((await room.secrets.notSecrets.digests()).size).toBe(1);
      expect(trees).toHaveLength(1);
      expect(await service.allow({ item: 'gone', id })).toMatchObject({ error: { code: 'usage' } });
    });
  });

  it('is refused when it is none to this, or when the item was settled meanwhile', async () => {
    const { ask, answer, started } = await world();
    await answer('denied', 'dismiss');
    expect(await ask('denied:a.md', 'split-machine')).toMatchObject({ error: { code: 'usage' } });
    expect(await ask('denied:gone', 'retry')).toMatchObject({ error: { code: 'usage' } });
    expect(started()).toEqual([]);
  });
});
