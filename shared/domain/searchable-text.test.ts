import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorTime } from '../../main/testing/processor-time.ts';
import { encodeLog } from './decode-log.ts';
import { SEARCHABLE_BYTES, searchableText, withholdCredentials } from './searchable-text.ts';

const of = (text: string): string | null =>
  searchableText(encodeLog(text, 'utf-8'), text.length)?.text ?? null;

describe('the searchable text of a log', () => {
  it('is the log, with the heading of Credentials & Secrets and without its body, line for line', () => {
    const log = '# Day\nalpha\n## Credentials & Secrets\nhunter2\n### Database\nhunter3\n## Pending\nbeta\n';
    expect(of(log)).toBe('# Day\nalpha\n## Credentials & Secrets\n\n\n\n## Pending\nbeta\n');
  });

  it.each([
    ['in other words', '## 6. Credentials and Secrets:\nhunter2\n'],
    ['underlined', 'Credentials\n-----------\nhunter2\n'],
    ['below a fence that nobody closed', '```\ncode\n## Secrets\nhunter2\n'],
    ['below fences of many kinds that nobody closed', '``````\n`````\n````\n```\n~~~\n## Secrets\nhunter2\n'],
    ['as the last thing, without a line break', '## Credentials & Secrets\nhunter2'],
  ])('has no body of Credentials & Secrets %s', (_, log) => {
    expect(of(log)).not.toContain('hunter2');
  });

  it('never has a word of any body, whatever stands around it, and keeps the number of lines', () => {
    const line = fc.constantFrom('text', '```', '~~~', '# A', '## B', '### C', '', '<!--', '-->', '---');
    fc.assert(
      fc.property(fc.array(line), fc.array(line), (before, after) => {
        const log = [...before, '', '# Credentials & Secrets', 'hunter2', ...after].join('\n');
        const closed = before.filter((text) => text === '```' || text === '~~~').length === 0;
        const text = withholdCredentials(log);
        expect(text.split('\n').length).toBe(log.split('\n').length);
        if (closed && !before.includes('<!--')) expect(text).not.toContain('hunter2');
      }),
    );
  });

  it('has no tokens and no passwords of addresses', () => {
    expect(of('https://mike:hunter2@git.example.net and ghp_0123456789abcdefABCD\n')).toBe(
      'https://***@git.example.net and ***\n',
    );
  });

  it('is read in time that grows with the log, however its words are joined', () => {
    const started = processorTime();
    of('a-'.repeat(SEARCHABLE_BYTES / 2));
    expect(processorTime() - started).toBeLessThan(2_000);
  });

  it('is nothing for binary data', () => {
    expect(searchableText(new Uint8Array([0x89, 0x50, 0, 1, 2]), 5)).toBeNull();
    expect(searchableText(new Uint8Array(1_000).fill(0xfe, 3), 1_000)).toBeNull();
    expect(searchableText(new Uint8Array(1_000).fill(0xc3), 1_000)).toBeNull();
  });

  it('is decoded from UTF-16 as Windows shells write it', () => {
    const bytes = new Uint8Array([0xff, 0xfe, ...encodeLog('Zürich\n', 'utf-16le')]);
    expect(searchableText(bytes, bytes.length)).toEqual({ text: 'Zürich\n', cut: false });
  });

  it('is cut at a line, and says so, where the log is very long', () => {
    const found = searchableText(encodeLog('one\ntwo\nthr', 'utf-8'), 5_000_000);
    expect(found).toEqual({ text: 'one\ntwo\n[Cut here: the log has 5000000 bytes.]\n', cut: true });
  });
});
