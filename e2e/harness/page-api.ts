import type { Page } from '@playwright/test';

/** An answer as it reaches a page. */
export interface PageAnswer {
  readonly channel: string;
  readonly ok: boolean;
  /** Code of the failure; empty when there was none. `rejected` when the call did not come back as a value. */
  readonly code: string;
}

interface WithApi {
  readonly api: {
    invoke(channel: string, input: unknown): Promise<{ ok: boolean; error?: { code: string } }>;
  };
}

/**
 * Calls channels from inside a page, one after another.
 * @param input JSON text of what is sent; parsed in the page, so that keys like `__proto__` are real ones
 */
export function callAll(page: Page, channels: readonly string[], input: string): Promise<PageAnswer[]> {
  return page.evaluate(
    async ([names, text]) => {
      const answers = [];
      for (const channel of names) {
        try {
          // Before the test's own limit, so that the failure names the channel.
          const late = new Promise<Awaited<ReturnType<WithApi['api']['invoke']>>>((resolve) =>
            setTimeout(() => resolve({ ok: false, error: { code: 'no answer' } }), 30_000),
          );
          const asked = (globalThis as unknown as WithApi).api.invoke(channel, JSON.parse(text));
          const answer = await Promise.race([asked, late]);
          answers.push({ channel, ok: answer.ok, code: answer.error?.code ?? '' });
        } catch {
          answers.push({ channel, ok: false, code: 'rejected' });
        }
      }
      return answers;
    },
    [channels, input] as const,
  );
}
