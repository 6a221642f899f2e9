import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { lintLog } from './lint-log.ts';
import { lint } from './lint.ts';
import { SECTIONS } from '../../../shared/domain/log-text/sections.ts';
import { parseUsersRegistry } from '../author/users-registry.ts';
import { whoami } from '../workflows/whoami.ts';

const NAME = '2026-06-05-mike-dns.md';
const BLOCK = '- **User:** Mike Swanson (mike)\n- **Machine:** GURU-KALI\n';
const good = (change: (sections: Map<string, string>) => void = () => undefined): string => {
  const sections = new Map<string, string>(
    SECTIONS.map((name) => [name, name === 'User' ? BLOCK : 'Words.\n']),
  );
  change(sections);
  return `# Session Log\n\n${[...sections].map(([name, body]) => `## ${name}\n\n${body}`).join('\n')}`;
};
const rules = (text: string, path = NAME): readonly string[] =>
  lintLog(text, path, null).findings.map((finding) => `${finding.rule}:${finding.line}`);
const lineOf = (text: string, what: string): number => text.slice(0, text.indexOf(what)).split('\n').length;

describe('lint of one log', () => {
  it('has nothing to say about a complete one, with updates, notes and own sections behind it', () => {
    const text = `${good()}\n## Note for Howard\n\nTODO for you\n`.replace('TODO', 'Work');
    expect(lintLog(`${text}\n## Update: 10:00 PT — x\n\n### Session Summary\n\ny\n`, NAME, null)).toEqual({
      path: NAME,
      score: 100,
      findings: [],
    });
  });

  it('names each missing section, and lets only the problems be absent', () => {
    for (const name of SECTIONS) {
      const expected =
        name === 'User' ? ['block:0'] : name === 'Problems Encountered' ? [] : ['section-missing:0'];
      expect(rules(good((sections) => sections.delete(name)))).toEqual(expected);
    }
  });

  it('finds a section out of order, repeated, empty', () => {
    const swapped = good((sections) => {
      sections.delete('Key Decisions');
      sections.set('Key Decisions', 'Late.\n');
    });
    expect(rules(swapped)).toEqual([`section-order:${lineOf(swapped, '## Key')}`]);
    const twice = `${good()}\n## Key Decisions\n\nAgain.\n`;
    expect(rules(twice)).toEqual([`section-repeated:${twice.split('\n').length - 3}`]);
    const empty = good((sections) => sections.set('Key Decisions', '\n'));
    expect(rules(empty)).toEqual([`section-empty:${lineOf(empty, '## Key')}`]);
  });

  it.each([
    ['_Not recorded._', 'Key Decisions', 'placeholder'],
    ['- TODO write this', 'Key Decisions', 'placeholder'],
    ['TBD', 'Session Summary', 'placeholder'],
    ['<!-- write: decisions -->', 'Key Decisions', null],
    ['[placeholder]', 'Key Decisions', 'placeholder'],
    ['- TODO next week', 'Pending / Incomplete Tasks', null],
    ['`TODO` is a word', 'Key Decisions', 'placeholder'],
    ['The todos are done', 'Key Decisions', null],
    ['password: hun****', 'Credentials & Secrets', 'redacted'],
    ['key: [REDACTED]', 'Credentials & Secrets', 'redacted'],
    ['secret/acme/db in the vault', 'Credentials & Secrets', null],
    ['**** not here', 'Key Decisions', null],
  ] as const)('%j in %s gives %s', (body, section, rule) => {
    const text = good((sections) => sections.set(section, `before\n${body}\n`));
    expect(rules(text)).toEqual(rule === null ? [] : [`${rule}:${lineOf(text, body)}`]);
  });

  it('does not look into code', () => {
    expect(
      rules(good((sections) => sections.set('Commands & Outputs', '```\nTODO\n## User\n```\n'))),
    ).toEqual([]);
  });

  it('checks block, title and fence', () => {
    expect(rules(good((sections) => sections.set('User', '- **User:** mike\n')))).toEqual([
      'block:3',
      'block:3',
    ]);
    expect(rules(good().replace('# Session Log\n', ''))).toEqual(['title:0']);
    expect(rules(`## Before\n\nx\n\n${good()}`)).toEqual(['block:7']);
    expect(rules(good((sections) => sections.set('Reference Information', '```\n')))).toEqual([
      'fence-open:42',
    ]);
  });

  it('checks names', () => {
    for (const [name, bad] of [
      ['2026-06-05-session.md', true],
      ['2026-06-05-session-2.md', true],
      ['notes.md', true],
      ['2026-02-30-mike-x.md', true],
      ['a/b/2026-06-05-mike-x.md', false],
    ] as const)
      expect(rules(good(), name)).toEqual(bad ? ['name:0'] : []);
  });

  it('warns of a name of which only the day is read', () => {
    for (const name of ['2026-06-05.md', 'SESSION_20260605.md', '2026/06/05/evening.md'])
      expect(lintLog(good(), name, null).findings).toMatchObject([{ rule: 'name', severity: 'warning' }]);
  });

  it('points at what was meant as a note and reaches nobody', () => {
    const missed = [
      '## Notes for Howard',
      '# Note for Howard',
      '**Note for Howard**',
      '##Note for Howard',
      '## A message to Howard',
    ];
    for (const heading of missed) {
      const text = `${good()}\n${heading}\n\nPlease look.\n`;
      expect(rules(text)).toEqual([`note:${lineOf(text, heading)}`]);
    }
    const fine = [
      '## 3. **Note for Howard**',
      '## Notes for the next session',
      'A note for Howard is below.',
      '## Release notes',
    ];
    for (const heading of fine) expect(rules(`${good()}\n${heading}\n\nPlease look.\n`)).toEqual([]);
    expect(rules(`${good()}\n\`\`\`\n## Notes for Howard\n\`\`\`\n`)).toEqual([]);
  });

  it('compares the block with users.json', () => {
    const registry = (json: unknown) =>
      unwrap(parseUsersRegistry(new TextEncoder().encode(JSON.stringify(json)), 'users.json'));
    const with_ = (json: unknown): readonly string[] =>
      lintLog(good(), NAME, registry(json)).findings.map((finding) => finding.message);
    expect(with_({ mike: { known_machines: ['guru-kali'] } })).toEqual([]);
    expect(with_({ mike: { known_machines: ['OTHER'] } })).toEqual([expect.stringContaining('GURU-KALI')]);
    expect(with_({ howard: {} })).toEqual([expect.stringContaining('"mike"')]);
  });

  it('holds a daily log to its entries', () => {
    const daily = 'SESSION-LOG-2026-06-05.md';
    expect(
      rules('## 2026-06-05T09:00:00Z - Session Entry\n\n**Session ID:** a\n**Focus:** b\n', daily),
    ).toEqual([]);
    expect(rules('## 2026-06-05T09:00:00Z - Session Entry\n\n**Focus:** b\n', daily)).toEqual(['entry:1']);
    expect(rules('# nothing\n', daily)).toEqual(['entry:0']);
  });

  it('scores 10 an error and 3 a warning, never below 0', () => {
    expect(
      lintLog(
        good((sections) => sections.set('Key Decisions', 'TBD\n')),
        NAME,
        null,
      ).score,
    ).toBe(97);
    expect(lintLog('', NAME, null).score).toBe(100 - 10 - 8 * 10 - 3);
    const worst = lintLog('TODO\n'.repeat(100_000), NAME, null);
    expect([worst.score, worst.findings.length]).toEqual([0, 200]);
  });
});

