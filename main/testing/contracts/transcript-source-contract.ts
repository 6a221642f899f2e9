import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdtempSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { isSessionId } from '../../../shared/transcripts/agents.ts';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import { factsOf } from '../../../shared/transcripts/facts-of.ts';
import { foldEvents } from '../../../shared/transcripts/fold-events.ts';
import type {
  FoundSession,
  ParserState,
  TranscriptFile,
  TranscriptSource,
} from '../../core/ports/transcript-source.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { writeSessions, type WrittenSession } from '../transcripts/written-session.ts';
import { readSession } from '../transcripts/read-session.ts';

/** How to make the source of an agent, and its sessions in every version. */
export interface SourceUnderTest {
  readonly versions: readonly string[];
  readonly make: (
    roots: readonly string[],
    answers: (folder: string) => Promise<boolean>,
  ) => TranscriptSource;
  readonly write: (random: SeededRandom, version: string) => WrittenSession;
  /** The agent gives no ids and names no folder: both come from the root, so that under two roots it is two sessions. */
  readonly isNamedByRoot?: true;
  /** Sessions lie in a database: how they get there. They are read as exports. */
  readonly intoDatabase?: (root: string, sessions: readonly WrittenSession[]) => void;
  /** How a session comes back to its agent; as a file unless given, `never` where nothing can bring it. */
  readonly comesBack?: 'import' | 'never';
}

const isAnswering = async (): Promise<boolean> => true;

/** The settled events of a session, read from its files. */
export async function settledEvents(
  source: TranscriptSource,
  session: FoundSession,
): Promise<readonly TranscriptEvent[]> {
  const fold = foldEvents();
  for await (const events of readSession(source, session)) fold.add(events);
  return fold.events();
}

