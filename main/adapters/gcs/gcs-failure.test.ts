import { expect, it } from 'vitest';
import { transportFailure, type FailureContext } from './gcs-failure.ts';

const context = { url: 'gs://b', host: 'storage.example', identity: { kind: 'none' } } as FailureContext;

it.each(['unreachable', 'reset', 'stall', 'certificate', 'oversized'] as const)(
  'What happens on the way to a proxy is told of the proxy, in one sentence: %s.',
  (kind) => {
    const { error } = transportFailure(context, { kind, reason: 'E', proxy: 'p:3128' });
    expect(error.message).toMatch(/^The proxy p:3128|.\bthe proxy p:3128/);
    expect(error.message).not.toMatch(/.The proxy/);
    expect(`${error.message} ${error.remedy}`).not.toContain('storage.example');
    if (kind === 'unreachable' || kind === 'reset') expect(error.remedy).toContain('HTTPS_PROXY');
  },
);