describe('lint and whoami of a workspace', () => {
  let world: SaveWorld;
  beforeEach(() => {
    world = createSaveWorld();
  });
  afterEach(() => world.end());

  it('checks every log folder, and only what has the name of a log', async () => {
    world.write('session-logs/2026-06/2026-06-05-mike-a.md', good());
    world.write('session-logs/README.md', 'x');
    world.write('clients/acme/session-logs/2026-06-05-session.md', good());
    world.write('docs/2026-06-05-mike-b.md', 'x');
    const all = unwrap(await lint(world.deps.files, join(world.workspace, 'clients'), []));
    expect(all.logs.map((log) => [log.path, log.score])).toEqual([
      ['session-logs/2026-06/2026-06-05-mike-a.md', 100],
      ['clients/acme/session-logs/2026-06-05-session.md', 90],
    ]);
    expect(all).toMatchObject({ errors: 1, warnings: 0, score: 95 });
    expect(all.passedOver).toEqual([{ path: 'session-logs/README.md', why: 'about' }]);
  });

  it('takes logs of other forms in a folder, by name, folder or text, and says what it passed over', async () => {
    world.write('notes/SESSION_20260605.md', good());
    world.write('notes/2026/06/05/evening.md', good());
    world.write(
      'notes/session-001.md',
      good().replace('# Session Log', '# Session Log\n\n**Date:** 2026-06-05'),
    );
    world.write('notes/ideas.md', '# Ideas\n');
    world.write('notes/session-template.md', '# Session\n');
    const { logs, passedOver, score } = unwrap(
      await lint(world.deps.files, world.workspace, [join(world.workspace, 'notes')]),
    );
    expect(logs.map((log) => log.path).sort()).toEqual([
      'notes/2026/06/05/evening.md',
      'notes/SESSION_20260605.md',
      'notes/session-001.md',
    ]);
    expect(score).toBeGreaterThan(0);
    expect(passedOver).toEqual([
      { path: 'notes/ideas.md', why: 'undated' },
      { path: 'notes/session-template.md', why: 'about' },
    ]);
    world.write('readme/README.md', '# Read me\n');
    expect(
      unwrap(await lint(world.deps.files, world.workspace, [join(world.workspace, 'readme')])),
    ).toMatchObject({
      logs: [],
      score: null,
      passedOver: [{ path: 'readme/README.md', why: 'about' }],
    });
  });

  it('checks named files and folders, also what is no text', async () => {
    world.write('docs/notes.md', new Uint8Array([0xff, 0xfe, 0x00]));
    mkdirSync(join(world.workspace, 'session-logs'));
    const named = unwrap(
      await lint(world.deps.files, world.workspace, [
        join(world.workspace, 'docs/notes.md'),
        join(world.workspace, 'session-logs'),
      ]),
    );
    expect(named.logs).toEqual([
      { path: 'docs/notes.md', score: 90, findings: [expect.objectContaining({ rule: 'encoding' })] },
    ]);
    expect(await lint(world.deps.files, world.workspace, [join(world.workspace, 'gone.md')])).toMatchObject({
      error: { code: 'not-found' },
    });
    expect(await lint(world.deps.files, world.home, [])).toMatchObject({ error: { code: 'not-configured' } });
  });

  it('agrees with what save writes, but for what was not recorded', async () => {
    const report = await world.save('Done.', { topic: 'x' });
    const { logs } = unwrap(await lint(world.deps.files, world.workspace, []));
    expect(logs[0]?.findings.map((finding) => finding.rule)).toEqual(
      Array.from({ length: 7 }, () => 'placeholder'),
    );
    expect(logs[0]?.path).toBe(report.path);
  });

  it('whoami prints the block, warns of an unlisted machine, and refuses a foreign identity', async () => {
    const ask = (hostname: string) =>
      whoami(world.deps.files, { ...world.place, hostname }, { cwd: world.workspace, workspace: null });
    const block = '## User\n\n- **User:** Mike Swanson (mike)\n- **Machine:** GURU-KALI\n- **Role:** admin';
    expect(unwrap(await ask('GURU-KALI'))).toMatchObject({
      block,
      user: 'mike',
      warnings: [],
      workspace: world.workspace,
    });
    expect(await ask('ELSEWHERE')).toMatchObject({
      ok: false,
      error: { code: 'attention', details: { block, hostname: 'ELSEWHERE' } },
    });
    world.write('.claude/users.json', JSON.stringify({ mike: { known_machines: ['OTHER'] } }));
    expect(unwrap(await ask('guru-kali.local')).warnings).toEqual([expect.stringContaining('GURU-KALI')]);
  });
});