/** All bytes of a file. */
async function bytesOf(source: TranscriptSource, file: TranscriptFile, offset = 0): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source.read(file, offset)) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** The promises of `TranscriptSource`, for the source of every agent over sessions that were made up in every version of its format. */
export function transcriptSourceContract(name: string, sourceUnderTest: SourceUnderTest): void {
  const { versions, make, write, isNamedByRoot = false, intoDatabase, comesBack = 'file' } = sourceUnderTest;
  const place = intoDatabase ?? writeSessions;
  const idBelow = (root: string, { id }: WrittenSession): string =>
    isNamedByRoot ? `${id}-${createHash('sha256').update(root).digest('hex').slice(0, 8)}` : id;
  describe(`transcript source contract: ${name}`, () => {
    let root: string;
    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), 'transcripts-'));
    });
    afterEach(() => rmSync(root, { recursive: true }));

    const world = (version: string, seed = 1) => {
      const written = write(createSeededRandom(seed), version);
      place(root, [written]);
      return { written, source: make([root], isAnswering) };
    };
    const only = async (source: TranscriptSource): Promise<FoundSession> => {
      const { sessions, problems } = await source.find();
      expect(problems).toEqual([]);
      expect(sessions).toHaveLength(1);
      return sessions[0]!;
    };
    const mainOf = (session: FoundSession): TranscriptFile => session.files[0]!;

    describe.each(versions)('version %s', (version) => {
      it('finds the session with all its files, by names alone', async () => {
        const { written, source } = world(version);
        const session = await only(source);
        expect(session).toMatchObject({
          agent: written.agent,
          id: idBelow(root, written),
          root,
          parent: null,
        });
        expect(isSessionId(session.id)).toBe(true);
        expect(mainOf(session)).toMatchObject({ name: written.main, role: 'main' });
        expect(session.files.map((file) => file.name).toSorted()).toEqual(
          [...written.files.keys()].toSorted(),
        );
      });

      it('tells what was asked and done, every prompt once', async () => {
        const { written, source } = world(version);
        const events = await settledEvents(source, await only(source));
        const { truth } = written;
        const prompts = events.flatMap((event) => (event.kind === 'prompt' ? [event.text.text] : []));
        const ended = events.filter((event) => event.kind === 'tool-ended');
        const commands = ended.flatMap((event) => (event.use.does === 'command' ? [event] : []));
        const files = ended.flatMap((event) => (event.use.does === 'change' ? event.use.files : []));
        const commits = events.flatMap((event) => (event.kind === 'commit' ? [event.sha.slice(0, 7)] : []));
        expect(prompts).toEqual(truth.prompts);
        expect(commands.flatMap(({ use }) => (use.does === 'command' ? [use.command.text] : []))).toEqual(
          truth.commands,
        );
        expect(commands.filter(({ outcome }) => outcome === 'failed')).toHaveLength(truth.failedCommands);
        expect(files.map((file) => file.path)).toEqual(truth.changedFiles);
        expect(commits).toEqual(truth.commits);
        // What the client wraps it in for the model is not what a command printed.
        const printed = events.flatMap((event) =>
          event.kind === 'tool-ended' ? (event.output?.text ?? '') : '',
        );
        expect(
          printed.filter((text) => /exit code [0-9]>|^Output: |Wall time|<tool_use_error>/im.test(text)),
        ).toEqual([]);
        expect(events.filter((event) => event.kind === 'unknown')).toEqual([]);
        expect(new Set(events.filter((event) => event.by !== null).map((event) => event.by)).size).toBe(
          truth.subagents,
        );
      });

      it('describes it by its ends as the whole does', async () => {
        const { written, source } = world(version);
        const session = await only(source);
        const facts = unwrap(await source.describe(session));
        const whole = factsOf(source.agent, session.id, await settledEvents(source, session), true);
        expect(facts).toMatchObject({ isUnderstood: true, counts: null, folders: whole.folders });
        expect(facts.folders[0] ?? null).toBe(isNamedByRoot ? root : written.truth.folder);
        expect(facts.titles[0]?.title).toBe(written.truth.title);
        expect([facts.firstAt, facts.lastAt]).toEqual([whole.firstAt, whole.lastAt]);
        expect(whole.counts).toMatchObject({ prompts: written.truth.prompts.length, unknownLines: 0 });
      });

      it('gives the same events however the bytes are cut, and goes on from what it kept', async () => {
        const { source } = world(version);
        const session = await only(source);
        const main = mainOf(session);
        const bytes = await bytesOf(source, main);
        const atOnce = await source.parser(session.id, main);
        const expected = [...atOnce.push(bytes), ...atOnce.end()];
        const random = createSeededRandom(7);
        for (let round = 0; round < 6; round++) {
          let parser = await source.parser(session.id, main);
          const events: TranscriptEvent[] = [];
          let resumes = 12;
          for (let at = 0; at < bytes.length;) {
            const size = 1 + random.below(round < 3 ? 400 : 9_000);
            events.push(...parser.push(bytes.subarray(at, at + size)));
            at += size;
            if (main.grows !== 'appended' || resumes === 0 || random.below(4) > 0) continue;
            resumes -= 1;
            // Kept as text, as a state file keeps it.
            const kept = JSON.parse(JSON.stringify(parser.state())) as ParserState;
            expect(kept.offset).toBeLessThanOrEqual(at);
            parser = await source.parser(session.id, main, kept);
            at = kept.offset;
          }
          events.push(...parser.end());
          expect(events).toEqual(expected);
          expect(parser.state().offset).toBe(bytes.length);
        }
      });

      it('reads whatever a file holds without failing, and says that it does not understand it', async () => {
        const { source } = world(version);
        const session = await only(source);
        const main = mainOf(session);
        const bytes = await bytesOf(source, main);
        const random = createSeededRandom(3);
        for (let round = 0; round < 40; round++) {
          const broken = Buffer.from(bytes);
          for (let hit = 0; hit < 30; hit++) broken[random.below(broken.length)] = random.below(256);
          const parser = await source.parser(session.id, main);
          expect(() => [...parser.push(broken.subarray(random.below(99))), ...parser.end()]).not.toThrow();
        }
        const stranger = await source.parser(session.id, main);
        const events = [...stranger.push(Buffer.from('{"hello":{"type":[]}}\nno json\n')), ...stranger.end()];
        expect(factsOf(source.agent, session.id, events, true)).toMatchObject({ isUnderstood: false });
        expect(events.length).toBeGreaterThan(0);
      });

      it('neither changes a file nor its time', async () => {
        const { written, source } = world(version);
        const session = await only(source);
        const before = session.files.map((file) => statSync(file.path, { bigint: true }));
        unwrap(await source.describe(session));
        await settledEvents(source, session);
        for (const [index, file] of session.files.entries()) {
          const now = statSync(file.path, { bigint: true });
          expect([now.mtimeNs, now.ctimeNs, now.size]).toEqual([
            before[index]!.mtimeNs,
            before[index]!.ctimeNs,
            before[index]!.size,
          ]);
          expect((await bytesOf(source, file)).equals(Buffer.from(written.files.get(file.name)!))).toBe(true);
        }
      });

      it('says where each file belongs, and lets no name out of the root', async () => {
        const { source } = world(version);
        for (const file of (await only(source)).files)
          expect(source.restorePlace(root, file.name)).toMatchObject(
            {
              file: { ok: true, value: { how: 'file', path: `${root}/${file.name}` } },
              import: { ok: true, value: { how: 'import' } },
              never: { ok: false, error: { code: 'invalid-input' } },
            }[comesBack],
          );
        for (const name of ['', '..', '../x', 'a/../../x', '/etc/x', 'a//b', 'C:\\x', 'a\0b', './x'])
          expect(source.restorePlace(root, name)).toMatchObject({
            ok: false,
            error: { code: 'invalid-input' },
          });
      });
    });

    const version = versions[0]!;

    it('says of a session whose file is gone that it is', async () => {
      const { source } = world(version);
      const session = await only(source);
      unlinkSync(mainOf(session).path);
      await expect(bytesOf(source, mainOf(session))).rejects.toMatchObject({ code: 'not-found' });
      expect(await source.describe(session)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    });

    it('passes over a root whose disk does not answer, and one that is not there', async () => {
      const { written } = world(version);
      const source = make(['/dead', root, `${root}/nowhere`], async (folder) => folder !== '/dead');
      const { sessions, problems } = await source.find();
      expect(sessions.map(({ id }) => id)).toEqual([idBelow(root, written)]);
      expect(problems).toEqual([{ path: '/dead', problem: 'the disk does not answer' }]);
    });

    if (intoDatabase !== undefined) return;

    it('reads as much as there is of a file that is cut', async () => {
      const { source } = world(version);
      const session = await only(source);
      const main = mainOf(session);
      truncateSync(main.path, 100);
      expect(await bytesOf(source, main)).toHaveLength(100);
    });

    it('leaves what is added while it reads for the next reading', async () => {
      const { source } = world(version);
      const main = mainOf(await only(source));
      const size = statSync(main.path).size;
      const parts: Uint8Array[] = [];
      for await (const part of source.read(main)) {
        if (parts.length === 0) appendFileSync(main.path, '{"later":1}\n');
        parts.push(Buffer.from(part));
      }
      expect(Buffer.concat(parts)).toHaveLength(size);
      expect((await bytesOf(source, main, size)).toString()).toBe('{"later":1}\n');
    });

    const twice = isNamedByRoot
      ? 'below two roots as two sessions'
      : 'that lies below two roots once, the fuller one';
    it(`gives a session ${twice}`, async () => {
      const { written, source } = world(version);
      const other = mkdtempSync(join(tmpdir(), 'transcripts-'));
      try {
        writeSessions(other, [written]);
        appendFileSync(join(other, written.main), '\n');
        const { sessions, problems } = await make([root, other], isAnswering).find();
        expect(problems).toEqual([]);
        expect(sessions.map((session) => session.root).toSorted()).toEqual(
          (isNamedByRoot ? [root, other] : [other]).toSorted(),
        );
        expect((await only(source)).root).toBe(root);
      } finally {
        rmSync(other, { recursive: true });
      }
    });

    it('sees no session in files with other names', async () => {
      const { written, source } = world(version);
      const folder = join(root, written.main, '..');
      for (const name of [
        'x.jsonl.superseded-1',
        '..jsonl',
        'x.json.tmp',
        'rollout-x.jsonl',
        'session-.json',
      ])
        writeFileSync(join(folder, name), '{}');
      expect((await source.find()).sessions.map(({ id }) => id)).toEqual([idBelow(root, written)]);
    });
  });
}
