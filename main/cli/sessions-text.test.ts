import { expect, it } from 'vitest';
import type { TranscriptEvent } from '../../shared/transcripts/events.ts';
import { conversationText } from './sessions-text.ts';

const place = { file: 'x.jsonl', offset: 0, length: 1 };
const prompt = (key: string): TranscriptEvent => ({
  kind: 'prompt',
  key,
  at: null,
  place,
  by: null,
  via: 'queued',
  text: { text: 'Fix it', length: 6 },
  attachments: 0,
});

it('prints a prompt once that was queued before it was handed over', () => {
  const events: readonly TranscriptEvent[] = [
    prompt('queued/1'),
    {
      kind: 'retracted',
      key: 'r',
      at: null,
      place,
      by: null,
      why: 'redrafted',
      keys: ['queued/1'],
      andAfter: false,
    },
    prompt('uuid'),
  ];
  expect(conversationText(events, 'UTC').trim()).toBe('> Fix it');
});
