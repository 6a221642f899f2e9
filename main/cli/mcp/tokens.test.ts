import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { processorTime } from '../../testing/processor-time.ts';
import { LEAST_SHARE, tokensOf } from './tokens.ts';

const TEXTS: Readonly<Record<string, string>> = {
  prose:
    'The retry queue ran over because uploads were tried again without a pause. We bounded it and wrote down what is pending. '.repeat(
      20,
    ),
  markdown:
    '# Payout retries\n\n## Pending / Incomplete Tasks\n\n- [ ] raise the limit to 2,000\n- [x] `npm run bench` on **harbor**\n'.repeat(
      20,
    ),
  code: "const { value } = await readShard(deps, `index/${uuid}/shard.json`, { ifGenerationMatch: '0' });\n".repeat(
    20,
  ),
  hashes: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 '.repeat(20),
  base64: 'aGVsbG8gd29ybGQsIHRoaXMgaXMgYSBsb25nIHRleHQ= '.repeat(20),
  ids: '7f9c24e8-3b12-4fef-91e0-5b7c1d2a3e4f/2026-06-05-ana-payouts.md\n'.repeat(20),
  czech: 'Příliš žluťoučký kůň úpěl ďábelské ódy, a proto se fronta zastavila. '.repeat(20),
  chinese: '上传队列溢出,因为重试之间没有停顿。我们限制了它。'.repeat(20),
  emoji: '✅ 🚀 done 🎉🎉 '.repeat(20),
  'rare words': 'zebrafish line 1500 of a long log, quokka 7, okapi 2026\n'.repeat(20),
  capitals: 'ERR_HTTP2_STREAM_ERROR SESSION_LOG_HOME AWS_SECRET_ACCESS_KEY '.repeat(20),
};

describe('tokensOf', () => {
  it.each(Object.entries(TEXTS))(
    'counts %s as a tokenizer does, or more, but no more than 2.5 times',
    (_, text) => {
      const ratio = tokensOf(text) / encode(text).length;
      expect(ratio).toBeGreaterThan(LEAST_SHARE);
      expect(ratio).toBeLessThan(2.5);
    },
  );

  it('counts a megabyte in a fraction of a second', () => {
    const text = 'word '.repeat(200_000);
    const start = processorTime();
    expect(tokensOf(text)).toBe(200_000);
    expect(processorTime() - start).toBeLessThan(2_000);
  });
});
